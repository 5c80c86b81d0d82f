import type { Chance } from './chance.ts';
import type { Form } from './form.ts';

/** Processes of which each may be killed, and how many of each there are. */
export const replicas = { video: 2, user: 2, 'like-writer': 3, publish: 1, transcoder: 1 } as const;

export type Killable = keyof typeof replicas;

/** Something that goes wrong. */
export type Fault =
  | { kind: 'kill'; component: Killable; replica: number; deadMs: number }
  | { kind: 'flush'; share: 'everything' | 'one master' }
  | { kind: 'restart redis'; master: number }
  | { kind: 'redeliver'; messages: number };

export interface PlannedFault {
  /** It strikes when so many operations of the round are acknowledged. */
  afterOperations: number;
  fault: Fault;
}

/** Out of ten kills; the one of the transcoder comes first, since what it held waits for the end of a lease. */
const killed: readonly Killable[] = [
  ...(['transcoder', 'like-writer', 'video', 'user', 'like-writer'] as const),
  ...(['video', 'like-writer', 'user', 'publish', 'like-writer'] as const),
];
const longestDeathMs = 2_000;
const masters = 3;
/** Parts of a round: what a caller sees of likes is only promised until Redis loses some, so it loses none at first. */
const firstLoss = 0.45;
const lastFault = 0.95;

/** Where faults strike in one round: each kind spread over it, at places that the seed decides. */
export function planRound(chance: Chance, form: Form): PlannedFault[] {
  const spread = (count: number, faultOf: (index: number) => Fault, from = 0): PlannedFault[] =>
    Array.from({ length: count }, (_, index) => ({
      afterOperations: Math.floor((from + ((index + chance.number()) / count) * (lastFault - from)) * form.operations),
      fault: faultOf(index),
    }));
  const kill = (index: number): Fault => {
    const component = killed[index % killed.length] ?? 'like-writer';
    const replica = chance.below(replicas[component]);
    return { kind: 'kill', component, replica, deadMs: chance.below(longestDeathMs) };
  };
  const planned = [
    ...spread(form.kills, kill),
    ...spread(form.flushes, () => ({ kind: 'flush', share: 'everything' }), firstLoss),
    ...spread(form.flushes / 2, () => ({ kind: 'flush', share: 'one master' }), firstLoss),
    ...spread(form.redisRestarts, () => ({ kind: 'restart redis', master: chance.below(masters) }), firstLoss),
    ...spread(form.redeliveries, () => ({ kind: 'redeliver', messages: 20 + chance.below(80) })),
  ];
  return planned.toSorted((a, b) => a.afterOperations - b.afterOperations);
}
