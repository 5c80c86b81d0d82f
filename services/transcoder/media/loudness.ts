import { type Command, type Machine, nowhere, onlyWhatIsMapped, readForeign } from './arguments.ts';

/** What most players and other platforms level to, in LUFS (EBU R 128 measures it). */
const targetLufs = -14;
/** Nobody hears a smaller difference between two videos. */
const toleratedLu = 2;
/** What is as quiet as this is meant to be silent; noise would be all that becomes louder. */
const silenceLufs = -55;
const maxGainDecibels = 20;

/** As ffmpeg names it: integrated from the beginning. */
const entry = 'lavfi.r128.I';

interface Measure {
  input: string;
  /** Gets the lines: a name without a folder, which the run takes from its input. A path could end the filter. */
  lines: string;
  audioIndex: number;
  readSeconds: number;
}

/** Measures how loud a track is, from its beginning to each tenth of a second, into a file of lines. */
export function loudnessCommand({ input, lines, audioIndex, readSeconds }: Measure, machine: Machine): Command {
  const filter = `aresample=48000,ebur128=metadata=1,ametadata=mode=print:key=${entry}:file=${lines}`;
  const options = ['-map', `0:${audioIndex}`, '-vn', ...onlyWhatIsMapped, '-af', filter, '-f', 'null'];
  return {
    input,
    inputOptions: [...readForeign(machine), '-t', String(readSeconds)],
    outputs: [{ file: nowhere, options }],
  };
}

/** The loudness of the whole track, in LUFS, by the last of the lines; undefined where there was no sound. */
export function integratedLoudness(lines: string): number | undefined {
  const last = [...lines.matchAll(new RegExp(`^${entry}=(-?\\d{1,3}(?:\\.\\d+)?)$`, 'gm'))].at(-1)?.[1];
  return last === undefined ? undefined : Number(last);
}

/** Decides by how many decibels a track is made louder or quieter; 0 where it is near the target, or silent. Pure. */
export function gainFor(integratedLufs: number | undefined): number {
  if (integratedLufs === undefined || integratedLufs < silenceLufs) return 0;
  const gain = targetLufs - integratedLufs;
  if (Math.abs(gain) <= toleratedLu) return 0;
  return Math.round(10 * Math.min(gain, maxGainDecibels)) / 10;
}
