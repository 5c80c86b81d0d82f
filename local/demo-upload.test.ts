import assert from 'node:assert/strict';
import { type DemoApi, type DemoVideo, Refusal } from './demo-api.ts';
import { bringIntoFeed } from './demo-upload.ts';

const clips = [
  { title: 'one', file: '/clips/one.mp4' },
  { title: 'two', file: '/clips/two.mp4' },
];
const answer = { status_code: 0, status_msg: '', user_id: 7, token: 'a-token', next_time: 0, video_list: [] };
const refuse = (code: number) => async (): Promise<never> => {
  throw new Refusal('call', { ...answer, status_code: code, status_msg: 'no' });
};

/** A platform that makes an upload ready after it was asked for `asksUntilReady` times. */
function buildPlatform({ asksUntilReady = 2, videos = [] as DemoVideo[] } = {}) {
  const uploads: string[] = [];
  let asks = 0;
  const api: DemoApi = {
    login: async () => answer,
    register: async () => answer,
    published: async () => {
      const ready = ++asks > asksUntilReady;
      return videos.map((video) => (ready && video.state === 'processing' ? { ...video, state: 'ready' } : video));
    },
    feed: async () => ({ ...answer, video_list: await api.published('', 7) }),
    publish: async (_token, _file, title) => {
      uploads.push(title);
      videos.unshift({ id: 100 + uploads.length, title, state: 'processing', play_url: `http://media/${title}` });
    },
  };
  return { api, uploads };
}

const run = (api: DemoApi) =>
  bringIntoFeed({
    api,
    clips,
    user: { name: 'demo', password: 'x' },
    say: () => undefined,
    pollMs: 1,
    answerPatienceMs: 100,
    patienceMs: 200,
  });

describe('demo content', () => {
  it('uploads every clip to an empty platform and waits until they are in the feed', async () => {
    const { api, uploads } = buildPlatform();
    const videos = await run(api);
    assert.deepEqual(uploads, ['one', 'two']);
    assert.deepEqual(
      videos.map(({ state }) => state),
      ['ready', 'ready'],
    );
  });

  it('uploads nothing the second time', async () => {
    const { api, uploads } = buildPlatform();
    await run(api);
    await run(api);
    assert.deepEqual(uploads, ['one', 'two']);
  });

  it('uploads a clip again that failed before, and counts its last try', async () => {
    const failed = { id: 3, title: 'one', state: 'failed', reason: 'out of disk', play_url: '' };
    const { api, uploads } = buildPlatform({ videos: [failed] });
    const videos = await run(api);
    assert.deepEqual(uploads, ['one', 'two']);
    assert.equal(videos.length, 2);
  });

  it('is content with ready videos that other uploads have pushed out of the newest pages', async () => {
    const old = clips.map(({ title }, index) => ({ id: index + 1, title, state: 'ready', play_url: 'http://media/x' }));
    const { api, uploads } = buildPlatform({ videos: old });
    const videos = await run({ ...api, feed: async () => answer });
    assert.deepEqual(uploads, []);
    assert.equal(videos.length, 2);
  });

  it('waits for a platform that has just started', async () => {
    const { api } = buildPlatform();
    let asks = 0;
    const starting: DemoApi = { ...api, feed: (time) => (++asks < 5 ? refuse(50300)() : api.feed(time)) };
    assert.equal((await run(starting)).length, 2);
  });

  it('does not mind an answer that fails while it waits', async () => {
    const { api } = buildPlatform();
    let asks = 0;
    const shaky: DemoApi = { ...api, feed: (time) => (++asks % 2 === 0 ? refuse(50300)() : api.feed(time)) };
    assert.equal((await run(shaky)).length, 2);
  });

  it('says so when the platform never answers', async () => {
    const { api } = buildPlatform();
    await assert.rejects(run({ ...api, feed: refuse(50300) }), /status_code 50300/);
  });

  it('registers the user where it is not known', async () => {
    const { api } = buildPlatform();
    assert.equal((await run({ ...api, login: refuse(40102) })).length, 2);
  });

  it('says what to do when the user has another password', async () => {
    const { api } = buildPlatform();
    await assert.rejects(run({ ...api, login: refuse(40102), register: refuse(40901) }), /set DEMO_PASSWORD/);
  });

  it('stops with the reason when the platform cannot process a clip', async () => {
    const { api } = buildPlatform();
    const failing: DemoApi = {
      ...api,
      published: async () =>
        (await api.published('', 7)).map((video) => ({ ...video, state: 'failed', reason: 'no decoder' })),
    };
    await assert.rejects(run(failing), /could not process “(one|two)”: no decoder/);
  });

  it('gives up in time and names what is missing', async () => {
    const { api } = buildPlatform({ asksUntilReady: Number.POSITIVE_INFINITY });
    await assert.rejects(run(api), /not in the feed after 0.2 s: “one”, “two”/);
  });
});
