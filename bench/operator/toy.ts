import { readFileSync } from 'node:fs';
import { fixedAccess } from '../../operator/kubernetes/access.ts';
import { createChildren } from '../../operator/kubernetes/children.ts';
import { createClient } from '../../operator/kubernetes/client.ts';
import { silentLog as log } from '../../operator/kubernetes/log.ts';
import { reduceManagedFields } from '../../operator/kubernetes/managed-fields.ts';
import { keyText, type Live, parseKey } from '../../operator/kubernetes/objects.ts';
import { createReflector } from '../../operator/kubernetes/reflector.ts';
import { type Resource, resources } from '../../operator/kubernetes/resources.ts';
import { createStore } from '../../operator/kubernetes/store.ts';
import { createWorkQueue } from '../../operator/kubernetes/work-queue.ts';
import { runWorkers } from '../../operator/kubernetes/workers.ts';
import { configMapFor, deploymentFor, ingressFor, serviceFor, toys } from './children.ts';
import type { AccessFile } from './contestants.ts';

/** The toy operator on this project's machinery; the same on controller-runtime is reference/main.go. */
const { server, tls }: AccessFile = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const client = createClient({ access: fixedAccess(new URL(server), { tls, headers: {} }), userAgent: 'toy-operator' });
const policy = { fieldManager: 'toy-operator' };
const queue = createWorkQueue({ name: 'toy' });

const watch = <T extends object>(
  resource: Resource<T>,
  labelSelector: string | undefined,
  keysOf: (object: Live<T>) => string[],
) => {
  const store = createStore<T>({ onHandlerError: (error) => log.error({ error }, 'a change was not noted') });
  store.subscribe(({ object, previous, initial }) => {
    const priority = initial ? 'low' : 'normal';
    for (const seen of [object, previous]) for (const key of seen ? keysOf(seen) : []) queue.add(key, { priority });
  });
  const transform = (object: Live<T>) => reduceManagedFields(object, policy);
  const reflector = createReflector({ client, resource, store, transform, log, labelSelector });
  reflector.start();
  return { resource, store, reflector };
};

const selector = 'app.kubernetes.io/managed-by=toy-operator';
const ownerKeys = ({ metadata: { namespace, ownerReferences = [] } }: Live) =>
  ownerReferences.map(({ name }) => keyText({ namespace, name }));
const parents = watch(toys, undefined, ({ metadata }) => [keyText(metadata)]);
const kinds = [
  watch(resources.configMaps, selector, ownerKeys),
  watch(resources.deployments, selector, ownerKeys),
  watch(resources.services, selector, ownerKeys),
  watch(resources.ingresses, selector, ownerKeys),
];
const children = createChildren({
  ...policy,
  client,
  log,
  hashAnnotation: 'bench.example/applied',
  scaleManager: 'scaler',
  kinds,
});

const reconcile = async (key: string, signal: AbortSignal): Promise<undefined> => {
  const toy = parents.store.get(parseKey(key));
  if (!toy) return;
  const pass = children.pass({ uid: toy.metadata.uid, signal });
  await pass.apply(configMapFor(toy));
  await pass.apply(deploymentFor(toy));
  await pass.apply(serviceFor(toy));
  await pass.apply(ingressFor(toy));
  await pass.prune();
};

await Promise.all([parents, ...kinds].map(({ reflector }) => reflector.synced()));
const workers = runWorkers(queue, reconcile, { name: 'toy', log, concurrency: 10 });

process.once('SIGTERM', async () => {
  await workers.stop();
  process.exit(0);
});
