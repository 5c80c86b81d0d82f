import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../../test/backends/child-server.ts';
import {
  freshBuckets,
  freshDatabase,
  freshRedisPrefix,
  freshTopicPrefix,
  type ObjectStoreSettings,
} from '../../../test/backends/index.ts';
import { createFfmpegProcess, type FfmpegProcess } from '../../../test/platform/ffmpeg-process.ts';
import { factsFor, objectFor, settingsHere } from '../../../test/platform/settings.ts';
import { createTokens } from '../../shared/tokens.ts';

/** A process of the platform that runs beside the test. */
export interface Process {
  child: ChildProcess;
  /** What runs ffmpeg for it, when it is a transcoder. */
  ffmpeg: FfmpegProcess | undefined;
  port: number;
  log(): string;
  /** Ends with the signal; resolves when it has ended. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Backends of their own for the processes of one test file; files lie in S3 unless another store is given. */
export async function startPlatform({ store = freshBuckets() }: { store?: Promise<ObjectStoreSettings> } = {}) {
  const backends = {
    ...(await freshDatabase()),
    ...(await freshRedisPrefix()),
    ...(await freshTopicPrefix()),
    ...(await store),
  };
  const platform = objectFor(backends, {});
  const facts = factsFor(backends, backends.OBJECT_STORE_ENDPOINT);
  const processes: Process[] = [];

  const start = async (component: 'publish' | 'transcoder'): Promise<Process> => {
    const [httpPort, healthPort] = [await freePort(), await freePort()];
    const settings = settingsHere(component, platform, facts, {
      ...{ HTTP_PORT: httpPort, HEALTH_PORT: healthPort },
      ...Object.fromEntries(Object.entries(backends).filter(([name]) => name.startsWith('OBJECT_STORE_'))),
    });
    const ffmpeg = component === 'transcoder' ? createFfmpegProcess() : undefined;
    await ffmpeg?.process.start();
    const main = fileURLToPath(new URL(`../../${component}/main.ts`, import.meta.url));
    const child = spawn(process.execPath, [main], {
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', ...settings, ...ffmpeg?.settings },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let log = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    const ended = once(child, 'exit');
    const started: Process = {
      child,
      ffmpeg,
      port: httpPort,
      log: () => log,
      end: async (signal) => {
        child.kill(signal);
        await ended;
      },
    };
    processes.push(started);
    await untilReady(`http://127.0.0.1:${healthPort}/readyz`, started);
    return started;
  };

  return {
    settings: backends,
    tokens: createTokens({ keys: facts.credentials.signingKeys }),
    start,
    stop: async () => {
      for (const { child, end, ffmpeg } of processes) {
        if (child.exitCode === null && child.signalCode === null) await end('SIGKILL');
        await ffmpeg?.remove();
      }
    },
  };
}

/** Uploads a file as a client does; the title names it for the test. */
export async function sendClip(publish: Process, clip: { token: string; file: string; title: string }): Promise<void> {
  const body = new FormData();
  body.append('data', new Blob([readFileSync(clip.file)]), 'a.mp4');
  body.append('token', clip.token);
  body.append('title', clip.title);
  const response = await fetch(`http://127.0.0.1:${publish.port}/douyin/publish/action/`, { method: 'POST', body });
  assert.deepEqual(await response.json(), { status_code: 0, status_msg: 'ok' });
}

async function untilReady(url: string, { child, log }: Process): Promise<void> {
  for (;;) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    if (child.exitCode !== null) throw new Error(`a process ended while it started:\n${log()}`);
    await pause(100);
  }
}

/** Whether a transcoder has ffmpeg at work. */
export const isEncoding = ({ ffmpeg }: Process): boolean => {
  try {
    const parent = ffmpeg?.process.pid();
    const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ');
    return children.some((pid) => pid !== '' && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('libx264'));
  } catch {
    return false; // one of them has just ended
  }
};
