import { dirname, isAbsolute, normalize } from 'node:path';
import { missingLimits } from '../media/required-limits.ts';
import type { Job } from './protocol.ts';
import { runFfmpeg } from './run-ffmpeg.ts';
import { runFfprobe } from './run-ffprobe.ts';

export interface JobContext {
  /** Holds the folders of jobs: nothing is read or written elsewhere. */
  folder: string;
  signal: AbortSignal;
  onProgress(seconds: number): void;
}

/** Runs a job and resolves with what the tool printed; rejects before anything is started where the job asks too much. */
export async function runJob(job: Job, { folder, signal, onProgress }: JobContext): Promise<string> {
  if (job.tool === 'check') return '';
  const { wallClockMs } = job;
  const [input, args] = inputOf(job);
  requireThat(isInJob(input, folder), `${input} is in no folder of a job`);
  const missing = missingLimits(args);
  requireThat(missing.length === 0, `the arguments lack ${missing.join(', ')}`);
  if (job.tool === 'ffprobe') return runFfprobe(job.args, { signal, wallClockMs });
  for (const { file, options } of job.command.outputs) {
    if (file === '-' && options.at(-1) === 'null') continue; // a measurement: nothing is written
    requireThat(isPlain(file) && file.startsWith(`${dirname(input)}/`), `${file} is not in the folder of its job`);
  }
  await runFfmpeg(job.command, { signal, wallClockMs, onProgress });
  return '';
}

const inputOf = (job: Exclude<Job, { tool: 'check' }>): [input: string, args: readonly string[]] => {
  if (job.tool === 'ffprobe') return [job.args.at(-1) ?? '', job.args];
  const { input, inputOptions } = job.command;
  return [input, [...inputOptions, '-i', input]];
};

const isPlain = (path: string): boolean => isAbsolute(path) && normalize(path) === path;

/** Below a folder of its own, so that a job sees no other one's files. */
const isInJob = (path: string, folder: string): boolean =>
  isPlain(path) && dirname(path) !== folder && path.startsWith(`${folder}/`);

function requireThat(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(`a job is refused: ${otherwise}`);
}
