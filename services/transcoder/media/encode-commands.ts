import { type Command, type Machine, nowhere, type Output, onlyWhatIsMapped, readForeign } from './arguments.ts';
import type { Rendition } from './ladder.ts';
import { pictureFilter, splitFilter } from './picture-filter.ts';
import type { Plan } from './plan.ts';

/** How much work goes into a picture: libx264's names. */
export interface Encoding {
  preset: string;
  /** Constant rate factor: 0 the best, 51 the worst. */
  quality: number;
}

interface Encode {
  plan: Plan;
  input: string;
  machine: Machine;
  encoding: Encoding;
}

/**
 * Fragments that begin with a keyframe, an index of them at the top, and an edit list: without it pictures would come two
 * frames later than the sound.
 */
const fragmented = ['-movflags', '+frag_keyframe+delay_moov+default_base_moof+global_sidx+skip_trailer', '-f', 'mp4'];
const fragmentMicroseconds = 2_000_000;

/** The size that is published first: a progressive MP4, H.264 High and AAC-LC, ready to play from its first bytes. */
export function firstCommand(
  { plan, input, machine, encoding }: Encode,
  output: string,
  gainDecibels: number,
): Command {
  const { first } = plan.renditions;
  const sound = plan.audioIndex === undefined ? ['-an'] : soundOptions(gainDecibels);
  const audio = plan.audioIndex === undefined ? [] : ['-map', `0:${plan.audioIndex}`];
  const options = [
    ...['-map', `0:${plan.videoIndex}`, ...audio, ...onlyWhatIsMapped, '-vf', pictureFilter(plan, first)],
    ...pictureOptions(plan, first, { machine, encoding }),
    ...sound,
    ...['-max_muxing_queue_size', '1024', '-movflags', '+faststart', '-f', 'mp4'],
  ];
  return { input, inputOptions: readOriginal(plan, machine), outputs: [{ file: output, options }] };
}

/** The other sizes, without sound, out of one decoding: fragmented files, in the order of the plan. */
export function othersCommand({ plan, input, machine, encoding }: Encode, files: readonly string[]): Command {
  const { others } = plan.renditions;
  const outputs = others.map((rendition, index): Output => {
    const graph = index === 0 ? ['-filter_complex', splitFilter(plan, others)] : [];
    const options = [
      ...[...graph, '-map', `[v${index}]`, '-an', ...onlyWhatIsMapped],
      ...pictureOptions(plan, rendition, { machine, encoding }),
      ...fragmented,
    ];
    return { file: files[index] ?? '', options };
  });
  return { input, inputOptions: readOriginal(plan, machine), outputs: [...outputs, ...readSound(plan)] };
}

/**
 * The sound is read and thrown away: of a transport stream ffmpeg counts time from the first track that it reads, and the
 * pictures would come by that much earlier than in the first size.
 */
const readSound = ({ audioIndex }: Plan): Output[] =>
  audioIndex === undefined
    ? []
    : [
        {
          file: nowhere,
          options: ['-map', `0:${audioIndex}`, '-vn', ...onlyWhatIsMapped, '-c:a', 'copy', '-f', 'null'],
        },
      ];

/** Puts the pictures and the sound of the first size into fragmented files, without encoding them again. */
export function fragmentCommand(
  input: string,
  files: { video: string; audio: string | undefined },
  machine: Machine,
): Command {
  const copy = ['-c', 'copy', ...onlyWhatIsMapped];
  const video = { file: files.video, options: ['-map', '0:v:0', ...copy, ...fragmented] };
  const audio = ['-map', '0:a:0', ...copy, '-frag_duration', String(fragmentMicroseconds), ...fragmented];
  const sound = files.audio === undefined ? [] : [{ file: files.audio, options: audio.map(withoutKeyframes) }];
  return { input, inputOptions: readForeign(machine), outputs: [video, ...sound] };
}

/** Each frame of sound is a keyframe. */
const withoutKeyframes = (option: string): string => option.replace('+frag_keyframe', '');

const readOriginal = ({ readSeconds }: Plan, machine: Machine): string[] => [
  ...readForeign(machine),
  ...['-t', String(readSeconds)],
];

/** Keyframes come after a fixed number of frames, so at the same times in every size. */
function pictureOptions(
  { frameRate: { over, under }, keyframeSeconds, readSeconds }: Plan,
  { maxKilobitsPerSecond: rate }: Rendition,
  { machine, encoding }: Pick<Encode, 'machine' | 'encoding'>,
): string[] {
  const gopFrames = String(Math.max(1, Math.round((keyframeSeconds * over) / under)));
  return [
    ...['-t', String(readSeconds)], // what fills a gap in the pictures is not bounded by what is read
    ...['-c:v', 'libx264', '-profile:v', 'high', '-preset', encoding.preset],
    ...['-threads', String(encoderThreads(machine))],
    ...['-crf', String(encoding.quality), '-maxrate', `${rate}k`, '-bufsize', `${2 * rate}k`],
    ...['-g', gopFrames, '-keyint_min', gopFrames, '-sc_threshold', '0', '-flags', '+cgop'],
  ];
}

/** As many as libx264 takes by itself: with one for each processor it waits for the slowest part of each picture. */
const encoderThreads = ({ threads }: Machine): number => Math.ceil(1.5 * threads);

/** A limiter keeps the peaks of what is made louder from being cut off. */
const soundOptions = (gainDecibels: number): string[] => [
  ...(gainDecibels === 0 ? [] : ['-af', `volume=${gainDecibels}dB,alimiter=limit=0.84:level=disabled`]),
  ...['-c:a', 'aac', '-profile:a', 'aac_low', '-b:a', '128k', '-ar', '48000', '-ac', '2'],
];
