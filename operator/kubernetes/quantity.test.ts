import assert from 'node:assert/strict';
import { isSameAmount, parseQuantity } from './quantity.ts';

describe('quantities', () => {
  it('are the same amount however they are written', () => {
    const same = [
      ['1', '1000m'],
      ['0.5', '500m'],
      ['1.5Gi', '1536Mi'],
      ['1Ki', '1024'],
      ['1k', '1000'],
      ['2e3', '2k'],
      ['1E', '1000P'],
      ['.5', '0.50'],
      ['100u', '100000n'],
      ['-1', '-1000m'],
    ] as const;
    for (const [a, b] of same) assert.ok(isSameAmount(a, b), `${a} is ${b}`);
    assert.ok(isSameAmount(2, '2'));
  });

  it('differ when the amounts differ', () => {
    for (const [a, b] of [
      ['1', '1001m'],
      ['1Mi', '1M'],
      ['1m', '1M'],
      ['1', '-1'],
    ] as const)
      assert.ok(!isSameAmount(a, b), `${a} is not ${b}`);
  });

  it('are exact where floating point is not', () => {
    assert.ok(isSameAmount('0.3', '300m'));
    assert.ok(!isSameAmount('9007199254740993', '9007199254740992'));
  });

  it('are none when the text says something else', () => {
    for (const text of ['', 'm', '1 Gi', 'one', '1.2.3', '1Kib', '1e', '0x10'])
      assert.equal(parseQuantity(text), undefined, text);
  });
});
