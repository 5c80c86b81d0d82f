import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual, promisify } from 'node:util';
import { connectDatabase, type Knex } from '../../services/shared/mysql/database.ts';
import { eventually } from '../eventually.ts';
import { type PlatformUnderTest, startPlatform } from '../platform/index.ts';
import { type ApiClient, type Caller, createApiClient } from './client.ts';
import { fillLibrary, type Library } from './library.ts';
import type { Video } from './wire.ts';

/** Lists end here when a request names no limit; small, so that tests get to the end of a page. */
export const listDefault = 12;

/** What the areas of the suite test: one platform, which all of them and both rounds share. */
export interface ApiUnderTest {
  readonly client: ApiClient;
  readonly platform: PlatformUnderTest;
  /** The rows, for what an answer cannot show. */
  readonly db: Knex;
  /** Users and ready videos that were there before the first request. */
  readonly library: Library;
  /** Everything that must never be seen in a log. */
  readonly secrets: Set<string>;
  register(name?: string, password?: string): Promise<Caller>;
  /** A short real video file. */
  clip(): Promise<Blob>;
  /** Publishes the clip and waits until everybody can see it. */
  publishReady(author: Caller, title: string): Promise<Video>;
}

const run = promisify(execFile);

/** A name that no other round took. */
export const newName = (start: string): string => `${start}-${randomBytes(5).toString('hex')}`;

/** Registers hooks that start a platform before the tests of the enclosing suite and stop it after them. */
export function apiUnderTest(redis: 'single' | 'cluster'): ApiUnderTest {
  let platform: PlatformUnderTest;
  let client: ApiClient;
  let db: Knex;
  let library: Library;
  let folder: string;
  const secrets = new Set<string>();

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tiktok-lite-clips-'));
    platform = await startPlatform({
      redis,
      replicas: { auth: 2, user: 2, video: 2 },
      spec: { lists: { default: listDefault } },
      prepare: async (settings) => {
        db = connectDatabase(settings);
        library = await fillLibrary(db);
      },
    });
    client = createApiClient(platform.url);
    await makeClip(join(folder, 'clip.mp4'));
  });
  after(async () => {
    await db?.destroy();
    await rm(folder, { recursive: true, force: true });
    await platform?.stop();
  });

  const register = async (name = newName('user'), password = newName('password')): Promise<Caller> => {
    const { user_id, token } = await client.succeed('register', { username: name, password });
    for (const secret of [password, token]) secrets.add(secret);
    return { id: user_id, name, token };
  };
  const clip = () => openAsBlob(join(folder, 'clip.mp4'), { type: 'video/mp4' });
  const publishReady = async (author: Caller, title: string): Promise<Video> => {
    const { status_code, status_msg } = await client.publish([
      ['token', author.token],
      ['title', title],
      ['data', await clip()],
    ]);
    if (status_code !== 0) throw new Error(`the clip was refused: ${status_msg}`);
    return eventually('the video to be ready', async () => {
      const { video_list } = await client.succeed('publishList', { user_id: author.id });
      return video_list.find((video) => video.title === title);
    });
  };
  return {
    get client() {
      return client;
    },
    get platform() {
      return platform;
    },
    get db() {
      return db;
    },
    get library() {
      return library;
    },
    ...{ secrets, register, clip, publishReady },
  };
}

/** Makes a second of moving picture with sound: an MP4 of a few kilobytes. */
const makeClip = (file: string): Promise<unknown> =>
  run('ffmpeg', [
    ...['-nostdin', '-loglevel', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=size=160x120:rate=15:duration=1'],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:duration=1', '-c:v', 'libx264', '-preset', 'ultrafast'],
    ...['-pix_fmt', 'yuv420p', '-c:a', 'aac', '-shortest', file],
  ]);

/** What others did may be seen a second later, by every process for itself; what one did oneself may not. */
const latenessMs = 2_000;

/** Reads until the expected is there, for what a caller sees of others. */
export async function shortly<Value>(expected: Value, read: () => Promise<Value>): Promise<void> {
  const deadline = performance.now() + latenessMs;
  for (;;) {
    const found = await read();
    if (isDeepStrictEqual(found, expected)) return;
    if (performance.now() > deadline) assert.deepEqual(found, expected);
    await pause(50);
  }
}
