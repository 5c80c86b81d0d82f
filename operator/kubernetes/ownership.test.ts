import assert from 'node:assert/strict';
import type { OwnerReference } from './objects.ts';
import { ownershipProblem } from './ownership.ts';
import { buildConfigMap } from './testing/objects.ts';

const owner = (name: string, uid: string): OwnerReference => ({
  apiVersion: 'v1',
  kind: 'Shop',
  name,
  uid,
  controller: true,
});
const labels = { 'app.kubernetes.io/instance': 'demo' };
const desired = buildConfigMap('a', 1, { labels, ownerReferences: [owner('demo', 'u1')] });

describe('ownership', () => {
  it('is ours when our owner controls the object', () => {
    assert.equal(
      ownershipProblem(desired, buildConfigMap('a', 2, { ownerReferences: [owner('demo', 'u1')] })),
      undefined,
    );
  });

  it('is ours to take when nobody controls an object with all our labels', () => {
    assert.equal(ownershipProblem(desired, buildConfigMap('a', 2, { labels: { ...labels, more: 'x' } })), undefined);
  });

  it("is not ours when the object is somebody else's, made by hand, or of an owner that is gone", () => {
    const problem = (meta: Parameters<typeof buildConfigMap>[2]) =>
      ownershipProblem(desired, buildConfigMap('a', 2, meta));
    assert.match(problem({ ownerReferences: [owner('other', 'u2')] }) ?? '', /belongs to Shop other: delete or rename/);
    assert.match(problem({}) ?? '', /not made by this operator: delete or rename/);
    assert.match(problem({ labels, ownerReferences: [owner('demo', 'u0')] }) ?? '', /still belongs to a deleted Shop/);
  });

  it('goes by the labels alone where the object is to have no owner', () => {
    const ownerless = buildConfigMap('a', 1, { labels });
    const ownerReferences = [owner('demo', 'u1')];
    assert.equal(ownershipProblem(ownerless, buildConfigMap('a', 2, { labels, ownerReferences })), undefined);
    assert.equal(ownershipProblem(ownerless, buildConfigMap('a', 2, { labels })), undefined);
    assert.match(ownershipProblem(ownerless, buildConfigMap('a', 2)) ?? '', /not made by this operator/);
    assert.equal(ownershipProblem(buildConfigMap('a', 1), buildConfigMap('a', 2)), undefined);
  });
});
