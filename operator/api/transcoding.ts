import Type from 'typebox';
import { transcodePresets } from '../../services/shared/settings.ts';
import { Autoscaling } from './autoscaling.ts';
import { choice, integer, rules, section } from './schema.ts';
import { extras, Resources } from './workloads.ts';

const rung = Type.Object({
  shortSidePixels: integer({
    minimum: 144,
    maximum: 2160,
    description: 'Short side of the picture, whichever way the video is held.',
    ...rules({
      rule: 'self % 2 == 0',
      message: 'shortSidePixels must be even: H.264 stores colours for pairs of pixels. Take the next even number',
    }),
  }),
  maxKilobitsPerSecond: integer({
    minimum: 100,
    maximum: 50_000,
    description: 'Peak rate of its pictures; videos that need less take less.',
  }),
});

const ladder = Type.Array(rung, {
  minItems: 1,
  maxItems: 8,
  default: [
    { shortSidePixels: 360, maxKilobitsPerSecond: 800 },
    { shortSidePixels: 480, maxKilobitsPerSecond: 1_400 },
    { shortSidePixels: 720, maxKilobitsPerSecond: 3_000 },
    { shortSidePixels: 1080, maxKilobitsPerSecond: 6_000 },
  ],
  description:
    'Sizes that players choose from by their line. No video is enlarged; one between two sizes is kept at its own. The largest size up to 720 is made and published first.',
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['shortSidePixels'],
});

const limits = section(
  {
    maxDurationSeconds: integer({ minimum: 1, maximum: 3600, default: 600, description: 'A longer video is refused.' }),
    maxPixels: integer({
      minimum: 256,
      maximum: 100_000_000,
      default: 9_000_000,
      description: 'Width × height of one frame; a larger one is refused. 4K is 8.3 million.',
    }),
  },
  { description: 'What a video may be at most.' },
);

export const Transcoder = section(
  {
    replicas: integer({
      minimum: 0,
      maximum: 1000,
      default: 1,
      description: 'Number of transcoder pods where autoscaling.mode is none.',
    }),
    autoscaling: Autoscaling,
    resources: {
      ...Resources,
      description: 'Processor time and memory of the container that runs ffmpeg, in each pod.',
    },
    ...extras,
    limits,
    ladder,
    preset: choice(transcodePresets, {
      default: 'veryfast',
      description: 'How much work goes into a picture: slower ones make smaller files of the same quality.',
    }),
    quality: integer({
      minimum: 16,
      maximum: 35,
      default: 23,
      description: 'Constant rate factor of H.264: lower is better and larger, by a tenth for each step or so.',
    }),
  },
  { description: 'Turns uploads into videos that play everywhere, with ffmpeg.' },
);
