import { forgetOld, growthOf, type History } from './history.ts';
import { fewestAllowed, mostAllowed, type ScalingRules } from './policies.ts';

/** What the object says, in KEDA's words. */
export interface ScalerSpec {
  minReplicas: number;
  maxReplicas: number;
  /** Messages for one replica. */
  lagThreshold: number;
  /** Up to so many messages nothing is started. */
  activationLagThreshold: number;
  /** How long nothing may be wanted before the last replica goes. */
  cooldownSeconds: number;
  behavior: { scaleUp: ScalingRules; scaleDown: ScalingRules };
  fallback?: Fallback | undefined;
}

/** How many there should be when nobody knows the lag. */
export interface Fallback {
  /** Readings that may fail in a row. */
  failureThreshold: number;
  replicas: number;
  behavior: 'static' | 'currentReplicas' | 'currentReplicasIfHigher' | 'currentReplicasIfLower';
}

/** What waits or is worked on. */
export interface Reading {
  lag: number;
  partitions: number;
  /** Of the oldest message that is not done; absent when there is none. */
  oldestSeconds?: number | undefined;
}

/** What is known at the moment of a decision; no reading when it failed. */
export interface Situation {
  spec: ScalerSpec;
  current: number;
  reading: Reading | undefined;
  history: History;
  nowMs: number;
}

export type Reason =
  | 'LagUnknown'
  | 'FallbackActive'
  | 'Idle'
  | 'CoolingDown'
  | 'FollowsLag'
  | 'AtMaximum'
  | 'AtPartitions'
  | 'LagGrowing'
  | 'Stabilized'
  | 'PolicyLimited';

export interface Decision {
  replicas: number;
  reason: Reason;
  history: History;
}

type Outcome = Pick<Decision, 'replicas' | 'reason'>;

/**
 * How many replicas there should be: KEDA's rules in one step, without the tolerance of a HorizontalPodAutoscaler. From
 * nothing to as many as the lag asks for at once; to nothing only after the cooldown. Pure.
 */
export function decide(situation: Situation): Decision {
  const { reading, nowMs } = situation;
  const history = forgetOld(situation.history, nowMs);
  if (!reading) {
    const failures = history.failures + 1;
    return { ...withoutReading(situation, failures), history: { ...history, failures } };
  }
  const active = isActive(situation.spec, reading);
  const wish = wishOf(situation.spec, reading);
  const noted: History = {
    ...history,
    failures: 0,
    lastActiveMs: active ? nowMs : history.lastActiveMs,
    wishes: [...history.wishes, { atMs: nowMs, replicas: wish.replicas }],
    last: { atMs: nowMs, lag: reading.lag },
  };
  const outcome = active ? follow(situation, wish, noted) : rest(situation, wish, noted);
  return { ...outcome, history: noted };
}

/** Never nothing because of a failure: what runs goes on. */
function withoutReading({ spec, current }: Situation, failures: number): Outcome {
  const { fallback } = spec;
  if (!fallback || failures <= fallback.failureThreshold) return { replicas: current, reason: 'LagUnknown' };
  const replicas = clamp(fallbackReplicas(fallback, current), spec.minReplicas, spec.maxReplicas);
  return { replicas, reason: 'FallbackActive' };
}

function fallbackReplicas({ behavior, replicas }: Fallback, current: number): number {
  switch (behavior) {
    case 'static':
      return replicas;
    case 'currentReplicas':
      return current;
    case 'currentReplicasIfHigher':
      return Math.max(current, replicas);
    case 'currentReplicasIfLower':
      return Math.min(current, replicas);
  }
}

/** More messages than the threshold, or one that has waited longer than idle replicas would have been kept for it. */
const isActive = (spec: ScalerSpec, { lag, oldestSeconds = 0 }: Reading): boolean =>
  lag > spec.activationLagThreshold || (lag > 0 && oldestSeconds > spec.cooldownSeconds);

/** What the lag alone asks for; a partition has one consumer at most, so that more would be idle. */
function wishOf(spec: ScalerSpec, { lag, partitions }: Reading): Outcome {
  const most = Math.min(spec.maxReplicas, Math.max(partitions, 1));
  const wanted = Math.ceil(lag / spec.lagThreshold);
  const replicas = clamp(Math.min(wanted, most), spec.minReplicas, spec.maxReplicas);
  if (wanted <= most) return { replicas, reason: 'FollowsLag' };
  return { replicas, reason: partitions < spec.maxReplicas ? 'AtPartitions' : 'AtMaximum' };
}

/** Nothing has to be done: down to the minimum as rules allow, and to nothing after the cooldown, whatever they say. */
function rest(situation: Situation, wish: Outcome, history: History): Outcome {
  const { spec, current, nowMs } = situation;
  if (spec.minReplicas > 0) {
    const outcome = follow(situation, wish, history);
    return outcome.replicas === wish.replicas ? { ...outcome, reason: 'Idle' } : outcome;
  }
  const isOver = nowMs - history.lastActiveMs >= spec.cooldownSeconds * 1_000;
  if (current === 0 || isOver) return { replicas: 0, reason: 'Idle' };
  return { ...follow(situation, wish, history), reason: 'CoolingDown' };
}

/** Towards the wish, as far as windows and policies allow, and never to nothing; what is out of bounds comes back at once. */
function follow(situation: Situation, wish: Outcome, history: History): Outcome {
  const { spec, reading, nowMs } = situation;
  const current = clamp(situation.current, spec.minReplicas, spec.maxReplicas);
  const wanted = { ...wish, replicas: Math.max(wish.replicas, 1) };
  if (wanted.replicas === current) return wanted;
  const rules = { current, changes: history.changes, nowMs };
  if (wanted.replicas > current) return up(spec.behavior.scaleUp, { rules, history, wanted });
  const isGrowing = reading !== undefined && growthOf(situation.history, reading, nowMs) > 0;
  if (isGrowing) return { replicas: current, reason: 'LagGrowing' };
  return down(spec.behavior.scaleDown, { rules, history, wanted });
}

interface Move {
  rules: { current: number; changes: History['changes']; nowMs: number };
  history: History;
  wanted: Outcome;
}

/** The first one comes whatever the rules say: from nothing no percentage leads up. */
function up(scaleUp: ScalingRules, { rules, history, wanted }: Move): Outcome {
  const lowest = Math.min(...wishesWithin(scaleUp, history, rules.nowMs), wanted.replicas);
  const stable = Math.max(lowest, rules.current, 1);
  const replicas = Math.max(Math.min(stable, mostAllowed(scaleUp, rules)), 1);
  return { replicas, reason: heldBack(replicas, stable, wanted) };
}

function down(scaleDown: ScalingRules, { rules, history, wanted }: Move): Outcome {
  const highest = Math.max(...wishesWithin(scaleDown, history, rules.nowMs), wanted.replicas);
  const stable = Math.min(highest, rules.current);
  const replicas = Math.max(stable, fewestAllowed(scaleDown, rules));
  return { replicas, reason: heldBack(replicas, stable, wanted) };
}

function heldBack(replicas: number, stable: number, wanted: Outcome): Reason {
  if (replicas === wanted.replicas) return wanted.reason;
  return replicas === stable ? 'Stabilized' : 'PolicyLimited';
}

const wishesWithin = ({ stabilizationWindowSeconds }: ScalingRules, { wishes }: History, nowMs: number): number[] =>
  wishes.filter(({ atMs }) => atMs > nowMs - stabilizationWindowSeconds * 1_000).map(({ replicas }) => replicas);

const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);
