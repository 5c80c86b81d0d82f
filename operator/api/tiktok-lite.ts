import Type, { type Static } from 'typebox';
import { Cache } from './cache.ts';
import { Database } from './database.ts';
import { Gateway } from './gateway.ts';
import { Kafka } from './kafka.ts';
import { Limits } from './limits.ts';
import { ObjectStore } from './object-store.ts';
import { choice, integer, objectName, rules, section, shaped } from './schema.ts';
import { TopicStatus, Topics, topicsNeedBrokers } from './topics.ts';
import { Transcoder } from './transcoding.ts';
import { WarmUp, WarmUpStatus } from './warm-up.ts';
import { NetworkPolicy, Services } from './workloads.ts';

export const group = 'tiktoklite.dev';
export const version = 'v1alpha1';
export const apiVersion = `${group}/${version}`;
export const kind = 'TiktokLite';
export const plural = 'tiktoklites';

/** Names of a platform start the names of its Services and of its label values. */
const maxNameLength = 35;

const isDigest = shaped('^sha256:[0-9a-f]{64}$', 'must be sha256: and 64 hexadecimal digits: copy the whole digest');
const isRegistry = shaped(
  '^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)*$',
  'must be the host of a registry, perhaps with a port and a path: leave out the scheme and a slash at the end',
);
const isTag = shaped(
  '^[A-Za-z0-9_][A-Za-z0-9_.-]*$',
  'must be a tag alone: letters, digits, underscores, dots and dashes',
);

/** What an image holds, byte for byte. */
const digest = (image: string) =>
  Type.Optional(
    Type.String({
      maxLength: 71,
      ...rules(isDigest),
      description: `Digest of the ${image} image; it wins over the tag.`,
    }),
  );

const Images = section(
  {
    registry: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 253,
        ...rules(isRegistry),
        description: 'Registry (and path) that every image comes from, for example registry.example.org/mirror.',
      }),
    ),
    tag: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 128,
        ...rules(isTag),
        description: 'Tag of the services, transcoder and gateway images; the version of the operator when absent.',
      }),
    ),
    digests: section(
      { services: digest('services'), transcoder: digest('transcoder'), gateway: digest('gateway') },
      { description: 'Digests that pin exactly what runs, sha256:… each.' },
    ),
    pullPolicy: choice(['Always', 'IfNotPresent', 'Never'], {
      default: 'IfNotPresent',
      description: 'When the kubelet pulls an image.',
    }),
    pullSecrets: Type.Array(Type.Object({ name: objectName('Name of the Secret.') }), {
      default: [],
      maxItems: 8,
      description: 'Secrets with the credentials of the registry.',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
    }),
  },
  { description: 'Where images come from. What is not set here comes from the operator.' },
);

const Auth = section(
  {
    accessTokenSeconds: integer({
      minimum: 60,
      maximum: 31_536_000,
      default: 2_592_000,
      description: 'How long a login lasts; the official client cannot refresh it. Default: 30 days.',
    }),
    minPasswordLength: integer({
      minimum: 1,
      maximum: 32,
      default: 1,
      description: 'Shortest password that can be registered. The official API takes 1 to 32 characters.',
    }),
  },
  { description: 'Logins.' },
);

const Feed = section(
  {
    pageSize: integer({ minimum: 1, maximum: 30, default: 30, description: 'Videos of one page of the feed.' }),
    cacheSize: integer({
      minimum: 30,
      maximum: 100_000,
      default: 3000,
      description: 'Newest videos that the feed keeps in Redis; deeper pages come from the database.',
    }),
  },
  { description: 'The feed.' },
);

const Lists = section(
  {
    default: integer({
      minimum: 1,
      maximum: 200,
      default: 200,
      description: 'Entries of a list when the client names no limit.',
    }),
  },
  { description: 'Lists of videos and users.' },
);

export const Spec = section(
  {
    images: Images,
    gateway: Gateway,
    database: Database,
    cache: Cache,
    kafka: Kafka,
    objectStore: ObjectStore,
    auth: Auth,
    limits: Limits,
    services: Services,
    topics: Topics,
    transcoder: Transcoder,
    warmup: WarmUp,
    feed: Feed,
    lists: Lists,
    networkPolicy: NetworkPolicy,
    deletionPolicy: choice(['Retain', 'Delete'], {
      default: 'Retain',
      description:
        'What happens to volumes and generated Secrets when the object is deleted: Retain keeps them, and the next object of its name finds its data; Delete deletes them. External servers are never emptied.',
    }),
    paused: Type.Boolean({
      default: false,
      description: 'Leave everything as it is: no change is made until it is false again.',
    }),
  },
  { description: 'The platform that is wanted.', ...topicsNeedBrokers },
);

const Condition = Type.Object({
  type: Type.String({ maxLength: 316, description: 'What is judged.' }),
  status: choice(['True', 'False', 'Unknown'], { description: 'The judgement.' }),
  reason: Type.String({ maxLength: 1024, description: 'Why, in one word.' }),
  message: Type.String({ maxLength: 32768, description: 'Why, in a sentence.' }),
  lastTransitionTime: Type.String({ format: 'date-time', description: 'When the status changed last.' }),
  observedGeneration: Type.Integer({ format: 'int64', description: 'Generation of the object that was judged.' }),
});

const ComponentStatus = Type.Object({
  name: Type.String({ maxLength: 63, description: 'Component.' }),
  ready: Type.Integer({ format: 'int32', description: 'Pods that are ready.' }),
  desired: Type.Integer({ format: 'int32', description: 'Pods that are wanted.' }),
});

export const Status = Type.Object(
  {
    observedGeneration: Type.Optional(
      Type.Integer({ format: 'int64', description: 'Generation of the object that this status is about.' }),
    ),
    version: Type.Optional(
      Type.String({ maxLength: 256, description: 'Version of the services that was rolled out last.' }),
    ),
    url: Type.Optional(Type.String({ maxLength: 1024, description: 'Address of the web page and of the API.' })),
    transcoders: Type.Optional(Type.String({ maxLength: 64, description: 'Ready and wanted transcoders.' })),
    components: Type.Optional(
      Type.Array(ComponentStatus, {
        maxItems: 32,
        description: 'Pods of each component.',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
      }),
    ),
    topicSettings: Type.Optional(
      Type.Array(Type.String({ maxLength: 256 }), {
        maxItems: 32,
        description: 'Settings of topics.config that the topics have, so that one that is taken away can be reset.',
        'x-kubernetes-list-type': 'set',
      }),
    ),
    topics: Type.Optional(
      Type.Array(TopicStatus, {
        maxItems: 32,
        description: 'Topics as they were when they were last looked at; absent where others keep them.',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
      }),
    ),
    warmUp: Type.Optional(WarmUpStatus),
    conditions: Type.Optional(
      Type.Array(Condition, {
        maxItems: 32,
        description: 'What is true about the platform.',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['type'],
      }),
    ),
  },
  { description: 'What the operator sees.' },
);

/** The body of the custom resource; `apiVersion`, `kind` and `metadata` are Kubernetes' own. */
export const TiktokLiteSchema = Type.Object(
  { spec: Spec, status: Type.Optional(Status) },
  {
    description: 'A short-video platform: feed, uploads, likes, and everything they need.',
    ...rules({
      // Of the whole object something always changes: only who makes one is asked.
      optionalOldSelf: true,
      rule: `oldSelf.hasValue() || (size(self.metadata.name) <= ${maxNameLength} && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$'))`,
      message: `metadata.name must have at most ${maxNameLength} lower-case letters, digits and dashes and start with a letter: Services and labels are named after it`,
    }),
  },
);

export type TiktokLiteSpec = Static<typeof Spec>;
export type TiktokLiteStatus = Static<typeof Status>;
export type Condition = Static<typeof Condition>;
export type ComponentStatus = Static<typeof ComponentStatus>;

/** A TiktokLite as the API server hands it out: defaults filled in, metadata complete. */
export interface TiktokLite {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace: string;
    uid: string;
    generation: number;
    resourceVersion: string;
    creationTimestamp: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    finalizers?: string[];
    deletionTimestamp?: string;
  };
  spec: TiktokLiteSpec;
  status?: TiktokLiteStatus;
}
