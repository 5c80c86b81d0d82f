import type { ChildProcess } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FfmpegCommand } from 'fluent-ffmpeg';
import type { Command } from '../media/arguments.ts';
import { MediaToolError } from '../media/media-tool-error.ts';
import type { Run } from '../media/tools.ts';
import { killGroup } from './kill-group.ts';
import { createProgressReader, tellProgress } from './progress.ts';

const launcher = (tool: string): string => fileURLToPath(new URL(`./launcher/${tool}`, import.meta.url));

/** How many of the last lines of its log are kept. */
const maxLogLines = 60;

/**
 * Runs one command through fluent-ffmpeg, which is handed ready arguments only. It gets no listener for `progress`: with
 * one it starts an ffprobe of its own, past every limit. What is written has to lie in the folder of the input. On an
 * abort, and when the time is over, all that was started is killed; the rejection is the signal's reason, else a
 * MediaToolError.
 */
export async function runFfmpeg(command: Command, { signal, wallClockMs, onProgress }: Run): Promise<void> {
  const { default: fluent } = await import('fluent-ffmpeg');
  const timeout = AbortSignal.timeout(wallClockMs);
  const end = AbortSignal.any([signal, timeout]);
  end.throwIfAborted();
  const run = fluent({ stdoutLines: maxLogLines, cwd: dirname(command.input) })
    .setFfmpegPath(launcher('ffmpeg'))
    .setFfprobePath(launcher('ffprobe'));
  addArguments(run, command);
  await new Promise<void>((resolve, reject) => {
    const kill = () => killGroup(processOf(run));
    const settle = (outcome: () => void) => {
      end.removeEventListener('abort', kill);
      outcome();
    };
    run.on('start', () => {
      if (onProgress) processOf(run)?.stdout?.setEncoding('utf8').on('data', createProgressReader(onProgress));
      if (end.aborted) kill();
      else end.addEventListener('abort', kill, { once: true });
    });
    run.on('end', () => settle(resolve));
    run.on('error', (cause: Error, _stdout: string | null, log: string | null) =>
      settle(() => {
        if (signal.aborted) reject(signal.reason);
        else reject(new MediaToolError('ffmpeg', { cause, log: log ?? '', timedOut: timeout.aborted }));
      }),
    );
    run.run();
  });
}

/** As separate arguments: an array's elements would be split at a blank. */
function addArguments(run: FfmpegCommand, { input, inputOptions, outputs }: Command): void {
  run.input(input).inputOptions(...tellProgress, ...inputOptions);
  for (const { file, options } of outputs) run.output(file).outputOptions(...options);
}

const processOf = (run: FfmpegCommand): ChildProcess | undefined =>
  (run as FfmpegCommand & { ffmpegProc?: ChildProcess }).ffmpegProc;
