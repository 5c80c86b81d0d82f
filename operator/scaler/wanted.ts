import { topicName } from '../../services/shared/topics.ts';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import { kafkaAddress } from '../resources/addresses.ts';
import type { ScalerSpec } from './decide.ts';
import type { Work } from './lag.ts';

/** Whether the number of transcoders is the scaler's, and not the object's. */
export const isScaled = ({ spec, metadata }: TiktokLite): boolean =>
  spec.transcoder.autoscaling.mode === 'builtin' && !spec.paused && !metadata.deletionTimestamp;

/** The rules of an object, with what it leaves open. */
export function scalerSpecOf({ spec }: TiktokLite): ScalerSpec {
  const { autoscaling } = spec.transcoder;
  const half = Math.floor(spec.topics.uploads.partitions / 2);
  const { maxReplicas = Math.max(1, half, autoscaling.minReplicas), ...rest } = autoscaling;
  return { ...rest, maxReplicas };
}

const longestBackoffMs = 60_000;

/** When the lag is read again: later after each failure, but not later than a minute unless that is the usual time. */
export function nextReadMs({ spec }: TiktokLite, failures: number): number {
  const usualMs = spec.transcoder.autoscaling.pollingSeconds * 1_000;
  return Math.max(usualMs, Math.min(usualMs * 2 ** failures, longestBackoffMs));
}

/** What a platform's transcoders work on: uploads, and those that are tried again. */
export function workOf(platform: TiktokLite): { brokers: string[]; work: Work[] } {
  const { brokers, topicPrefix } = kafkaAddress(platform);
  const group = `${topicPrefix}.transcoder`;
  return {
    brokers,
    work: [
      { topic: topicName(topicPrefix, 'uploads'), group },
      { topic: topicName(topicPrefix, 'uploadsRetry'), group: `${group}-retry` },
    ],
  };
}
