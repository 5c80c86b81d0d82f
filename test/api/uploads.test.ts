import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connectDatabase, type Knex } from '../../services/shared/mysql/database.ts';
import { createObjectStore, type ObjectStore } from '../../services/shared/object-store/object-store.ts';
import { type PlatformUnderTest, startPlatform } from '../platform/index.ts';
import { watchProcesses } from './resident-memory.ts';
import { sendUpload, type UploadOptions } from './send-upload.ts';

const mebibyte = 1024 ** 2;
const limitBytes = 128 * mebibyte;
const authorId = 4_711;
/** Here everything that a refused upload had must be gone. */
const cleanWithinMs = 5_000;

describe('an upload through the gateway', function () {
  this.timeout(120_000);

  let platform: PlatformUnderTest;
  let db: Knex;
  let store: ObjectStore;
  let token: string;
  before(async () => {
    platform = await startPlatform({
      replicas: { auth: 0, user: 0, video: 0, 'like-writer': 0, transcoder: 0 },
      spec: { limits: { uploadMegabytes: limitBytes / mebibyte } },
    });
    db = connectDatabase(platform.settings);
    store = createObjectStore(platform.settings);
    await db('user').insert({ id: authorId, username: 'author', name: 'author', created_at: 1 });
    token = platform.tokens.issue(authorId);
    await send({ bytes: 6 * mebibyte }); // what is loaded at the first use is no upload's
  });
  after(async () => {
    store?.close();
    await db?.destroy();
    await platform?.stop();
  });

  const send = (options: Partial<UploadOptions> & { bytes: number }) =>
    sendUpload({ url: platform.url, before: { token }, ...options });

  const originals = async (): Promise<string[]> => {
    const paths: string[] = [];
    for await (const { path } of store.list('originals', platform.settings.OBJECT_STORE_PREFIX)) paths.push(path);
    return paths;
  };
  /** Everything that an upload can leave. */
  const traces = async () => ({
    videos: (await db('video')).length,
    uploads: (await db('upload')).length,
    events: (await db('outbox')).length,
    objects: await originals(),
    parts: await store.abortAbandonedUploads({ olderThanMs: -60_000 }),
    gatewayFiles: temporaryFiles(),
  });
  const temporaryFiles = () => readdirSync(join(platform.logs, 'gateway', 'client_body'), { recursive: true });
  const staysFlat = async (act: () => Promise<void>) => {
    const watch = watchProcesses([platform.pidOf('gateway'), platform.pidOf('publish')]);
    await act();
    await watch.stop();
    const grown = watch.grownBytes() / mebibyte;
    assert.ok(watch.samples() >= 3, `looked ${watch.samples()} times`);
    assert.ok(grown < 48, `memory grew by ${grown.toFixed(1)} MiB`);
    assert.deepEqual(
      watch.openedFiles().filter((file) => !isProgram(file)),
      [],
    );
    assert.ok(watch.writtenBytes() < mebibyte, `${watch.writtenBytes()} bytes were written to disk`);
    assert.deepEqual(temporaryFiles(), []);
  };
  /** Sources and libraries that a process keeps open. */
  const isProgram = (file: string) => file.includes('/node_modules/') || file.endsWith('nginx.conf');

  it('of exactly the largest size passes, without growing memory and without a file on the way', () =>
    staysFlat(async () => {
      assert.deepEqual(await send({ bytes: limitBytes }), { http: 200, status_code: 0 });
    }));

  it('of exactly the largest size passes when its length is not declared', () =>
    staysFlat(async () => {
      assert.deepEqual(await send({ bytes: limitBytes, chunked: true }), { http: 200, status_code: 0 });
    }));

  describe('that is refused', () => {
    let atFirst: Awaited<ReturnType<typeof traces>>;
    before(async () => {
      atFirst = await traces();
    });

    for (const [what, chunked] of [
      ['of a declared length', false],
      ['of no declared length', true],
    ] as const)
      it(`because it has one byte more, ${what}, is told so with 413`, () =>
        staysFlat(async () => {
          assert.deepEqual(await send({ bytes: limitBytes + 1, chunked }), { http: 413, status_code: 41301 });
        }));

    it('because it is far larger is told so with 413 by the gateway', async () => {
      assert.deepEqual(await send({ bytes: 2 * limitBytes }), { http: 413, status_code: 41301 });
    });

    const unauthenticated: Record<string, Partial<UploadOptions>> = {
      'without a token': { before: {} },
      'with a wrong token before the file': { before: { token: 'wrong' } },
      'with a wrong token after the file': { before: {}, after: { token: 'wrong' } },
    };
    for (const [what, options] of Object.entries(unauthenticated))
      it(`because it comes ${what} is told so`, async () => {
        assert.deepEqual(await send({ bytes: 24 * mebibyte, ...options }), { http: 200, status_code: 40101 });
      });

    for (const share of [0.01, 0.6, 0.99])
      it(`by its client, who cuts it off after ${share * 100} %, ends`, async () => {
        const bytes = 24 * mebibyte;
        assert.equal(await send({ bytes, cutAfterBytes: Math.floor(bytes * share) }), undefined);
      });

    it('leaves nothing 5 s later: no row, no object, no part of one, no file [4, 16]', async () => {
      await pause(cleanWithinMs);
      assert.deepEqual(await traces(), atFirst);
    });
  });
});
