import assert from 'node:assert/strict';
import { membershipsOf } from './membership.ts';

describe('lists that a follow touches', () => {
  const pair = { followerId: 1, followingId: 2, hasChanged: true };
  const touched = (change: Parameters<typeof membershipsOf>[0]) => {
    const { ofFollower, ofFollowing } = membershipsOf(change);
    return [...ofFollower, ...ofFollowing]
      .filter(({ isIn }) => isIn !== undefined)
      .map(({ userId, kind, isIn }) => `${isIn ? '+' : '-'}${kind} of ${userId}`);
  };

  it('are the following and the followers of the two', () => {
    assert.deepEqual(touched({ ...pair, follows: true, areFriends: false }), ['+following of 1', '+followers of 2']);
  });

  it('are those of friends too when it is returned, and when it ends', () => {
    assert.deepEqual(touched({ ...pair, follows: true, areFriends: true }), [
      ...['+following of 1', '+friends of 1'],
      ...['+followers of 2', '+friends of 2'],
    ]);
    assert.deepEqual(touched({ ...pair, follows: false, areFriends: false }), [
      ...['-following of 1', '-friends of 1'],
      ...['-followers of 2', '-friends of 2'],
    ]);
  });

  it('get nobody from a repetition', () => {
    const again = touched({ ...pair, follows: true, areFriends: true, hasChanged: false });
    assert.ok(again.every((list) => list.startsWith('-')));
  });
});
