import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type ComponentName, settingsOf } from './settings.ts';

const services = new URL('../', import.meta.url);
const definitions = new URL('settings.ts', import.meta.url).href;

/** Where a component begins; the others begin in the folder of their name. */
const entries: Partial<Record<ComponentName, string[]>> = {
  ffmpeg: ['transcoder/ffmpeg/main.ts'],
  maintenance: ['maintenance/verify-counters.ts', 'maintenance/replay-dead-letters.ts'],
};

/** The sources of what begins in a file, all that it imports included, but not the table of settings. */
function sourcesFrom(file: URL, known = new Map<string, string>()): Map<string, string> {
  if (known.has(file.href) || file.href === definitions) return known;
  const source = readFileSync(file, 'utf8');
  known.set(file.href, source);
  for (const [, path = ''] of source.matchAll(/(?:from|import\() ?'(\.[^']+)'/g))
    sourcesFrom(new URL(path, file), known);
  return known;
}

describe('a setting', () => {
  for (const [component, names] of Object.entries(settingsOf)) {
    it(`that ${component} is told is read there`, () => {
      const files = entries[component as ComponentName] ?? [`${component}/main.ts`];
      const code = files.map((file) => [...sourcesFrom(new URL(file, services)).values()].join('\n')).join('\n');
      for (const name of names) assert.match(code, new RegExp(`\\b${name}\\b`), `${component} reads ${name}`);
    });
  }
});
