import { openAsBlob } from 'node:fs';

export interface Video {
  id: number;
  author: { id: number; name: string; work_count: number; total_favorited: number; favorite_count: number };
  play_url: string;
  cover_url: string;
  favorite_count: number;
  is_favorite: boolean;
  title: string;
  state: string;
  reason?: string;
  width: number;
  height: number;
  duration_ms: number;
}

export interface Answer {
  status_code: number;
  status_msg: string;
  user_id: number;
  token: string;
  next_time: number;
  video_list: Video[];
  user: { id: number; name: string; favorite_count: number; work_count: number; total_favorited: number };
}

export interface Account {
  id: number;
  token: string;
  name: string;
}

/** A client of the official API as an app developer would write it, against the gateway's address. */
export const createApiClient = (baseUrl: string) => {
  const call = async (
    method: string,
    path: string,
    parameters: Record<string, string | number> = {},
  ): Promise<Answer> => {
    const url = new URL(path, baseUrl);
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, String(value));
    const response = await fetch(url, { method, signal: AbortSignal.timeout(20_000) });
    const text = await response.text();
    try {
      return JSON.parse(text) as Answer;
    } catch {
      throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 200)}`);
    }
  };

  return {
    call,
    register: async (name: string, password: string): Promise<Account> => {
      const answer = await call('POST', '/douyin/user/register/', { username: name, password });
      if (answer.status_code !== 0) throw new Error(`register: ${answer.status_msg}`);
      return { id: answer.user_id, token: answer.token, name };
    },
    login: (name: string, password: string) => call('POST', '/douyin/user/login/', { username: name, password }),
    user: (account: Account, userId = account.id) =>
      call('GET', '/douyin/user/', { user_id: userId, token: account.token }),
    feed: (token = '', latestTime = 0) => call('GET', '/douyin/feed/', { token, latest_time: latestTime }),
    published: (account: Account) =>
      call('GET', '/douyin/publish/list/', { user_id: account.id, token: account.token }),
    liked: (account: Account) => call('GET', '/douyin/favorite/list/', { user_id: account.id, token: account.token }),
    like: (token: string, videoId: number) =>
      call('POST', '/douyin/favorite/action/', { token, video_id: videoId, action_type: 1 }),
    unlike: (token: string, videoId: number) =>
      call('POST', '/douyin/favorite/action/', { token, video_id: videoId, action_type: 2 }),
    publish: async (token: string, file: string, title: string): Promise<Answer> => {
      const form = new FormData();
      form.append('data', await openAsBlob(file), 'clip.mp4');
      form.append('token', token);
      form.append('title', title);
      const response = await fetch(new URL('/douyin/publish/action/', baseUrl), {
        method: 'POST',
        body: form,
        signal: AbortSignal.timeout(60_000),
      });
      return (await response.json()) as Answer;
    },
  };
};

export type ApiClient = ReturnType<typeof createApiClient>;
