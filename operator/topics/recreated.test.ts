import assert from 'node:assert/strict';
import { recreations, topicStatuses } from './recreated.ts';

const [noon, later] = ['2030-01-01T12:00:00Z', '2030-01-01T13:00:00Z'];
const likes = (messages: number) => ({ name: 'shop.demo.likes', partitions: 6, messages });

describe('a topic that was made again', () => {
  it('is one with fewer messages than before', () => {
    const first = topicStatuses(undefined, [likes(120)], noon);
    assert.deepEqual(first, [likes(120)]);
    assert.deepEqual(topicStatuses(first, [likes(120)], later), [likes(120)]);
    assert.deepEqual(topicStatuses(first, [likes(150)], later), [likes(150)]);
    assert.deepEqual(topicStatuses(first, [likes(3)], later), [{ ...likes(3), recreatedTime: later }]);
  });

  it('is remembered, and told once with what was lost', () => {
    const before = topicStatuses(undefined, [likes(120)], noon);
    const after = topicStatuses(before, [likes(3)], noon);
    const [note = '', ...more] = recreations(before, after);
    assert.match(note, /shop\.demo\.likes was deleted and made again: 120 messages .* and 3 to this one.* is lost$/);
    assert.deepEqual(more, []);
    const afterwards = topicStatuses(after, [likes(9)], later);
    assert.deepEqual(afterwards, [{ ...likes(9), recreatedTime: noon }]);
    assert.deepEqual(recreations(after, afterwards), []);
    assert.equal(recreations(afterwards, topicStatuses(afterwards, [likes(0)], later)).length, 1);
  });

  it('is not one that is seen for the first time, or that is wanted no more', () => {
    assert.deepEqual(recreations(undefined, topicStatuses(undefined, [likes(0)], noon)), []);
    assert.deepEqual(topicStatuses([likes(120)], [], noon), []);
  });
});
