// Reads the Deployment of a platform's like writer from the standard input and prints a Job that runs a script of
// maintenance with the same image and settings: maintenance-job.ts verify-counters
import { text } from 'node:stream/consumers';
import type { V1Deployment, V1Job } from '@kubernetes/client-node';

/** How long a Job that is over can still be looked at. */
const keptSeconds = 24 * 3600;

/** The Job; its name is the API server's choice, so that it can be run again at once. */
export function maintenanceJob({ metadata, spec }: V1Deployment, script: string): V1Job {
  const pod = spec?.template.spec;
  const container = pod?.containers[0];
  if (!pod || !container) throw new Error('this is no Deployment: it has no container');
  const {
    startupProbe: _start,
    livenessProbe: _live,
    readinessProbe: _ready,
    lifecycle: _lifecycle,
    ports: _ports,
    ...process
  } = container;
  const { affinity: _apart, topologySpreadConstraints: _spread, terminationGracePeriodSeconds: _grace, ...kept } = pod;
  // What network policies know it by.
  const labels = {
    'app.kubernetes.io/name': 'tiktok-lite',
    'app.kubernetes.io/instance': metadata?.labels?.['app.kubernetes.io/instance'] ?? '',
    'app.kubernetes.io/component': 'maintenance',
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { generateName: `${metadata?.name}-${script}-`, namespace: metadata?.namespace ?? 'default', labels },
    spec: {
      backoffLimit: 0,
      ttlSecondsAfterFinished: keptSeconds,
      template: {
        metadata: { labels },
        spec: {
          ...kept,
          restartPolicy: 'Never',
          containers: [{ ...process, name: script, args: [`services/maintenance/${script}.ts`] }],
        },
      },
    },
  };
}

if (import.meta.main) {
  const [, , script = ''] = process.argv;
  console.log(JSON.stringify(maintenanceJob(JSON.parse(await text(process.stdin)), script)));
}
