import type { Finding } from '../api/conditions.ts';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { Reason } from './decide.ts';

/** What is known of a platform's scaling. */
export interface Scaled {
  replicas: number;
  reason: Reason;
  lag: number | undefined;
  failure?: string | undefined;
}

const because: Record<Reason, string> = {
  LagUnknown: 'the lag cannot be read: as many as before',
  FallbackActive: 'the lag cannot be read: as many as transcoder.autoscaling.fallback says',
  Idle: 'there is nothing to do',
  CoolingDown: 'there is nothing to do: the last one goes after the cooldown',
  FollowsLag: 'as many as the uploads need',
  AtMaximum: 'more would be needed: transcoder.autoscaling.maxReplicas is reached',
  AtPartitions: 'more would be needed: topics.uploads.partitions are as many',
  LagGrowing: 'fewer would do, but uploads become more',
  Stabilized: 'another number has to be needed for as long as the stabilization window',
  PolicyLimited: 'a policy of transcoder.autoscaling.behavior holds it back',
};

const byOthers = {
  none: { reason: 'FixedReplicas', message: 'as many as transcoder.replicas says' },
  keda: { reason: 'ScaledByKeda', message: 'as many as the ScaledObject of the transcoder says' },
  hpa: { reason: 'ScaledByProcessor', message: 'as many as the HorizontalPodAutoscaler of the transcoder says' },
} as const;

/** One digit of it, so that the status is not written for each upload. */
const roughly = (lag: number): number => {
  const step = 10 ** Math.floor(Math.log10(Math.max(lag, 1)));
  return Math.round(lag / step) * step;
};

/** The condition TranscoderScaling of a platform. The platform is complete without it. */
export function scalingFinding(platform: TiktokLite, scaled: Scaled | undefined): Finding {
  const finding = { type: 'TranscoderScaling', advisory: true } as const;
  const { mode } = platform.spec.transcoder.autoscaling;
  if (mode !== 'builtin') return { ...finding, status: 'True', ...byOthers[mode] };
  if (!scaled) return { ...finding, status: 'Unknown', reason: 'NotReadYet', message: 'the lag was not read yet' };
  const { replicas, reason, lag, failure } = scaled;
  const about = lag === undefined || lag === 0 ? '' : ` for about ${roughly(lag)} uploads`;
  const message = `${replicas} transcoders${about}: ${because[reason]}`;
  if (failure === undefined) return { ...finding, status: 'True', reason, message };
  return { ...finding, status: 'False', reason, message: `${message} (${failure})`, failed: true };
}
