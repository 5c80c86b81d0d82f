import { Agent, request } from 'node:http';

export interface FeedReaders {
  /** What the answers since the last call took, in ms, ascending; and what was no answer. */
  take(): { tookMs: number[]; failures: string[] };
  stop(): Promise<void>;
}

/** Asks for the feed so many times a second, whether the last answer has come or not, by turns as each of these callers. */
export function readFeed(url: string, { perSecond, tokens }: { perSecond: number; tokens: string[] }): FeedReaders {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const pending = new Set<Promise<void>>();
  let tookMs: number[] = [];
  let failures: string[] = [];
  let asked = 0;

  const ask = (token: string) =>
    new Promise<void>((resolve) => {
      const beganMs = performance.now();
      const fail = (reason: string) => {
        failures.push(reason);
        resolve();
      };
      const sent = request(`${url}/douyin/feed/?token=${token}`, { agent }, (response) => {
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
        });
        response.once('end', () => {
          if (response.statusCode !== 200 || size < 1_000) return fail(`${response.statusCode}, ${size} bytes`);
          tookMs.push(performance.now() - beganMs);
          resolve();
        });
      });
      sent.once('error', (error) => fail(error.message));
      sent.end();
    });

  const timer = setInterval(() => {
    const asking = ask(tokens[asked % tokens.length] ?? '').finally(() => pending.delete(asking));
    pending.add(asking);
    asked += 1;
  }, 1000 / perSecond);

  return {
    take: () => {
      const taken = { tookMs: tookMs.toSorted((one, other) => one - other), failures };
      tookMs = [];
      failures = [];
      return taken;
    },
    stop: async () => {
      clearInterval(timer);
      await Promise.all(pending);
      agent.destroy();
    },
  };
}
