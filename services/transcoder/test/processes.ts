import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../../test/backends/child-server.ts';
import { freshBuckets, freshDatabase, freshRedisPrefix, freshTopicPrefix } from '../../../test/backends/index.ts';
import { settingsOf } from '../../shared/settings.ts';
import { createTokens } from '../../shared/tokens.ts';

const signingKeys = JSON.stringify([{ kid: 'test', secret: 's'.repeat(32) }]);

/** A process of the platform that runs beside the test. */
export interface Process {
  child: ChildProcess;
  port: number;
  log(): string;
  /** Ends with the signal; resolves when it has ended. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Backends of their own for the processes of one test file. */
export async function startPlatform() {
  const backends = {
    ...(await freshDatabase()),
    ...(await freshRedisPrefix()),
    ...(await freshTopicPrefix()),
    ...(await freshBuckets()),
  };
  const common = {
    ...backends,
    LOG_LEVEL: 'info',
    AUTH_SIGNING_KEYS: signingKeys,
    HTTP_TRUSTED_CIDRS: 'none',
    LIMIT_EXEMPT_CIDRS: '127.0.0.0/8',
    LIMIT_USER_UPLOADS_PER_DAY: 100,
    LIMIT_USER_UPLOAD_MEGABYTES_PER_DAY: 10_000,
    LIMIT_USER_CONCURRENT_UPLOADS: 5,
    LIMIT_IP_UPLOADS_PER_MINUTE: 100,
    UPLOAD_MAX_BYTES: 64 * 1024 ** 2,
    TRANSCODE_MAX_DURATION_SECONDS: 60,
    TRANSCODE_MAX_PIXELS: 9_000_000,
    FEED_CACHE_SIZE: 100,
  };
  const processes: Process[] = [];

  const start = async (component: 'publish' | 'transcoder'): Promise<Process> => {
    const values: Record<string, unknown> = { ...common, HTTP_PORT: await freePort(), HEALTH_PORT: await freePort() };
    const settings = settingsOf[component].map((name) => [name, String(values[name])]);
    const main = fileURLToPath(new URL(`../../${component}/main.ts`, import.meta.url));
    const child = spawn(process.execPath, [main], {
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', ...Object.fromEntries(settings) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let log = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    const ended = once(child, 'exit');
    const started: Process = {
      child,
      port: Number(values.HTTP_PORT),
      log: () => log,
      end: async (signal) => {
        child.kill(signal);
        await ended;
      },
    };
    processes.push(started);
    await untilReady(`http://127.0.0.1:${values.HEALTH_PORT}/readyz`, started);
    return started;
  };

  return {
    settings: backends,
    tokens: createTokens({ keys: signingKeys }),
    start,
    stop: async () => {
      for (const { child, end } of processes)
        if (child.exitCode === null && child.signalCode === null) await end('SIGKILL');
    },
  };
}

async function untilReady(url: string, { child, log }: Process): Promise<void> {
  for (;;) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    if (child.exitCode !== null) throw new Error(`a process ended while it started:\n${log()}`);
    await pause(100);
  }
}

/** Whether a process has ffmpeg at work. */
export const isEncoding = ({ child }: Process): boolean => {
  try {
    const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ');
    return children.some((pid) => pid !== '' && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('libx264'));
  } catch {
    return false; // one of them has just ended
  }
};
