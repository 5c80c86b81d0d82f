import type { V1Job } from '@kubernetes/client-node';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { Task } from '../components.ts';
import { type ImageDefaults, imageFor } from '../images.ts';
import type { Manifest } from '../kubernetes/objects.ts';
import { settingsSource } from './deployment.ts';
import { labelsOf } from './labels.ts';
import { childName, shortHash } from './names.ts';
import { childMeta } from './owner.ts';
import { confined, podDefaults, scratch } from './pod.ts';

/** With the growing pause between attempts about half an hour: a server that restarts is outlived. */
const attempts = 10;

/** The Job that carries out a task for an input. Jobs are immutable: its name changes with its image and its input. */
export function jobFor(platform: TiktokLite, task: Task, inputHash: string, defaults: ImageDefaults): Manifest<V1Job> {
  const image = imageFor(task.image, platform, defaults);
  const temporary = scratch('tmp', '/tmp', task.temporaryMegabytes);
  const name = `${childName(platform, task.name)}-${shortHash(`${image} ${inputHash}`)}`;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: childMeta(platform, task.name, name),
    spec: {
      backoffLimit: attempts,
      template: {
        metadata: { labels: labelsOf(platform, task.name) },
        spec: {
          ...podDefaults(platform, task.name),
          restartPolicy: 'Never',
          containers: [
            {
              name: task.name,
              image,
              imagePullPolicy: platform.spec.images.pullPolicy,
              args: [task.entryPoint],
              // Its last lines are in the pod's status when it fails, so that the platform's can tell them.
              terminationMessagePolicy: 'FallbackToLogsOnError',
              envFrom: settingsSource(childName(platform, task.name)),
              resources: { requests: task.requests, limits: task.limits },
              securityContext: confined,
              volumeMounts: [temporary.mount],
            },
          ],
          volumes: [temporary.volume],
        },
      },
    },
  };
}
