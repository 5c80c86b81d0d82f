import assert from 'node:assert/strict';
import { contentHash } from './content-hash.ts';
import { fingerprint, judgeDrift, prepare } from './drift.ts';
import { reduceManagedFields } from './managed-fields.ts';
import type { Live, Manifest } from './objects.ts';
import { differences } from './subset.ts';

const hashAnnotation = 'example.dev/applied';
const options = { hashAnnotation };
const manifest = (data: Record<string, string>): Manifest<{ data: Record<string, string> }> => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace: 'shop', name: 'settings' },
  data,
});
const desired = prepare(manifest({ a: '1' }), hashAnnotation);
const asLive = (object: Manifest, more: object = {}): Live =>
  ({ ...object, ...more, metadata: { ...object.metadata, uid: 'u', resourceVersion: '1' } }) as Live;

describe('a prepared manifest', () => {
  const hashOf = ({ metadata }: Manifest) => metadata.annotations?.[hashAnnotation];

  it('carries a hash that changes with its content only', () => {
    assert.equal(
      hashOf(prepare(manifest({ a: '1', b: '2' }), hashAnnotation)),
      hashOf(prepare(manifest({ b: '2', a: '1' }), hashAnnotation)),
    );
    assert.notEqual(hashOf(desired), hashOf(prepare(manifest({ a: '2' }), hashAnnotation)));
  });

  it('keeps its other annotations, and the manifest it was made of stays as it was', () => {
    const original = {
      ...manifest({}),
      metadata: { namespace: 'shop', name: 'settings', annotations: { note: 'kept' } },
    };
    assert.equal(prepare(original, hashAnnotation).metadata.annotations?.note, 'kept');
    assert.deepEqual(original.metadata.annotations, { note: 'kept' });
  });

  it('has the plain texts of a Secret as data, where their removal can be seen', () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace: 'shop', name: 's' },
      data: { a: 'QQ==' },
      stringData: { b: 'B' },
    };
    const { data, stringData } = prepare(secret, hashAnnotation) as { data?: object; stringData?: object };
    assert.deepEqual([data, stringData], [{ a: 'QQ==', b: 'Qg==' }, undefined]);
  });
});

describe('content hash', () => {
  it('ignores the order of keys and fields that are undefined, not the order of lists', () => {
    assert.equal(contentHash({ a: 1, b: { c: 2, d: undefined } }), contentHash({ b: { c: 2 }, a: 1 }));
    assert.notEqual(contentHash([1, 2]), contentHash([2, 1]));
  });
});

describe('drift', () => {
  const judge = (live: Live | undefined, tolerated?: string) =>
    judgeDrift(desired, live, tolerated === undefined ? options : { ...options, tolerated });

  it('is none on an object that is as it was applied, whatever the server has added', () => {
    assert.deepEqual(judge(asLive(desired, { immutable: false })), { action: 'none' });
  });

  it('is an apply when the object is missing', () => {
    assert.deepEqual(judge(undefined), { action: 'apply', reason: 'it does not exist', differences: [] });
  });

  it('is an apply when something else is desired, although live has all of it', () => {
    const before = asLive(prepare(manifest({ a: '1', removed: 'now' }), hashAnnotation));
    const verdict = judge(before);
    assert.deepEqual(
      [verdict.action, 'reason' in verdict && verdict.reason],
      ['apply', 'something else is desired than before'],
    );
  });

  it('is an apply when a value was changed, and says which', () => {
    const verdict = judge(asLive({ ...desired, data: { a: 'changed' } } as Manifest));
    assert.deepEqual([verdict.action, 'reason' in verdict && verdict.reason], ['apply', 'changed: data.a']);
  });

  it('is a takeover when somebody has added a field, and says who', () => {
    const live = asLive(desired, {});
    live.metadata.managedFields = [
      { manager: 'kubectl-edit', operation: 'Update', apiVersion: 'v1', fieldsV1: { 'f:data': { 'f:b': {} } } },
    ];
    const verdict = judge(reduceManagedFields(live, { fieldManager: 'ours' }));
    assert.deepEqual(
      [verdict.action, 'reason' in verdict && verdict.reason],
      ['take over', 'fields were set by kubectl-edit'],
    );
  });

  it('is none for differences that remained when the same was applied, and only for those', () => {
    const insisted = asLive({ ...desired, data: { a: 'as the webhook wants it' } } as Manifest);
    const tolerated = fingerprint(differences(desired, insisted));
    assert.deepEqual(judge(insisted, tolerated), { action: 'none' });
    assert.equal(judge(asLive({ ...desired, data: { a: 'by hand' } } as Manifest), tolerated).action, 'apply');
  });
});
