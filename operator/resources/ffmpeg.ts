import { dirname } from 'node:path/posix';
import type { V1Container, V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import { amountsFor, ffmpeg } from '../components.ts';
import { type ImageDefaults, imageFor } from '../images.ts';
import { confined, scratch } from './pod.ts';
import { ffmpegPaths } from './settings.ts';

/** Another user than the worker's: neither can signal the other, nor look into its memory. */
const userId = 10002;

/** Asks over the socket, as a worker does. */
const answers = { exec: { command: ['node', 'services/transcoder/ffmpeg/alive.ts'] }, timeoutSeconds: 10 };

/** What a pod that runs ffmpeg has beside its worker. */
export interface Beside {
  container: V1Container;
  volumes: V1Volume[];
  /** Of the worker: where it meets ffmpeg. */
  mounts: V1VolumeMount[];
}

/**
 * The container that opens foreign files, and so the one that an attacker would command: without a secret, a setting but two
 * paths, a user of the worker's, or a folder but that of jobs. It starts before the worker and stops after it.
 */
export function ffmpegBeside(platform: TiktokLite, defaults: ImageDefaults): Beside {
  const work = scratch('work', ffmpegPaths.FFMPEG_FOLDER, ffmpeg.temporaryMegabytes(platform.spec));
  const temporary = scratch('ffmpeg-tmp', '/tmp', 64);
  const socket = {
    volume: { name: 'ffmpeg-socket', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
    mount: { name: 'ffmpeg-socket', mountPath: dirname(ffmpegPaths.FFMPEG_SOCKET) },
  };
  return {
    container: {
      name: ffmpeg.name,
      image: imageFor(ffmpeg.image, platform, defaults),
      imagePullPolicy: platform.spec.images.pullPolicy,
      restartPolicy: 'Always',
      args: [ffmpeg.entryPoint],
      env: Object.entries(ffmpegPaths).map(([name, value]) => ({ name, value })),
      startupProbe: { ...answers, periodSeconds: 2, failureThreshold: 30 },
      livenessProbe: { ...answers, periodSeconds: 60, failureThreshold: 3 },
      resources: amountsFor(ffmpeg, platform.spec.transcoder.resources, platform.spec),
      securityContext: { ...confined, runAsUser: userId, runAsGroup: userId },
      volumeMounts: [temporary.mount, work.mount, socket.mount],
    },
    volumes: [temporary.volume, work.volume, socket.volume],
    mounts: [work.mount, { ...socket.mount, readOnly: true }],
  };
}
