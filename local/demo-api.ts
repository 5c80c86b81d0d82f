import { openAsBlob } from 'node:fs';

export interface DemoVideo {
  id: number;
  title: string;
  state: string;
  reason?: string;
  play_url: string;
}

interface Answer {
  status_code: number;
  status_msg: string;
  user_id: number;
  token: string;
  next_time: number;
  video_list: DemoVideo[];
}

/** What the platform refused, with the code of its answer. */
export class Refusal extends Error {
  readonly code: number;

  constructor(what: string, answer: Answer) {
    super(`${what}: ${answer.status_msg} (status_code ${answer.status_code})`);
    this.name = 'Refusal';
    this.code = answer.status_code;
  }
}

/** The few calls of the public API that bring content into a feed. Tokens and passwords travel in bodies and headers only. */
export const createDemoApi = (baseUrl: string) => {
  const call = async (what: string, path: string, options: RequestInit = {}): Promise<Answer> => {
    const url = new URL(path, baseUrl);
    let response: Response;
    try {
      response = await fetch(url, { ...options, signal: AbortSignal.timeout(60_000) });
    } catch (cause) {
      throw new Error(`${what}: ${url.origin} does not answer; is the platform Ready?`, { cause });
    }
    const text = await response.text();
    const answer = parseAnswer(text);
    if (answer === undefined) throw new Error(`${what}: ${url} answered ${response.status}: ${text.slice(0, 200)}`);
    if (answer.status_code !== 0) throw new Refusal(what, answer);
    return answer;
  };
  const account = (what: string, path: string, username: string, password: string) =>
    call(what, path, { method: 'POST', body: new URLSearchParams({ username, password }) });

  return {
    login: (name: string, password: string) => account('login', '/douyin/user/login/', name, password),
    register: (name: string, password: string) => account('register', '/douyin/user/register/', name, password),
    published: async (token: string, userId: number): Promise<DemoVideo[]> => {
      const headers = { authorization: `Bearer ${token}` };
      return (await call('publish list', `/douyin/publish/list/?user_id=${userId}`, { headers })).video_list;
    },
    feed: (latestTime: number) => call('feed', `/douyin/feed/?latest_time=${latestTime}`),
    publish: async (token: string, file: string, title: string): Promise<void> => {
      const body = new FormData();
      body.append('token', token);
      body.append('title', title);
      body.append('data', await openAsBlob(file, { type: 'video/mp4' }), 'clip.mp4');
      await call(`upload of “${title}”`, '/douyin/publish/action/', { method: 'POST', body });
    },
  };
};

export type DemoApi = ReturnType<typeof createDemoApi>;

function parseAnswer(text: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'status_code' in value ? (value as Answer) : undefined;
  } catch {
    return undefined;
  }
}
