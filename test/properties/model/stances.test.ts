import assert from 'node:assert/strict';
import { createStances } from './stances.ts';

describe('what the model knows of a person', () => {
  it('is what was last acknowledged', () => {
    const stances = createStances();
    assert.deepEqual([stances.allows(1, false), stances.allows(1, true)], [true, false]);
    stances.said(1, true, 'acknowledged');
    stances.said(2, true, 'acknowledged');
    stances.said(2, false, 'acknowledged');
    assert.deepEqual([stances.allows(1, false), stances.allows(1, true)], [false, true]);
    assert.deepEqual([...stances.certain()], [1]);
    assert.deepEqual([...stances.uncertain()], []);
  });

  it('is both after a lost reply, until the next acknowledged one', () => {
    const stances = createStances();
    stances.said(1, true, 'acknowledged');
    stances.said(1, false, 'lost');
    assert.deepEqual([stances.allows(1, false), stances.allows(1, true)], [true, true]);
    stances.said(1, true, 'lost');
    assert.deepEqual([...stances.uncertain()], [1]);
    stances.said(1, false, 'acknowledged');
    assert.deepEqual([stances.allows(1, false), stances.allows(1, true)], [true, false]);
  });

  it('is no longer open when a repetition is lost', () => {
    const stances = createStances();
    stances.said(1, true, 'acknowledged');
    stances.said(1, true, 'lost');
    assert.deepEqual([...stances.certain()], [1]);
  });

  it('is what the rows hold, once they are read', () => {
    const stances = createStances();
    stances.said(1, true, 'lost');
    stances.said(2, true, 'lost');
    stances.learn(new Set([2]));
    assert.deepEqual([...stances.certain()], [2]);
    assert.equal(stances.allows(1, true), false);
  });

  it('has an order, by when each became what it is, as far as that is known', () => {
    const stances = createStances();
    for (const target of [1, 2, 3, 1]) stances.said(target, true, 'acknowledged');
    stances.said(4, true, 'lost');
    stances.said(4, true, 'acknowledged');
    stances.said(2, false, 'acknowledged');
    stances.said(2, true, 'acknowledged');
    assert.deepEqual(stances.inOrder(), [2, 3, 1]);
  });
});
