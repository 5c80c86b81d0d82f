import type { Condition } from './tiktok-lite.ts';

/** What says whether a server that the platform needs can be used, its own or another. */
export const dependencyConditions = {
  database: 'DatabaseReady',
  cache: 'CacheReady',
  kafka: 'KafkaReady',
  objectStore: 'ObjectStoreReady',
} as const;

/** What each step of a rollout is judged by, in the order of the rollout. */
export const stepConditions = [
  'Accepted',
  'SecretsReady',
  ...Object.values(dependencyConditions),
  'InfrastructureReady',
  'TopicsReady',
  'Migrated',
  'ServicesAvailable',
  'CacheWarm',
  'TranscoderScaling',
] as const;

/** Every condition of a platform; all of them are there from the first pass on. */
export const conditionTypes = ['Ready', 'Reconciling', 'Stalled', ...stepConditions, 'Paused'] as const;

export type StepCondition = (typeof stepConditions)[number];
export type ConditionType = (typeof conditionTypes)[number];

/** What a pass found out about one condition. */
export interface Finding {
  type: StepCondition;
  status: Condition['status'];
  /** One word in CamelCase. */
  reason: string;
  /** A sentence; where something is wrong it says what to do. */
  message: string;
  /** Waiting changes nothing: the object or the cluster must be changed by somebody. */
  stalled?: true;
  /** An attempt failed; it is repeated. */
  failed?: true;
  /** It is as it should be, but something is still under way. */
  underWay?: true;
  /** The platform is complete without it. */
  advisory?: true;
}

export const conditionOf = (conditions: readonly Condition[] | undefined, type: ConditionType): Condition | undefined =>
  conditions?.find((condition) => condition.type === type);
