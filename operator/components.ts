import type { ImageName } from '../services/shared/images.ts';
import type { ComponentName } from '../services/shared/settings.ts';
import type { TiktokLite, TiktokLiteSpec } from './api/tiktok-lite.ts';

export type Amounts = Record<'cpu' | 'memory' | 'ephemeral-storage', string>;
/** What an object says about the pods of a component. */
export type WantedPods = Pick<
  TiktokLiteSpec['transcoder'],
  'resources' | 'labels' | 'annotations' | 'env' | 'priorityClassName'
> & {
  /** Absent where a scaler says how many there are: the operator leaves the number alone. */
  replicas?: number;
  /** By processor time. */
  autoscaling?: TiktokLiteSpec['services']['auth']['autoscaling'];
};

/** A component that runs one of our images for as long as the platform lives. */
export interface Component {
  name: Exclude<ComponentName, Task['name'] | 'maintenance' | 'ffmpeg'>;
  image: ImageName;
  entryPoint: string;
  /** Answers HTTP: has a Service, and leaves it before it stops. */
  serves: boolean;
  /** What the object says about it. */
  wanted: (spec: TiktokLiteSpec) => WantedPods;
  requests: Amounts;
  limits: Amounts;
  /** Space for temporary files. */
  temporaryMegabytes: (spec: TiktokLiteSpec) => number;
  /** How long a pod may take to stop. */
  graceSeconds: (spec: TiktokLiteSpec) => number;
  /** ffmpeg runs in its pods, in a container of its own. */
  hasFfmpeg?: true;
}

/** Ports that every process of ours listens on. */
export const ports = { http: 8080, health: 9090 } as const;

const api = {
  image: 'services',
  serves: true,
  requests: { cpu: '30m', memory: '96Mi', 'ephemeral-storage': '32Mi' },
  limits: { cpu: '1', memory: '320Mi', 'ephemeral-storage': '256Mi' },
  temporaryMegabytes: () => 64,
  graceSeconds: () => 40,
} as const;

/** Each of two runs of ffmpeg may take this long for a video of the longest duration; a transcoder stops after its job. */
const longestTranscodeSeconds = ({ transcoder }: TiktokLiteSpec): number =>
  2 * (30 + 8 * transcoder.limits.maxDurationSeconds) + 60;

/** Of AAC, in kilobits a second. */
const soundRate = 128;
/** Stills, and what a container adds to its pictures. */
const spareMegabytes = 256;

/**
 * An original and all sizes of a video of the longest duration lie side by side while ffmpeg works, each at its peak rate;
 * the one that is published first lies there twice, and it may be any but the largest of several.
 */
function transcodeMegabytes({ transcoder, limits }: TiktokLiteSpec): number {
  const rates = transcoder.ladder.map(({ maxKilobitsPerSecond }) => maxKilobitsPerSecond + soundRate);
  const kilobitsPerSecond = rates.reduce((sum, rate) => sum + rate, 0) + Math.max(...rates);
  const megabytes = (kilobitsPerSecond * transcoder.limits.maxDurationSeconds) / 8 / 1_024;
  return limits.uploadMegabytes + Math.ceil(megabytes) + spareMegabytes;
}

/** Without a number where somebody else says it. */
const podsOf = ({ replicas, autoscaling, ...pods }: TiktokLiteSpec['services']['auth']): WantedPods => ({
  ...pods,
  ...(autoscaling ? { autoscaling } : { replicas }),
});

/** One row per component: a new service is a folder in services/ and a row here. */
export const components: readonly Component[] = [
  { ...api, name: 'auth', entryPoint: 'services/auth/main.ts', wanted: ({ services }) => podsOf(services.auth) },
  { ...api, name: 'user', entryPoint: 'services/user/main.ts', wanted: ({ services }) => podsOf(services.user) },
  { ...api, name: 'video', entryPoint: 'services/video/main.ts', wanted: ({ services }) => podsOf(services.video) },
  {
    ...api,
    name: 'publish',
    entryPoint: 'services/publish/main.ts',
    wanted: ({ services }) => podsOf(services.publish),
    // An upload that is on its way when the pod is told to stop has this long to arrive.
    graceSeconds: () => 120,
  },
  {
    ...api,
    name: 'like-writer',
    entryPoint: 'services/like-writer/main.ts',
    serves: false,
    wanted: ({ services }) => podsOf(services.likeWriter),
  },
  {
    ...api,
    name: 'transcoder',
    entryPoint: 'services/transcoder/main.ts',
    serves: false,
    // What the object gives to a transcoder is for ffmpeg: the worker needs the same whatever is transcoded.
    wanted: ({ transcoder: { replicas, autoscaling, ...transcoder } }) => ({
      ...transcoder,
      ...(autoscaling.mode === 'none' ? { replicas } : {}),
      resources: {},
    }),
    graceSeconds: longestTranscodeSeconds,
    hasFfmpeg: true,
  },
];

/** What runs ffmpeg in the pods of a transcoder. */
export const ffmpeg = {
  name: 'ffmpeg',
  image: 'transcoder',
  entryPoint: 'services/transcoder/ffmpeg/main.ts',
  requests: { cpu: '80m', memory: '128Mi', 'ephemeral-storage': '256Mi' },
  limits: { cpu: '2', memory: '1Gi', 'ephemeral-storage': '1Gi' },
  temporaryMegabytes: transcodeMegabytes,
} as const;

/** What runs as a Job: same image and shape of settings, but it ends. */
export interface Task {
  name: 'migrate' | 'warmup';
  image: ImageName;
  entryPoint: string;
  requests: Amounts;
  limits: Amounts;
  temporaryMegabytes: number;
}

const task = {
  image: 'services',
  requests: { cpu: '25m', memory: '96Mi', 'ephemeral-storage': '32Mi' },
  limits: { cpu: '1', memory: '320Mi', 'ephemeral-storage': '256Mi' },
  temporaryMegabytes: 64,
} as const;

/** Brings database and buckets to what the services of this version expect. */
export const migration: Task = { ...task, name: 'migrate', entryPoint: 'services/migrate/main.ts' };

/** Fills the cache with what is likely to be asked for. */
export const warmUpJob: Task = { ...task, name: 'warmup', entryPoint: 'services/warmup/main.ts' };

export const tasks: readonly Task[] = [migration, warmUpJob];

/** What logs and the writable layer may take beside the temporary files. */
const logMegabytes = 192;

const texts = (amounts: Record<string, string | number> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, String(amount)]));

type Wanted = WantedPods['resources'];
type Container = Pick<Component, 'requests' | 'limits' | 'temporaryMegabytes'>;

/** Requests and limits of a container: what the object says wins entry by entry; the disk limit covers the temporary files. */
export const amountsFor = (
  { requests, limits, temporaryMegabytes }: Container,
  wanted: Wanted,
  spec: TiktokLiteSpec,
) => ({
  requests: { ...requests, ...texts(wanted.requests) },
  limits: {
    ...limits,
    ...texts(wanted.limits),
    'ephemeral-storage': `${temporaryMegabytes(spec) + logMegabytes}Mi`,
  },
});

/** Requests and limits of what runs a component's entry point. */
export const resourcesOf = (component: Component, { spec }: TiktokLite) =>
  amountsFor(component, component.wanted(spec).resources, spec);
