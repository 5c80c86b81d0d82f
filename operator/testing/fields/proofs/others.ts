import type { Effect } from '../effect.ts';
import { each, type Proofs, services, told } from '../proof.ts';
import { topicIds } from './kafka.ts';

/** A warm-up with other reasons is another one. */
const warmsUpAgain: Effect = told(['warmup'], 'WARMUP_RUN', 'another');

const amount = (setting: string) => ({ to: 7, makes: { ...warmsUpAgain, ...told(['warmup'], setting, '7') } });

const readsMetrics = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } };

const hour = 3_600_000;

const external = { external: { brokers: ['kafka.example.org:9092'] } };
const kafkaTopic = { cluster: 'main' };

/** Proofs of the fields of `topics`. */
export const topicProofs: Proofs = {
  'topics.mode': {
    given: { kafka: external, topics: { kafkaTopic } },
    to: 'kafkaTopic',
    makes: {
      ...each(topicIds, (id) => ({ [`KafkaTopic demo-${id}`]: 'made', [`topics shop.demo.${id}`]: 'unset' })),
      brokers: 'unset',
    },
  },
  'topics.kafkaTopic.cluster': {
    given: { kafka: external, topics: { mode: 'kafkaTopic', kafkaTopic } },
    to: 'other',
    makes: each(topicIds, (id) => ({ [`KafkaTopic demo-${id} metadata labels strimzi.io/cluster`]: 'other' })),
  },
  'topics.deletionPolicy': {
    file: 'test/cluster/reconcile-topic-deletion.test.ts',
    title: 'deletes them with the platform where the object says so',
  },
  'topics.likes.partitions': { to: 12, makes: { 'topics shop.demo.likes partitions': 12 } },
  'topics.likes.retentionHours': {
    to: 24,
    makes: {
      'topics shop.demo.likes config retention.ms': String(24 * hour),
      ...told(['video', 'like-writer'], 'LIKES_RETENTION_HOURS', '24'),
    },
  },
  'topics.replicationFactor': {
    to: 2,
    makes: each(topicIds, (id) => ({ [`topics shop.demo.${id} replicationFactor`]: 2 })),
  },
  'topics.config': {
    to: { 'min.insync.replicas': '2' },
    makes: each(topicIds, (id) => ({ [`topics shop.demo.${id} config min.insync.replicas`]: '2' })),
  },
  'topics.uploads.partitions': { to: 12, makes: { 'topics shop.demo.uploads partitions': 12 } },
  'topics.uploads.retentionHours': {
    to: 24,
    makes: { 'topics shop.demo.uploads config retention.ms': String(24 * hour) },
  },
};

/** Proofs of the fields of `warmup`. */
export const warmUpProofs: Proofs = {
  'warmup.users': amount('WARMUP_USERS'),
  'warmup.videos': amount('WARMUP_VIDEOS'),
  'warmup.feed': amount('WARMUP_FEED'),
  'warmup.schedule': { to: '0 4 * * *', makes: warmsUpAgain },
  'warmup.onUpgrade': { to: false, makes: warmsUpAgain },
  'warmup.beforeReady': {
    to: true,
    makes: { 'condition CacheWarm': 'False WarmingUp the Job demo-warmup-# fills the cache' },
  },
};

const policies = [...services, 'transcoder', 'migrate', 'warmup', 'maintenance', 'gateway'];
const servers = ['mysql', 'redis', 'kafka', 'object-store'];

/** Proofs of sections with a few fields each. */
export const otherProofs: Proofs = {
  'auth.accessTokenSeconds': { to: 60, makes: told(['auth'], 'AUTH_ACCESS_TOKEN_SECONDS', '60') },
  'auth.minPasswordLength': { to: 8, makes: told(['auth'], 'AUTH_MIN_PASSWORD_LENGTH', '8') },
  'feed.pageSize': { to: 7, makes: told(['video'], 'FEED_PAGE_SIZE', '7') },
  'feed.cacheSize': {
    to: 100,
    makes: { ...told(['video', 'transcoder', 'warmup'], 'FEED_CACHE_SIZE', '100'), ...warmsUpAgain },
  },
  'lists.default': { to: 7, makes: told(['user', 'video'], 'LIST_DEFAULT', '7') },
  'networkPolicy.enabled': {
    to: false,
    makes: each(['default-deny', ...policies, ...servers], (name) => ({ [`NetworkPolicy demo-${name}`]: 'gone' })),
  },
  'networkPolicy.metricsNamespaces[]': {
    to: 'monitoring',
    makes: {
      ...each(['auth', 'user', 'video', 'publish', 'gateway'], (name) => ({
        [`NetworkPolicy demo-${name} spec ingress 1 from 1`]: readsMetrics,
      })),
      ...each(['like-writer', 'transcoder'], (name) => ({
        [`NetworkPolicy demo-${name} spec ingress 0 from 1`]: readsMetrics,
      })),
    },
  },
  deletionPolicy: { file: 'test/cluster/reconcile-deletion.test.ts', title: 'deletes both where the object says so' },
  paused: {
    file: 'test/cluster/reconcile-rollout.test.ts',
    title: 'changes nothing while it is paused, and goes on afterwards',
  },
};
