import type { V1Job } from '@kubernetes/client-node';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import { migration } from '../components.ts';
import { type ImageDefaults, imageFor } from '../images.ts';
import type { Manifest } from '../kubernetes/objects.ts';
import { settingsSource } from './deployment.ts';
import { labelsOf } from './labels.ts';
import { childName, shortHash } from './names.ts';
import { childMeta } from './owner.ts';
import { confined, podDefaults, scratch } from './pod.ts';

/** With the growing pause between attempts about half an hour: a database that restarts is outlived. */
const attempts = 10;

/** Brings database and buckets to what the services of this version expect. Jobs are immutable: its name changes with its image and its input. */
export function migrationJobFor(platform: TiktokLite, inputHash: string, defaults: ImageDefaults): Manifest<V1Job> {
  const image = imageFor(migration.image, platform, defaults);
  const temporary = scratch('tmp', '/tmp', migration.temporaryMegabytes);
  const name = `${childName(platform, migration.name)}-${shortHash(`${image} ${inputHash}`)}`;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: childMeta(platform, migration.name, name),
    spec: {
      backoffLimit: attempts,
      template: {
        metadata: { labels: labelsOf(platform, migration.name) },
        spec: {
          ...podDefaults(platform, migration.name),
          restartPolicy: 'Never',
          containers: [
            {
              name: migration.name,
              image,
              imagePullPolicy: platform.spec.images.pullPolicy,
              args: [migration.entryPoint],
              envFrom: settingsSource(childName(platform, migration.name)),
              resources: { requests: migration.requests, limits: migration.limits },
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
