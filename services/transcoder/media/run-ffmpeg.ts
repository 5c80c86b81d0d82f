import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FfmpegCommand } from 'fluent-ffmpeg';
import type { Command } from './arguments.ts';
import { MediaToolError } from './media-tool-error.ts';

const launcher = (tool: string): string => fileURLToPath(new URL(`./launcher/${tool}`, import.meta.url));

interface Run {
  signal: AbortSignal;
  wallClockMs: number;
}

/**
 * Runs one command through fluent-ffmpeg, which is handed ready arguments only. It gets no listener for `progress`: with
 * one it starts an ffprobe of its own, past every limit.
 */
export async function runFfmpeg(command: Command, { signal, wallClockMs }: Run): Promise<void> {
  const { default: fluent } = await import('fluent-ffmpeg');
  const timeout = AbortSignal.timeout(wallClockMs);
  const end = AbortSignal.any([signal, timeout]);
  end.throwIfAborted();
  const run = fluent({ stdoutLines: 60 }).setFfmpegPath(launcher('ffmpeg')).setFfprobePath(launcher('ffprobe'));
  addArguments(run, command);
  await new Promise<void>((resolve, reject) => {
    const kill = () => killGroup(run);
    run.on('start', () => {
      if (end.aborted) kill();
      else end.addEventListener('abort', kill, { once: true });
    });
    run.on('end', () => resolve());
    run.on('error', (cause: Error, _stdout: string | null, log: string | null) => {
      end.removeEventListener('abort', kill);
      if (signal.aborted) reject(signal.reason);
      else reject(new MediaToolError('ffmpeg', { cause, log: log ?? '', timedOut: timeout.aborted }));
    });
    run.run();
  });
}

/** As separate arguments: an array's elements would be split at a blank. */
function addArguments(run: FfmpegCommand, { input, inputOptions, outputs }: Command): void {
  run.input(input).inputOptions(...inputOptions);
  for (const { file, options } of outputs) run.output(file).outputOptions(...options);
}

/** The launcher puts each run into a process group of its own. */
function killGroup(run: FfmpegCommand): void {
  const { ffmpegProc } = run as FfmpegCommand & { ffmpegProc?: ChildProcess };
  if (ffmpegProc?.pid === undefined) return;
  try {
    process.kill(-ffmpegProc.pid, 'SIGKILL');
  } catch {
    ffmpegProc.kill('SIGKILL'); // it has not got its group yet
  }
}
