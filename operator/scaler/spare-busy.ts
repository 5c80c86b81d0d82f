import type { V1Pod } from '@kubernetes/client-node';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import { ports } from '../components.ts';
import type { Client } from '../kubernetes/client-types.ts';
import { isNotFound } from '../kubernetes/errors.ts';
import type { Live } from '../kubernetes/objects.ts';
import { resources } from '../kubernetes/resources.ts';
import { selectorOf } from '../resources/labels.ts';
import type { AskWorker } from './ask-worker.ts';
import { deletionCost, deletionCostAnnotation } from './deletion-cost.ts';

interface Tools {
  client: Pick<Client, 'list' | 'patchMerge'>;
  askWorker: AskWorker;
}

/**
 * Marks the pods of the transcoder with what is lost with each, so that those go first which have nothing in hand. One that
 * takes a job between the answer and the end finishes it all the same, within its grace period.
 */
export async function spareBusyTranscoders(platform: TiktokLite, { client, askWorker }: Tools): Promise<void> {
  const { namespace } = platform.metadata;
  const labelSelector = Object.entries(selectorOf(platform, 'transcoder'))
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
  const { items } = await client.list(resources.pods, { namespace, labelSelector });
  await Promise.all(items.map((pod) => mark(pod, { client, askWorker })));
}

async function mark({ metadata, status }: Live<V1Pod>, { client, askWorker }: Tools): Promise<void> {
  if (metadata.deletionTimestamp || !status?.podIP) return;
  const cost = String(deletionCost(await askWorker({ host: status.podIP, port: ports.health })));
  if (metadata.annotations?.[deletionCostAnnotation] === cost) return;
  const { namespace, name } = metadata;
  const change = { metadata: { annotations: { [deletionCostAnnotation]: cost } } };
  await client.patchMerge(resources.pods, { namespace, name }, change).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // it has gone by itself
  });
}
