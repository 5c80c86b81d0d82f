import { setTimeout as pause } from 'node:timers/promises';
import { type DemoApi, type DemoVideo, Refusal } from './demo-api.ts';

export interface DemoUpload {
  api: DemoApi;
  clips: { title: string; file: string }[];
  user: { name: string; password: string };
  say: (line: string) => void;
  /** How long the platform may take to answer at all, and then to process the uploads. */
  answerPatienceMs?: number;
  patienceMs?: number;
  pollMs?: number;
}

/** Uploads the clips whose titles the user has not published, and waits until every one is in the feed. */
export async function bringIntoFeed(upload: DemoUpload): Promise<DemoVideo[]> {
  const { api, clips, user, say } = upload;
  await untilItAnswers(upload);
  const { token, user_id: userId } = await logInOrRegister(api, user);
  const wanted = new Set(clips.map(({ title }) => title));
  const published = async () =>
    newestOfEachTitle((await api.published(token, userId)).filter(({ title }) => wanted.has(title)));

  const present = (await published()).filter(({ state }) => state !== 'failed');
  const old = new Set(present.filter(({ state }) => state === 'ready').map(({ id }) => id));
  for (const { title, file } of clips) {
    if (present.some((video) => video.title === title)) continue;
    say(`uploading “${title}”`);
    await api.publish(token, file, title);
  }
  return untilInFeed(upload, published, old);
}

async function untilItAnswers({ api, answerPatienceMs = 60_000, pollMs = 1000 }: DemoUpload): Promise<void> {
  const deadline = Date.now() + answerPatienceMs;
  for (;;) {
    try {
      return void (await api.feed(0));
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await pause(pollMs);
    }
  }
}

async function logInOrRegister(api: DemoApi, { name, password }: DemoUpload['user']) {
  try {
    return await api.login(name, password);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  try {
    return await api.register(name, password);
  } catch (error) {
    // Refused both ways: the name is there, with a password that is not known here.
    if (!(error instanceof Refusal)) throw error;
    const advice = `if the user ${name} has another password on this platform, set DEMO_PASSWORD to it`;
    throw new Error(`cannot log in as ${name}, nor register it (${error.message}); ${advice}`, { cause: error });
  }
}

/** Videos in `old` were ready before: on a platform in use they may lie deep in the feed, where nobody needs to look. */
async function untilInFeed(upload: DemoUpload, published: () => Promise<DemoVideo[]>, old: Set<number>) {
  const { api, clips, patienceMs = 240_000, pollMs = 1000 } = upload;
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const { videos, inFeed, failure } = await look(api, published);
    const failed = videos.find(({ state }) => state === 'failed');
    if (failed)
      throw new Error(`the platform could not process “${failed.title}”: ${failed.reason || 'it gave no reason'}`);

    const there = videos.filter(({ id, state }) => state === 'ready' && (old.has(id) || inFeed.has(id)));
    if (there.length === clips.length) return there;
    if (Date.now() > deadline) {
      const missing = clips.filter(({ title }) => !there.some((video) => video.title === title));
      const titles = missing.map(({ title }) => `“${title}”`).join(', ');
      const advice = 'look at the log of the transcoder';
      throw new Error(`not in the feed after ${patienceMs / 1000} s: ${titles}; ${advice}`, { cause: failure });
    }
    await pause(pollMs);
  }
}

/** One look at the lists. A platform that is being rolled out may miss one: the next look counts. */
async function look(api: DemoApi, published: () => Promise<DemoVideo[]>) {
  try {
    return { videos: await published(), inFeed: new Set(await newestInFeed(api)) };
  } catch (failure) {
    return { videos: [], inFeed: new Set<number>(), failure };
  }
}

/** A clip that failed once and was uploaded again counts by its last try. */
function newestOfEachTitle(videos: DemoVideo[]): DemoVideo[] {
  const newest = new Map<string, DemoVideo>();
  for (const video of videos) {
    const known = newest.get(video.title);
    if (!known || video.id > known.id) newest.set(video.title, video);
  }
  return [...newest.values()];
}

const pagesRead = 5;

async function newestInFeed(api: DemoApi): Promise<number[]> {
  const ids: number[] = [];
  let latestTime = 0;
  for (let page = 0; page < pagesRead; page++) {
    const { video_list: videos, next_time: nextTime } = await api.feed(latestTime);
    ids.push(...videos.map(({ id }) => id));
    if (nextTime === 0) break;
    latestTime = nextTime;
  }
  return ids;
}
