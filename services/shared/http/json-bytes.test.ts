import assert from 'node:assert/strict';
import { jsonArray } from './json-bytes.ts';

describe('JSON array of bytes', () => {
  const parts = (...texts: string[]) => texts.map((text) => Buffer.from(text));

  it('joins values of any number of parts', () => {
    const array = jsonArray([parts('{"a":', '"🎬"', '}'), parts('1')]);
    assert.deepEqual(JSON.parse(array.toString()), [{ a: '🎬' }, 1]);
    assert.equal(jsonArray([]).toString(), '[]');
  });
});
