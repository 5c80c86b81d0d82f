import type { Client } from '../../operator/kubernetes/client-types.ts';
import { silentLog } from '../../operator/kubernetes/log.ts';
import type { Live } from '../../operator/kubernetes/objects.ts';
import { createReflector } from '../../operator/kubernetes/reflector.ts';
import { type Resource, resources } from '../../operator/kubernetes/resources.ts';
import { createStore } from '../../operator/kubernetes/store.ts';
import { imageLabel } from './children.ts';

/** Sees when all four children of a Toy carry an image. */
export interface Observer {
  /** The time at which they did, on performance.now(); rejects when they have not for two minutes. */
  applied: (name: string, image: string) => Promise<number>;
  stop: () => Promise<void>;
}

const longestSeconds = 120;

const notApplied = (state: string, kindsSeen: Iterable<string> = []) =>
  new Error(
    `not all children of ${state} came in ${longestSeconds} s, but only: ${[...kindsSeen].join(', ') || 'none'}`,
  );

const kinds: readonly Resource[] = [
  resources.configMaps,
  resources.deployments,
  resources.services,
  resources.ingresses,
];

export async function startObserver(client: Client, namespace: string): Promise<Observer> {
  const seen = new Map<string, Set<string>>();
  const waiting = new Map<string, (atMs: number) => void>();

  const see = (kind: string, { metadata: { name, labels = {} } }: Live) => {
    const state = `${name} ${labels[imageLabel]}`;
    const kindsSeen = seen.get(state) ?? new Set();
    seen.set(state, kindsSeen.add(kind));
    if (kindsSeen.size === kinds.length) waiting.get(state)?.(performance.now());
  };

  const reflectors = kinds.map((resource) => {
    const store = createStore({
      onHandlerError: (error) => {
        throw error;
      },
    });
    store.subscribe(({ object }) => object && see(resource.kind, object));
    const labelSelector = 'app.kubernetes.io/managed-by=toy-operator';
    const reflector = createReflector({ client, resource, namespace, store, labelSelector, log: silentLog });
    reflector.start();
    return reflector;
  });
  await Promise.all(reflectors.map((reflector) => reflector.synced()));

  return {
    applied: (name, image) => {
      const state = `${name} ${image}`;
      if (seen.get(state)?.size === kinds.length) return Promise.resolve(performance.now());
      return new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(notApplied(state, seen.get(state))), longestSeconds * 1000);
        waiting.set(state, (atMs) => {
          clearTimeout(late);
          resolve(atMs);
        });
      });
    },
    stop: async () => void (await Promise.all(reflectors.map((reflector) => reflector.stop()))),
  };
}
