import { isDeepStrictEqual } from 'node:util';
import type { Manifest } from '../../kubernetes/objects.ts';
import { decoded } from '../../resources/secret.ts';
import type { RecordedRollout } from '../record-children.ts';

/** What is different: where, and what is there now. A whole object is `made` or `gone`, a part of one that is left out `unset`. */
export type Effect = Record<string, unknown>;

/** What a rollout does differently than another one, in objects, topics, conditions and address. */
export function effectOf(before: RecordedRollout, after: RecordedRollout): Effect {
  const effect: Effect = {};
  compareObjects(objectsOf(before), objectsOf(after), effect);
  compare('topics', named(before.topics?.desired), named(after.topics?.desired), effect);
  compare('brokers', before.topics?.kafka.brokers, after.topics?.kafka.brokers, effect);
  compare('condition', conditionsOf(before), conditionsOf(after), effect);
  compare('url', before.rollout.url, after.rollout.url, effect);
  return effect;
}

type Parts = Record<string, unknown>;

/** Hashes in names follow from what else is different, and so does the one with which pods are rolled. */
const withoutHash = (name: string): string => name.replace(/-[0-9a-f]{8}$/, '-#');
const isHash = (part: string): boolean => part.endsWith('-hash');
const isHex = (text: string): boolean => /^[0-9a-f]{8}$/.test(text);

const objectsOf = ({ children }: RecordedRollout): Map<string, Manifest> =>
  new Map(children.map((child) => [`${child.kind} ${withoutHash(child.metadata.name)}`, child]));

/** Conditions by type, with the sentence where something is not as it should be. */
const conditionsOf = ({ rollout }: RecordedRollout): Parts =>
  Object.fromEntries(
    rollout.findings.map(({ type, status, reason, message, advisory }) => [
      type,
      [
        `${status} ${reason}`,
        ...(status === 'True' ? [] : [message.replace(/-[0-9a-f]{8}\b/, '-#')]),
        ...(advisory ? ['(nothing waits for it)'] : []),
      ].join(' '),
    ]),
  );

function compareObjects(before: Map<string, Manifest>, after: Map<string, Manifest>, effect: Effect): void {
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [one, other] = [before.get(name), after.get(name)];
    if (one && other) compare(name, partsOf(one), partsOf(other), effect);
    else effect[name] = other ? 'made' : 'gone';
  }
}

/** The parts that can differ: name and kind are the same, and a Secret is read as a person reads it. */
function partsOf(manifest: Manifest): Parts {
  const { apiVersion: _version, kind, metadata, ...rest } = manifest as Manifest & { data?: Record<string, string> };
  const { name: _name, ...described } = metadata;
  return { ...rest, metadata: described, ...(kind === 'Secret' ? { data: decoded(rest.data) } : {}) };
}

function compare(path: string, before: unknown, after: unknown, effect: Effect): void {
  if (isDeepStrictEqual(before, after)) return;
  const [one, other] = [keyed(before), keyed(after)];
  if (!one || !other) {
    effect[path] = after === undefined ? 'unset' : newLines(before, after);
    return;
  }
  for (const part of new Set([...Object.keys(one), ...Object.keys(other)])) {
    if (!isHash(part)) compare(`${path} ${part}`, one[part], other[part], effect);
  }
}

/** Of a text of many lines those that were not there before; a hash is as good as another one. */
function newLines(before: unknown, after: unknown): unknown {
  if (typeof before !== 'string' || typeof after !== 'string') return after;
  if (!before.includes('\n')) return isHex(before) && isHex(after) ? 'another' : withoutHash(after);
  const known = new Set(before.split('\n'));
  return after
    .split('\n')
    .filter((line) => !known.has(line))
    .map((line) => line.trim())
    .join(' ');
}

const named = (list: readonly { name: string }[] = []): Parts =>
  Object.fromEntries(list.map((item) => [item.name, item]));

/** The parts of a value: of an object by key, of a list of named things by name, of one of other things by place. */
function keyed(value: unknown): Parts | undefined {
  if (!Array.isArray(value)) return isParts(value) ? value : undefined;
  if (value.every(isNamed)) return named(value);
  return value.every(isParts) ? { ...value } : undefined;
}

const isParts = (value: unknown): value is Parts =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isNamed = (value: unknown): value is { name: string } => isParts(value) && typeof value.name === 'string';
