import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const script = fileURLToPath(new URL('./closed-loop.lua', import.meta.url));

export interface Load {
  /** Of the server, without a path. */
  address: string;
  /** Raw HTTP requests, sent in turn and from the front again after the last one. */
  requests: readonly string[];
  /** The place in `requests` to begin at, from 0. */
  from?: number;
  connections: number;
  seconds: number;
  /** A reply that is shorter lacks something. */
  leastBytes: number;
}

export interface Measured {
  right: number;
  wrong: number;
  seconds: number;
  p50Us: number;
  p99Us: number;
  p999Us: number;
}

/** As many requests at a time as there are connections, each sent when the reply before it has come. */
export async function applyLoad({ address, requests, from = 0, ...load }: Load): Promise<Measured> {
  const file = join(tmpdir(), `tiktok-lite-requests-${process.pid}`);
  writeFileSync(file, requests.join('\0'));
  try {
    const { stdout, stderr } = await run('wrk', [
      ...['-t1', `-c${load.connections}`, `-d${load.seconds}s`, '--timeout', '10s', '-s', script, address],
      ...['--', file, String(from), String(load.leastBytes)],
    ]);
    if (stderr) console.error(`    a wrong reply: ${stderr.trim()}`);
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  } finally {
    rmSync(file, { force: true });
  }
}
