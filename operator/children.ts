import type { V1Job, V1PersistentVolumeClaim, V1Pod } from '@kubernetes/client-node';
import type { TiktokLite } from './api/tiktok-lite.ts';
import type { ChildrenPass } from './kubernetes/children.ts';
import type { Client } from './kubernetes/client-types.ts';
import { isInvalid, TerminalError } from './kubernetes/errors.ts';
import type { Live, Manifest } from './kubernetes/objects.ts';
import { ForeignObjectError } from './kubernetes/ownership.ts';
import { resources } from './kubernetes/resources.ts';
import type { StoreReader } from './kubernetes/store.ts';
import { lastWords } from './last-words.ts';
import { troubleByComponent } from './pod-trouble.ts';
import { managedBy } from './resources/labels.ts';
import { childName } from './resources/names.ts';
import { WaitError } from './steps/step.ts';
import type { KafkaTopic } from './topics/kafka-topic.ts';

/** What the steps of a rollout do with the children of their platform. */
export interface Children {
  /** Makes the child as desired, whoever changed it; writes nothing when it is. Answers with what the cluster has. */
  apply: <T extends object>(manifest: Manifest<T>) => Promise<Live<T>>;
  /** The volume of an embedded server. */
  volumeOf: (server: string) => Live<V1PersistentVolumeClaim> | undefined;
  /** A KafkaTopic of Strimzi. */
  kafkaTopicOf: (name: string) => Live<KafkaTopic> | undefined;
  /** A Job as it was last seen. */
  jobOf: (name: string) => Live<V1Job> | undefined;
  /** The pod of an embedded server that keeps its data in the pod. */
  podIdOf: (server: string) => Promise<string | undefined>;
  /** The message, followed by what keeps the pods of these components from running. */
  withTroubles: (message: string, components: readonly { name: string }[]) => Promise<string>;
  /** What keeps a pod of a component from running; undefined while all run or are on their way. */
  troubleOf: (component: string) => Promise<string | undefined>;
  /** Why the newest failed pod of a component has ended, as it said itself. */
  lastWordsOf: (component: string) => Promise<string | undefined>;
  /** Deletes children that this pass has not applied; only after all that is wanted was applied. */
  prune: () => Promise<void>;
}

interface ChildrenOptions {
  pass: ChildrenPass;
  client: Pick<Client, 'list'>;
  volumes: Pick<StoreReader<V1PersistentVolumeClaim>, 'get'>;
  kafkaTopics: Pick<StoreReader<KafkaTopic>, 'get'>;
  jobs: Pick<StoreReader<V1Job>, 'get'>;
}

/** The children of one platform, for one pass. */
export function childrenOf(
  platform: TiktokLite,
  { pass, client, volumes, kafkaTopics, jobs }: ChildrenOptions,
): Children {
  const { namespace, name } = platform.metadata;
  const labelSelector = `app.kubernetes.io/managed-by=${managedBy},app.kubernetes.io/instance=${name}`;
  const pods = async () => (await client.list<V1Pod>(resources.pods, { namespace, labelSelector })).items;
  const podsOf = async (component: string) =>
    (await pods()).filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/component'] === component);
  return {
    apply: async (manifest) => {
      try {
        return (await pass.apply(manifest)).object;
      } catch (error) {
        throw explained(manifest, error);
      }
    },
    volumeOf: (server) => volumes.get({ namespace, name: childName(platform, server) }),
    kafkaTopicOf: (name) => kafkaTopics.get({ namespace, name }),
    jobOf: (name) => jobs.get({ namespace, name }),
    podIdOf: async (server) => {
      const [pod] = await podsOf(server);
      return pod?.metadata.uid;
    },
    withTroubles: async (message, components) => {
      const troubles = troubleByComponent(await pods());
      const told = components.flatMap((component) => troubles.get(component.name) ?? []);
      return [message, ...told].join('; ');
    },
    troubleOf: async (component) => troubleByComponent(await pods()).get(component),
    lastWordsOf: async (component) => lastWords(await podsOf(component)),
    prune: async () => {
      await pass.prune({ keep: ({ kind }) => withData.includes(kind) });
    },
  };
}

/** With these goes what cannot be made again: they go only with their owner, by Kubernetes' own hand. */
const withData = ['PersistentVolumeClaim', 'KafkaTopic'];

/** An error with what it was about, and whether repeating can help. */
function explained({ kind, metadata }: Manifest, error: unknown): Error {
  if (error instanceof ForeignObjectError) return new WaitError('NameTaken', error.message);
  const message = error instanceof Error ? error.message : String(error);
  if (isInvalid(error))
    return new TerminalError(`the API server refuses ${kind} ${metadata.name}: ${message}`, { cause: error });
  return new Error(`while applying ${kind} ${metadata.name}: ${message}`, { cause: error });
}
