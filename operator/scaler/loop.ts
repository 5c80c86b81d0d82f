import type { V1Deployment } from '@kubernetes/client-node';
import type { Finding } from '../api/conditions.ts';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { Client } from '../kubernetes/client-types.ts';
import type { Clock } from '../kubernetes/clock.ts';
import type { EventRecorder } from '../kubernetes/events.ts';
import type { Log } from '../kubernetes/log.ts';
import { keyText, type Live } from '../kubernetes/objects.ts';
import { resources } from '../kubernetes/resources.ts';
import { childName } from '../resources/names.ts';
import type { KafkaAccess } from '../servers/kafka-client.ts';
import { noteOffsets, nothingWaits, oldestSeconds, type Waiting } from './age.ts';
import type { AskWorker } from './ask-worker.ts';
import { type Decision, decide } from './decide.ts';
import { type Scaled, scalingFinding } from './explain.ts';
import { type History, noHistory, withChange } from './history.ts';
import type { Lag, LagReader } from './lag.ts';
import { spareBusyTranscoders } from './spare-busy.ts';
import { isScaled, nextReadMs, scalerSpecOf, workOf } from './wanted.ts';

/** The manager of the number of transcoders. */
export const scaleManager = 'tiktok-lite-autoscaler';

/** How often is looked whose turn it is. */
const turnMs = 1_000;

export interface ScalerOptions {
  client: Pick<Client, 'scale' | 'list' | 'patchMerge'>;
  askWorker: AskWorker;
  /** Every platform that this process is responsible for. */
  platforms: () => Iterable<TiktokLite>;
  deployments: { get: (key: { namespace: string; name: string }) => Live<V1Deployment> | undefined };
  lags: LagReader;
  /** How to log in to the Kafka of a platform; undefined before its first pass has found out. */
  kafkaOf: (key: string) => KafkaAccess | undefined;
  events: Pick<EventRecorder, 'record'>;
  /** Told when the finding about a platform is another one. */
  changed: (key: string) => void;
  log: Log;
  clock: Clock;
}

/** Keeps the number of transcoders what the lag asks for. */
export interface Scaler {
  start: () => void;
  /** Resolves when nothing is under way any more. */
  stop: () => Promise<void>;
  findingOf: (platform: TiktokLite) => Finding;
}

interface Known {
  history: History;
  waiting: Waiting;
  dueMs: number;
  scaled?: Scaled;
  underWay?: Promise<void> | undefined;
}

/** Reads and decides for each platform in its own time; one whose brokers are silent keeps nobody else waiting. */
export function createScaler(options: ScalerOptions): Scaler {
  const { clock, log, platforms, changed } = options;
  const knownByKey = new Map<string, Known>();
  let cancel: (() => void) | undefined;

  const findingOf = (platform: TiktokLite) =>
    scalingFinding(platform, knownByKey.get(keyText(platform.metadata))?.scaled);

  const poll = async (platform: TiktokLite, kafka: KafkaAccess, known: Known): Promise<void> => {
    const before = findingOf(platform);
    const nextMs = await scaleOnce(platform, { kafka, known }, options);
    known.dueMs = clock.monotonicMs() + nextMs;
    if (JSON.stringify(findingOf(platform)) !== JSON.stringify(before)) changed(keyText(platform.metadata));
  };

  const take = (platform: TiktokLite, kafka: KafkaAccess, live: Live<V1Deployment>): void => {
    const key = keyText(platform.metadata);
    const nowMs = clock.monotonicMs();
    const known = knownByKey.get(key) ?? {
      history: noHistory(nowMs, live.spec?.replicas ?? 1),
      waiting: nothingWaits,
      dueMs: nowMs,
    };
    knownByKey.set(key, known);
    if (known.underWay || known.dueMs > nowMs) return;
    known.underWay = poll(platform, kafka, known)
      .catch((error: unknown) => {
        log.warn({ error, key }, 'transcoders could not be scaled: it is tried again');
        known.dueMs = clock.monotonicMs() + nextReadMs(platform, 1);
      })
      .finally(() => {
        known.underWay = undefined;
      });
  };

  const turn = (): void => {
    const scaled = new Set<string>();
    for (const platform of platforms()) {
      const kafka = options.kafkaOf(keyText(platform.metadata));
      const live = isScaled(platform) ? options.deployments.get(transcoderOf(platform)) : undefined;
      if (!kafka || !live) continue;
      scaled.add(keyText(platform.metadata));
      take(platform, kafka, live);
    }
    for (const key of knownByKey.keys()) if (!scaled.has(key)) knownByKey.delete(key);
    cancel = clock.schedule(turnMs, turn);
  };

  return {
    start: turn,
    stop: async () => {
      cancel?.();
      await Promise.all([...knownByKey.values()].map(({ underWay }) => underWay));
      await options.lags.close();
    },
    findingOf,
  };
}

const transcoderOf = (platform: TiktokLite) => ({
  namespace: platform.metadata.namespace,
  name: childName(platform, 'transcoder'),
});

/** Reads, decides, and scales where another number is wanted; answers with the time until the next look. */
async function scaleOnce(
  platform: TiktokLite,
  { kafka, known }: { kafka: KafkaAccess; known: Known },
  options: ScalerOptions,
): Promise<number> {
  const { work } = workOf(platform);
  let lag: Lag | undefined;
  let failure: string | undefined;
  try {
    lag = await options.lags.read(kafka, work);
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  const current = options.deployments.get(transcoderOf(platform))?.spec?.replicas ?? 1;
  const nowMs = options.clock.monotonicMs();
  if (lag) known.waiting = noteOffsets(known.waiting, lag.offsets, nowMs);
  const reading = lag && { ...lag, oldestSeconds: oldestSeconds(known.waiting, nowMs) };
  const decision = decide({ spec: scalerSpecOf(platform), current, reading, history: known.history, nowMs });
  known.history = decision.history;
  if (decision.replicas !== current) await carryOut(platform, { decision, current, lag: reading?.lag }, options);
  known.history = withChange(decision.history, { atMs: nowMs, from: current, to: decision.replicas });
  known.scaled = { replicas: decision.replicas, reason: decision.reason, lag: reading?.lag, failure };
  return nextReadMs(platform, decision.history.failures);
}

interface Step {
  decision: Decision;
  current: number;
  lag: number | undefined;
}

async function carryOut(platform: TiktokLite, { decision, current, lag }: Step, options: ScalerOptions): Promise<void> {
  const { client, events, log } = options;
  const { replicas, reason } = decision;
  const { apiVersion, kind, metadata } = platform;
  if (replicas > 0 && replicas < current) await spareBusyTranscoders(platform, options);
  await client.scale(resources.deployments, transcoderOf(platform), replicas, { fieldManager: scaleManager });
  log.info({ key: keyText(metadata), from: current, to: replicas, lag, reason }, 'transcoders are scaled');
  events.record({
    regarding: { apiVersion, kind, metadata },
    type: 'Normal',
    reason: replicas > current ? 'TranscodersAdded' : 'TranscodersRemoved',
    action: 'TranscoderScaling',
    note: `${current} → ${replicas} transcoders: ${reason}`,
  });
}
