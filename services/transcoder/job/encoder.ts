import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import type { Command } from '../media/arguments.ts';
import { type Encoding, firstCommand, fragmentCommand, othersCommand } from '../media/encode-commands.ts';
import type { MediaFacts } from '../media/facts.ts';
import { gainFor, integratedLoudness, loudnessCommand } from '../media/loudness.ts';
import { MediaToolError } from '../media/media-tool-error.ts';
import type { Plan } from '../media/plan.ts';
import { type Limits, tooLong } from '../media/policy.ts';
import type { PreviewGrid } from '../media/previews.ts';
import { readResult } from '../media/result-file.ts';
import { previewsCommand } from '../media/still-commands.ts';
import type { MediaTools } from '../media/tools.ts';
import { makeCover } from './cover.ts';
import { probe } from './probe.ts';
import { damaged, Refusal } from './refusal.ts';

interface EncoderOptions {
  tools: MediaTools;
  limits: Limits;
  encoding: Encoding;
  signal: AbortSignal;
}

/** What was made, as ffprobe sees it. */
export interface Picture {
  width: number;
  height: number;
  frameRate: { over: number; under: number };
  durationSeconds: number;
}

/** More threads than this make a picture of 720p hardly faster. */
const maxThreads = 4;
/** Of the lines that tell how loud a track is: ten a second, of hours. */
const maxLinesBytes = 32 * 1024 ** 2;
/** For what reads files of ours only, and copies more than it computes. */
const quickWorkMs = 120_000;

/** The runs of ffmpeg that a job is made of. What ffmpeg finds wrong with the original is a Refusal. */
export function createEncoder({ tools, limits, encoding, signal }: EncoderOptions) {
  const machine = { maxPixels: limits.maxPixels, threads: Math.min(maxThreads, availableParallelism()) };

  const run = async (command: Command, wallClockMs: number, onProgress?: (seconds: number) => void) => {
    try {
      await tools.runFfmpeg(command, { signal, wallClockMs, onProgress });
    } catch (error) {
      if (error instanceof MediaToolError && error.isVerdict) throw new Refusal(damaged, { cause: error });
      throw error;
    }
  };

  /** What came out is asked, not what the original said: that may have been wrong. */
  const pictureOf = ({ video, durationSeconds }: MediaFacts): Picture => {
    if (!video || durationSeconds === undefined || !video.frameRate) throw new Refusal(damaged);
    if (durationSeconds > limits.maxDurationSeconds) throw new Refusal(tooLong(limits.maxDurationSeconds));
    return { width: video.width, height: video.height, frameRate: video.frameRate, durationSeconds };
  };

  return {
    facts: (file: string): Promise<MediaFacts> => probe(file, { tools, maxPixels: limits.maxPixels, signal }),

    inspect: async (file: string): Promise<Picture> =>
      pictureOf(await probe(file, { tools, maxPixels: limits.maxPixels, signal })),

    /** How much louder the sound is to be made, in decibels. */
    gain: async ({ audioIndex, readSeconds, wallClockMs }: Plan, input: string, lines: string): Promise<number> => {
      if (audioIndex === undefined) return 0;
      await run(loudnessCommand({ input, lines, audioIndex, readSeconds }, machine), wallClockMs);
      const measured = await readResult(join(dirname(input), lines), { maxBytes: maxLinesBytes });
      return gainFor(integratedLoudness(measured.toString()));
    },

    first: (
      plan: Plan,
      files: { input: string; output: string },
      sound: { gain: number; onProgress: (seconds: number) => void },
    ) =>
      run(
        firstCommand({ plan, input: files.input, machine, encoding }, files.output, sound.gain),
        plan.wallClockMs,
        sound.onProgress,
      ),

    others: (plan: Plan, files: { input: string; outputs: readonly string[] }, onProgress: (seconds: number) => void) =>
      run(othersCommand({ plan, input: files.input, machine, encoding }, files.outputs), plan.wallClockMs, onProgress),

    fragment: (input: string, outputs: { video: string; audio: string | undefined }) =>
      run(fragmentCommand(input, outputs, machine), quickWorkMs),

    cover: (files: { video: string; cover: string; small: string }, durationSeconds: number) =>
      makeCover({ tools, ...files, durationSeconds, machine, signal }),

    previews: (files: { input: string; output: string }, grid: PreviewGrid) =>
      run(previewsCommand(files, grid, machine), quickWorkMs),
  };
}

export type Encoder = ReturnType<typeof createEncoder>;
