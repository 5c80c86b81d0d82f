import assert from 'node:assert/strict';
import { intruders, reduceManagedFields, takeOver } from './managed-fields.ts';
import type { FieldsTree, ManagedFieldsEntry } from './objects.ts';
import { buildConfigMap } from './testing/objects.ts';

const policy = { fieldManager: 'ours', welcomeManagers: ['our-scaler'] };
const entry = (manager: string, fieldsV1: FieldsTree, more: Partial<ManagedFieldsEntry> = {}): ManagedFieldsEntry => ({
  manager,
  operation: 'Update',
  apiVersion: 'v1',
  fieldsType: 'FieldsV1',
  fieldsV1,
  ...more,
});
const own = entry('ours', { 'f:data': { 'f:ours': {} } }, { operation: 'Apply' });
const added = { 'f:data': { 'f:added': {} } };
const replicas = { 'f:spec': { 'f:replicas': {} } };
const withEntries = (...managedFields: ManagedFieldsEntry[]) => buildConfigMap('a', 7, { managedFields });
const reduced = (...entries: ManagedFieldsEntry[]) => reduceManagedFields(withEntries(...entries), policy);
const strict = { leavesReplicas: false };

describe('managed fields', () => {
  it('of an object as we left it are nothing', () => {
    assert.equal('managedFields' in reduced(own).metadata, false);
    assert.deepEqual(intruders(reduced(own), strict), []);
  });

  it('keep only what somebody else has set and should not have', () => {
    const object = reduced(own, entry('kubectl-edit', { 'f:metadata': { 'f:labels': { 'f:x': {} } }, ...added }));
    assert.deepEqual(object.metadata.managedFields, [{ manager: 'kubectl-edit', fieldsV1: added }]);
    assert.deepEqual(intruders(object, strict), ['kubectl-edit']);
  });

  const welcome: Record<string, ManagedFieldsEntry> = {
    'the status, by anybody': entry('somebody', { 'f:status': { 'f:phase': {} } }, { subresource: 'status' }),
    'labels and annotations': entry('kubectl-label', { 'f:metadata': { 'f:labels': { 'f:team': {} } } }),
    'what the controllers of Kubernetes complete': entry('kube-controller-manager', {
      'f:spec': { 'f:volumeName': {} },
    }),
    'replicas by a scaler that is welcome': entry('our-scaler', replicas, { subresource: 'scale' }),
    'a restart of the pods': entry('kubectl-rollout', {
      'f:spec': {
        'f:template': { 'f:metadata': { 'f:annotations': { '.': {}, 'f:kubectl.kubernetes.io/restartedAt': {} } } },
      },
    }),
    'fields in another version, which cannot be moved': entry('old', added, { apiVersion: 'v1beta1' }),
  };
  for (const [what, theirs] of Object.entries(welcome)) {
    it(`leave alone ${what}`, () => {
      assert.deepEqual(intruders(reduced(own, theirs), strict), []);
      assert.equal(takeOver(withEntries(own, theirs), policy, strict), undefined);
    });
  }

  it('do not count replicas that the manifest leaves to others', () => {
    const theirs = entry('kubectl', replicas);
    assert.deepEqual(intruders(reduced(own, theirs), strict), ['kubectl']);
    assert.deepEqual(intruders(reduced(own, theirs), { leavesReplicas: true }), []);
    assert.equal(takeOver(withEntries(own, theirs), policy, { leavesReplicas: true }), undefined);
  });

  it('count updates of our own manager, which an apply would not remove', () => {
    assert.deepEqual(intruders(reduced(own, entry('ours', added)), strict), ['ours']);
  });

  it('lose the copy of the last applied manifest that kubectl keeps in an annotation', () => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{}', note: 'kept' };
    const object = reduceManagedFields(buildConfigMap('a', 7, { annotations }), policy);
    assert.deepEqual(object.metadata.annotations, { note: 'kept' });
  });

  it('leave the object that they are reduced on as it was', () => {
    const object = withEntries(own);
    reduceManagedFields(object, policy);
    assert.deepEqual(object, withEntries(own));
  });
});

describe('taking over fields', () => {
  const patched = (...entries: ManagedFieldsEntry[]) => {
    const patch = takeOver(withEntries(...entries), policy, strict);
    assert.deepEqual(patch?.[0], { op: 'test', path: '/metadata/resourceVersion', value: '7' });
    const replace = patch?.[1];
    assert.ok(replace?.op === 'replace' && replace.path === '/metadata/managedFields');
    return replace.value as ManagedFieldsEntry[];
  };

  it('moves them into our entry, where the next apply removes them', () => {
    assert.deepEqual(patched(own, entry('kubectl-edit', added)), [
      { ...own, fieldsV1: { 'f:data': { 'f:ours': {}, 'f:added': {} } } },
    ]);
  });

  it('leaves others what they may have', () => {
    const labels = { 'f:metadata': { 'f:labels': { 'f:team': {} } } };
    const status = entry('somebody', { 'f:status': { 'f:phase': {} } }, { subresource: 'status' });
    const [ours, theirs, third] = patched(own, entry('kubectl-edit', { ...labels, ...added }), status);
    assert.deepEqual(ours?.fieldsV1, { 'f:data': { 'f:ours': {}, 'f:added': {} } });
    assert.deepEqual([theirs?.manager, theirs?.fieldsV1], ['kubectl-edit', labels]);
    assert.deepEqual(third, status);
  });

  it('makes an entry of ours on an object that we have never applied', () => {
    const [ours, ...others] = patched(entry('kubectl-create', added));
    assert.deepEqual(
      [ours?.manager, ours?.operation, ours?.apiVersion, ours?.fieldsV1],
      ['ours', 'Apply', 'v1', added],
    );
    assert.deepEqual(others, []);
  });
});
