import { isDeepStrictEqual } from 'node:util';
import {
  type ConditionType,
  conditionOf,
  conditionTypes,
  type Finding,
  type StepCondition,
  stepConditions,
} from './api/conditions.ts';
import type { ComponentStatus, Condition, TiktokLite, TiktokLiteStatus } from './api/tiktok-lite.ts';
import type { WarmUpStatus } from './api/warm-up.ts';
import { type FoundTopic, recreations, topicStatuses } from './topics/recreated.ts';

/** What a pass has seen, from which the whole status follows. */
export interface Observation {
  /** Of the steps that the pass reached. */
  findings: readonly Finding[];
  components: ComponentStatus[];
  /** Absent before the address is known. */
  url?: string | undefined;
  /** Version of the services that the pass has rolled out completely; absent when it has not. */
  version?: string | undefined;
  /** Topics as the brokers have them; absent when they were not reached. */
  topics?: readonly FoundTopic[] | undefined;
  /** Names of the settings that were made on the topics; absent when they were not reached. */
  topicSettings?: string[] | undefined;
  /** What the cache says of its last warm-up; absent when it says nothing. */
  warmUp?: WarmUpStatus | undefined;
}

type Judgement = Pick<Condition, 'status' | 'reason' | 'message'>;

/** The status that follows from what a pass saw. Pure but for the time, which counts only where a condition flips or a topic was lost. */
export function statusOf(platform: TiktokLite, observation: Observation, now: Date): TiktokLiteStatus {
  const previous = platform.status;
  const judged = judgements(platform, observation);
  const conditions = conditionTypes.flatMap((type) => {
    const known = conditionOf(previous?.conditions, type);
    const judgement = judged[type];
    if (judgement) return [conditionFrom(type, judgement, known, { generation: platform.metadata.generation, now })];
    return known
      ? [known]
      : [conditionFrom(type, unknown, undefined, { generation: platform.metadata.generation, now })];
  });
  const version = observation.version ?? previous?.version;
  const url = observation.url ?? previous?.url;
  const warmUp = observation.warmUp ?? previous?.warmUp;
  const topicSettings = observation.topicSettings ?? previous?.topicSettings ?? [];
  const topics = observation.topics
    ? topicStatuses(previous?.topics, observation.topics, toSeconds(now))
    : (previous?.topics ?? []);
  return {
    observedGeneration: platform.metadata.generation,
    ...(version === undefined ? {} : { version }),
    ...(url === undefined ? {} : { url }),
    transcoders: transcodersOf(observation.components),
    components: observation.components,
    ...(topicSettings.length === 0 ? {} : { topicSettings }),
    ...(topics.length === 0 ? {} : { topics }),
    ...(warmUp === undefined ? {} : { warmUp }),
    conditions,
  };
}

/** Of a paused platform only that is told; everything else stays as it was when it was last looked at. */
export function pausedStatusOf(platform: TiktokLite, now: Date): TiktokLiteStatus {
  const { generation } = platform.metadata;
  const conditions = conditionTypes.map((type) => {
    const known = conditionOf(platform.status?.conditions, type);
    if (type === 'Paused') return conditionFrom(type, paused, known, { generation, now });
    if (type === 'Reconciling') return conditionFrom(type, resting, known, { generation, now });
    return (
      known ??
      conditionFrom(type, { ...unknown, message: 'not looked at: the platform is paused' }, known, { generation, now })
    );
  });
  return { ...platform.status, conditions };
}

const unknown: Judgement = { status: 'Unknown', reason: 'NotReached', message: 'not looked at yet' };
const paused: Judgement = { status: 'True', reason: 'Paused', message: 'no change is made until spec.paused is false' };
const resting: Judgement = { status: 'False', reason: 'Paused', message: 'the platform is paused' };

function judgements(platform: TiktokLite, { findings, url }: Observation): Partial<Record<ConditionType, Judgement>> {
  const open = findings.find(({ status, underWay, advisory }) => !advisory && (status !== 'True' || underWay));
  const judged: Partial<Record<ConditionType, Judgement>> = {
    Ready: open
      ? { status: 'False', reason: open.reason, message: open.message }
      : { status: 'True', reason: 'Ready', message: `serves at ${url}` },
    Reconciling:
      open && !open.stalled
        ? { status: 'True', reason: open.reason, message: open.message }
        : {
            status: 'False',
            reason: open ? 'Stalled' : 'Done',
            message: open ? open.message : 'everything is as wanted',
          },
    Stalled: open?.stalled
      ? { status: 'True', reason: open.reason, message: open.message }
      : { status: 'False', reason: 'NotStalled', message: 'nothing needs anybody’s help' },
    Paused: { status: 'False', reason: 'NotPaused', message: 'changes are made as the object asks for them' },
  };
  for (const { type, status, reason, message } of findings) judged[type] = { status, reason, message };
  for (const type of notReached(findings)) {
    const judgement = waitingFor(platform, type, open);
    if (judgement) judged[type] = judgement;
  }
  return judged;
}

const notReached = (findings: readonly Finding[]): StepCondition[] =>
  stepConditions.filter((type) => !findings.some((finding) => finding.type === type));

/** A step that was not reached keeps what was last found about it, of the generation for which that was; at first it waits. */
function waitingFor(platform: TiktokLite, type: StepCondition, open: Finding | undefined): Judgement | undefined {
  const known = conditionOf(platform.status?.conditions, type);
  if (known && known.status === 'True') return undefined;
  return { status: 'Unknown', reason: 'Waiting', message: open ? `waits for ${open.type}` : unknown.message };
}

interface Moment {
  generation: number;
  now: Date;
}

function conditionFrom(
  type: ConditionType,
  { status, reason, message }: Judgement,
  known: Condition | undefined,
  { generation, now }: Moment,
): Condition {
  const lastTransitionTime = known?.status === status ? known.lastTransitionTime : toSeconds(now);
  return { type, status, reason, message, lastTransitionTime, observedGeneration: generation };
}

/** Times of conditions have no fractions of a second. */
const toSeconds = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');

function transcodersOf(components: readonly ComponentStatus[]): string {
  const { ready = 0, desired = 0 } = components.find(({ name }) => name === 'transcoder') ?? {};
  return `${ready}/${desired}`;
}

/** Whether nothing would change: a status that is the same is not written. */
export const isSameStatus = (one: TiktokLiteStatus | undefined, other: TiktokLiteStatus): boolean =>
  isDeepStrictEqual(one, other);

/** Something that happened to a platform, for `kubectl describe`. */
export interface Happening {
  type: 'Normal' | 'Warning';
  reason: string;
  note: string;
  action: string;
}

/** What changed between two statuses, told once: each step as it starts waiting, is done, or fails, and the end of it all. */
export function happenings(
  previous: TiktokLiteStatus | undefined,
  next: TiktokLiteStatus,
  findings: readonly Finding[],
): Happening[] {
  const told: readonly ConditionType[] = [...stepConditions, 'Paused', 'Ready'];
  const losses = recreations(previous?.topics, next.topics).map(
    (note) => ({ type: 'Warning', reason: 'TopicRecreated', note, action: 'TopicsReady' }) as const,
  );
  const changes = told.flatMap((type) => {
    const before = conditionOf(previous?.conditions, type);
    const after = conditionOf(next.conditions, type);
    if (!after || (before?.status === after.status && before.reason === after.reason)) return [];
    if (!isNews(type, before, after)) return [];
    const wrong = findings.some((finding) => finding.type === type && (finding.stalled || finding.failed));
    return [{ type: wrong ? 'Warning' : 'Normal', reason: after.reason, note: after.message, action: type } as const];
  });
  return [...losses, ...changes];
}

/** That something is not known yet, not ready or (at first) not paused follows from other news. */
function isNews(type: ConditionType, before: Condition | undefined, { status }: Condition): boolean {
  if (type === 'Ready') return status === 'True';
  if (type === 'Paused') return status === 'True' || before?.status === 'True';
  return status !== 'Unknown';
}
