import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import OSS from 'ali-oss';
import { freshBuckets, type ObjectStoreSettings } from '../../../test/backends/index.ts';
import { type OssEmulator, startOssEmulator } from '../../../test/backends/oss/server.ts';
import { ossSettings } from '../../../test/backends/oss/settings.ts';
import { eventually } from '../../../test/eventually.ts';
import { ApiError, toApiError } from '../errors.ts';
import { createObjectStore, type ObjectStore } from '../object-store/object-store.ts';

const mebibyte = 1024 ** 2;

let oss: OssEmulator;
before(async () => {
  oss = await startOssEmulator();
});
after(() => oss.stop());

/** A store in which nothing is yet. */
const freshStores: Record<string, () => Promise<ObjectStoreSettings>> = {
  S3: freshBuckets,
  OSS: async () => ossSettings(oss, 'clips'),
};

for (const [protocol, freshStore] of Object.entries(freshStores))
  describe(`object store over ${protocol}`, function () {
    this.timeout(90_000);
    let settings: ObjectStoreSettings;
    let store: ObjectStore;
    before(async () => {
      const existing = await freshStore();
      settings = {
        ...existing,
        OBJECT_STORE_ORIGINALS_BUCKET: `${existing.OBJECT_STORE_PREFIX}-new-originals`,
        OBJECT_STORE_MEDIA_BUCKET: `${existing.OBJECT_STORE_PREFIX}-new-media`,
      };
      store = createObjectStore(settings);
      assert.deepEqual(await store.prepare(), []);
    });
    after(() => store.close());

    const original = (name: string) =>
      ({ bucket: 'originals', path: `${settings.OBJECT_STORE_PREFIX}/${name}` }) as const;
    const media = (name: string) => ({ bucket: 'media', path: `${settings.OBJECT_STORE_PREFIX}/${name}` }) as const;
    const anonymously = (bucket: string, { path }: { path: string }, init?: RequestInit) =>
      fetch(`${settings.OBJECT_STORE_ENDPOINT}/${bucket}/${path}`, init);
    const listed = async (prefix: string) => {
      const paths: string[] = [];
      for await (const { path } of store.list('originals', prefix)) paths.push(path);
      return paths;
    };
    const textOf = async (address: { bucket: 'originals' | 'media'; path: string }) => {
      const object = await store.get(address);
      return object && Buffer.concat(await object.body.toArray()).toString();
    };

    it('prepares buckets that are there already without a change', async () => {
      assert.deepEqual(await store.prepare(), []);
    });

    it('lets anyone read media, with ranges, and nobody originals', async () => {
      await store.put(
        { ...media('a.txt'), contentType: 'text/plain', cacheControl: 'max-age=60' },
        Buffer.from('public'),
      );
      await store.put({ ...original('a.txt'), contentType: 'text/plain' }, Buffer.from('private'));
      const answer = await anonymously(settings.OBJECT_STORE_MEDIA_BUCKET, media('a.txt'), {
        headers: { range: 'bytes=0-2' },
      });
      assert.deepEqual([answer.status, await answer.text()], [206, 'pub']);
      assert.equal(answer.headers.get('cache-control'), 'max-age=60');
      assert.equal(answer.headers.get('content-type'), 'text/plain');
      assert.equal((await anonymously(settings.OBJECT_STORE_ORIGINALS_BUCKET, original('a.txt'))).status, 403);
      const write = { method: 'PUT', body: 'x' };
      assert.equal((await anonymously(settings.OBJECT_STORE_MEDIA_BUCKET, media('b.txt'), write)).status, 403);
    });

    it('gives back what was put, and undefined for what is not there', async () => {
      const address = original('b.bin');
      await store.put({ ...address, contentType: 'video/mp4' }, Readable.from([Buffer.from('ab'), Buffer.from('c')]));
      assert.equal(await textOf(address), 'abc');
      assert.deepEqual(await store.head(address), { bytes: 3, contentType: 'video/mp4' });
      assert.deepEqual(await listed(address.path), [address.path]);
      await store.delete(address);
      await store.delete(address);
      assert.equal(await store.head(address), undefined);
      assert.equal(await store.get(address), undefined);
    });

    it('stores bodies larger than a part, of a length that is not known before', async () => {
      const address = original('large.bin');
      const chunks = function* () {
        for (let index = 0; index < 13; index += 1) yield Buffer.alloc(mebibyte, index);
      };
      await store.put({ ...address, contentType: 'video/mp4' }, Readable.from(chunks()));
      const object = await store.get(address);
      assert.equal(object?.bytes, 13 * mebibyte);
      const bytes = Buffer.concat((await object?.body.toArray()) ?? []);
      assert.deepEqual([bytes[0], bytes[mebibyte], bytes.at(-1)], [0, 1, 12]);
    });

    for (const [size, chunkCount] of [
      ['smaller', 2],
      ['larger', 12],
    ] as const) {
      it(`keeps nothing of a body that fails, ${size} than a part`, async () => {
        const address = original(`failing-${size}.bin`);
        const failing = async function* () {
          for (let index = 0; index < chunkCount; index += 1) yield Buffer.alloc(mebibyte);
          throw new Error('cut off');
        };
        await assert.rejects(store.put({ ...address, contentType: 'video/mp4' }, Readable.from(failing())), /cut off/);
        assert.equal(await store.head(address), undefined);
        assert.equal(await store.abortAbandonedUploads({ olderThanMs: -60_000 }), 0);
      });
    }

    it('aborts uploads that were left behind, but not those that may be going on', async () => {
      const [firstPartSent, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const waiting = async function* () {
        for (let index = 0; index < 8; index += 1) yield Buffer.alloc(mebibyte);
        firstPartSent.resolve(); // so much is asked for only once the first part is stored
        await goOn.promise;
        yield Buffer.alloc(mebibyte);
      };
      const body = Readable.from(waiting(), { highWaterMark: 1 });
      const upload = assert.rejects(store.put({ ...original('left.bin'), contentType: 'video/mp4' }, body));
      await firstPartSent.promise;
      assert.equal(await store.abortAbandonedUploads({ olderThanMs: 3_600_000 }), 0);
      assert.equal(await store.abortAbandonedUploads({ olderThanMs: -60_000 }), 1);
      goOn.resolve();
      await upload;
      assert.equal(await store.abortAbandonedUploads({ olderThanMs: -60_000 }), 0);
    });

    it('lists page after page, and nothing of others', async () => {
      const names = Array.from(
        { length: 1_002 },
        (_, index) => original(`many/${String(index).padStart(4, '0')}`).path,
      );
      for (let from = 0; from < names.length; from += 50)
        await Promise.all(
          names
            .slice(from, from + 50)
            .map((path) => store.put({ bucket: 'originals', path, contentType: 'a/b' }, Buffer.from(path))),
        );
      await store.put({ ...original('many-others'), contentType: 'a/b' }, Buffer.from('x'));
      assert.deepEqual((await listed(`${original('many').path}/`)).sort(), names);
    });

    it('signs links for the public address that open a private object until they expire', async () => {
      const address = original('signed a+b & ü.txt');
      await store.put({ ...address, contentType: 'text/plain' }, Buffer.from('private'));
      const link = await store.signedUrl(address, { expiresInSeconds: 60 });
      assert.ok(link.startsWith(settings.OBJECT_STORE_PUBLIC_ENDPOINT));
      assert.equal(await (await fetch(link)).text(), 'private');
      assert.equal(await (await fetch(link, { headers: { range: 'bytes=3-4' } })).text(), 'va');
      assert.equal((await fetch(link.replace('signed', 'other'))).status, 403);
      assert.equal((await fetch(link, { method: 'PUT', body: 'x' })).status, 403);
      const short = await store.signedUrl(address, { expiresInSeconds: 1 });
      await eventually('the link has expired', async () => (await fetch(short)).status === 403, 5);
      const elsewhere = createObjectStore({ ...settings, OBJECT_STORE_PUBLIC_ENDPOINT: 'http://127.0.0.9:30080' });
      assert.match(
        await elsewhere.signedUrl(address),
        /^http:\/\/127\.0\.0\.9:30080\/[^/]+-originals\/.*x-(amz|oss)-signature=/i,
      );
      const abroad = createObjectStore({ ...settings, OBJECT_STORE_REGION: 'eu-central-1' });
      assert.match(await abroad.signedUrl(address), /x-(amz|oss)-credential=[^&]*%2Feu-central-1%2F(s3|oss)%2F/i);
    });

    it('refuses everything to somebody with a wrong secret', async () => {
      const stranger = createObjectStore({ ...settings, OBJECT_STORE_SECRET_ACCESS_KEY: 'wrong' });
      const address = original('b.txt');
      const refused = (error: Error) => /signature|403/i.test(error.message) && !(error instanceof ApiError);
      await assert.rejects(stranger.put({ ...address, contentType: 'a/b' }, Buffer.from('x')), refused);
      await assert.rejects(stranger.get(address), refused);
      await assert.rejects(stranger.list('originals', 'a')[Symbol.asyncIterator]().next(), refused);
      assert.equal((await fetch(await stranger.signedUrl(address))).status, 403);
      stranger.close();
    });

    it('is unavailable while nobody answers', async () => {
      const away = createObjectStore({ ...settings, OBJECT_STORE_ENDPOINT: 'http://127.0.0.1:1' });
      const unavailable = (error: Error) => toApiError(error).code === 'unavailable';
      await assert.rejects(away.head(original('a.txt')), unavailable);
      away.close();
    });
  });

describe('the emulated OSS', () => {
  it('takes signatures of version 1, in a header and in a link, and no others', async () => {
    const client = (accessKeySecret: string) =>
      new OSS({
        endpoint: oss.endpoint.replace('127.0.0.1', 'localhost'),
        region: `oss-${oss.region}`,
        accessKeyId: oss.accessKeyId,
        accessKeySecret,
        bucket: 'version-one',
        ...{ sldEnable: true },
      });
    const owner = client(oss.accessKeySecret);
    await owner.putBucket('version-one');
    await owner.put('a b.txt', Buffer.from('one'));
    assert.equal(String((await owner.get('a b.txt')).content), 'one');
    assert.equal(await (await fetch(owner.signatureUrl('a b.txt'))).text(), 'one');
    assert.equal((await fetch(client('wrong').signatureUrl('a b.txt'))).status, 403);
    await assert.rejects(client('wrong').get('a b.txt'), /signature/);
  });
});
