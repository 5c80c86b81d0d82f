import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const services = fileURLToPath(new URL('../../', import.meta.url));

describe('the way to ffmpeg', () => {
  it('is the only one: two files run programs, and both run the launcher', () => {
    const sources = readdirSync(services, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !/(^|\/)test\//.test(file),
    );
    const starters = sources.filter((file) =>
      /^import (?!type ).*from '(node:child_process|fluent-ffmpeg)'|import\('(node:child_process|fluent-ffmpeg)'\)/m.test(
        readFileSync(join(services, file), 'utf8'),
      ),
    );
    assert.deepEqual(starters.toSorted(), ['transcoder/ffmpeg/run-ffmpeg.ts', 'transcoder/ffmpeg/run-ffprobe.ts']);
    for (const file of starters) assert.match(readFileSync(join(services, file), 'utf8'), /launcher/);
  });
});
