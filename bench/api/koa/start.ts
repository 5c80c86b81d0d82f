import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A Koa process that a cell is compared with. */
export interface Reference {
  address: string;
  pid: number;
  stop(): Promise<void>;
}

/** Koa that answers a text. */
export async function startReadyString(text: string): Promise<Reference> {
  const file = join(tmpdir(), `tiktok-lite-ready-string-${process.pid}`);
  writeFileSync(file, text);
  try {
    return await start('ready-string.ts', [file]);
  } finally {
    rmSync(file, { force: true });
  }
}

/** Koa that sends an event to Kafka before it answers. */
export const startProduceOnly = (brokers: string, topic: string): Promise<Reference> =>
  start('produce-only.ts', [brokers, topic]);

async function start(script: string, args: readonly string[]): Promise<Reference> {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), args);
  const [port] = await Promise.race([once(child, 'message'), failure(child, script)]);
  return {
    address: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}

async function failure(child: ChildProcess, script: string): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`${script} ended with ${code} before it listened`);
}
