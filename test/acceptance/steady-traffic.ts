import { Agent, request } from 'node:http';
import type { Account } from './api-client.ts';

interface TrafficOptions {
  url: string;
  accounts: readonly Account[];
  videoIds: readonly number[];
  perSecond: number;
}

export interface Traffic {
  asked: number;
  failures: string[];
  /** Likes that were answered with success, as `user:video`. */
  liked: Set<string>;
  /** Ends it; resolves when every answer is there. */
  stop(): Promise<void>;
}

const timeoutMs = 15_000;

/** Clients that keep their connections: of ten requests five read the feed, two a profile, three like what they had not liked. */
export function startTraffic({ url, accounts, videoIds, perSecond }: TrafficOptions): Traffic {
  const agent = new Agent({ keepAlive: true, maxSockets: 100 });
  const pending = new Set<Promise<void>>();
  let likes = 0;

  const ask = (method: string, path: string, succeeded: () => void = () => undefined) =>
    new Promise<void>((resolve) => {
      const fail = (reason: string) => {
        traffic.failures.push(`${new Date().toISOString()} ${method} ${path.split('?')[0]}: ${reason}`);
        resolve();
      };
      const sent = request(`${url}${path}`, { method, agent, timeout: timeoutMs }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.once('end', () => {
          if (response.statusCode !== 200 || !text.includes('"status_code":0'))
            return fail(`${response.statusCode} ${text.slice(0, 100)}`);
          succeeded();
          resolve();
        });
      });
      sent.once('timeout', () => sent.destroy(new Error('no answer in time')));
      sent.once('error', (error) => fail(error.message));
      sent.end();
    });

  const like = () => {
    const account = accounts[likes % accounts.length];
    const videoId = videoIds[Math.floor(likes / accounts.length) % videoIds.length];
    likes += 1;
    const path = `/douyin/favorite/action/?token=${account?.token}&video_id=${videoId}&action_type=1`;
    return ask('POST', path, () => traffic.liked.add(`${account?.id}:${videoId}`));
  };
  const next = () => {
    const { id, token } = accounts[traffic.asked % accounts.length] ?? { id: 0, token: '' };
    const turn = traffic.asked % 10;
    if (turn < 5) return ask('GET', `/douyin/feed/?token=${token}`);
    return turn < 7 ? ask('GET', `/douyin/user/?user_id=${id}&token=${token}`) : like();
  };

  const timer = setInterval(() => {
    const asking = next().finally(() => pending.delete(asking));
    pending.add(asking);
    traffic.asked += 1;
  }, 1000 / perSecond);

  const traffic: Traffic = {
    asked: 0,
    failures: [],
    liked: new Set(),
    stop: async () => {
      clearInterval(timer);
      await Promise.all(pending);
      agent.destroy();
    },
  };
  return traffic;
}
