import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { eventually } from '../eventually.ts';

/** skaffold on the cluster of `make up`, as `make dev` runs it, until it ends or is stopped. */
export interface Skaffold {
  /** Resolves once it has printed the text. */
  said(text: string): Promise<void>;
  /** Resolves when it has ended well; fails with the end of what it printed. */
  done(): Promise<void>;
  stop(): Promise<void>;
}

const keptCharacters = 4000;

export function startSkaffold(sources: string, ...args: string[]): Skaffold {
  // A process group of its own: skaffold's builders and watchers go with it.
  const child = spawn(join(sources, 'local', 'dev.sh'), args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const failure = () => new Error(`skaffold ${args.join(' ')} ended: …${output.slice(-keptCharacters)}`);
  return {
    said: async (text) => {
      await eventually(`skaffold to say "${text}"`, () => output.includes(text) || child.exitCode !== null, 600);
      if (!output.includes(text)) throw failure();
    },
    done: async () => {
      await closed;
      if (child.exitCode !== 0) throw failure();
    },
    stop: async () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGINT');
      await closed;
    },
  };
}
