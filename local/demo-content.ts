// Brings demo videos into the feed of a platform through its public API; what is there already is left alone.
//
//   node local/demo-content.ts URL            makes the clips, uploads what is missing, waits until all are in the feed
//   node local/demo-content.ts --clips-only   makes the clips, so that a later run has them
//
// DEMO_PASSWORD is the password of the user `demo`; without it one is generated, kept in the cache and never printed.
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from './cache-directory.ts';
import { createDemoApi } from './demo-api.ts';
import { clipFile, demoClips } from './demo-clips.ts';
import { bringIntoFeed } from './demo-upload.ts';

const folder = join(cacheDirectory(), 'demo');

async function main(argument: string | undefined): Promise<void> {
  const clips: { title: string; file: string }[] = [];
  for (const clip of demoClips) clips.push({ title: clip.title, file: await clipFile(clip, folder) });
  if (argument === '--clips-only') return;

  const videos = await bringIntoFeed({
    api: createDemoApi(baseUrlOf(argument)),
    clips,
    user: { name: 'demo', password: process.env.DEMO_PASSWORD || keptPassword() },
    say: console.log,
  });
  for (const { title, play_url } of videos) console.log(`${title}  ${play_url}`);
}

function baseUrlOf(argument: string | undefined): string {
  if (argument && URL.canParse(argument)) return argument;
  throw new Error('name the address of the gateway, such as: node local/demo-content.ts http://127.0.0.1:30080');
}

function keptPassword(): string {
  const file = join(folder, 'password');
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, randomBytes(12).toString('base64url'), { mode: 0o600 });
    chmodSync(file, 0o600);
  }
  return readFileSync(file, 'utf8').trim();
}

try {
  await main(process.argv[2]);
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
