import assert from 'node:assert/strict';
import { isExpired, KubernetesError } from './errors.ts';
import { GarbledWatchError, linesOf, parseWatchEvent } from './watch-events.ts';

describe('lines of a watch', () => {
  const split = async (...chunks: (string | Buffer)[]) => {
    const source = async function* () {
      for (const chunk of chunks) yield Buffer.from(chunk);
    };
    const lines: string[] = [];
    for await (const line of linesOf(source())) lines.push(line);
    return lines;
  };

  it('are cut at line ends, wherever the chunks end', async () => {
    assert.deepEqual(await split('a\nb', 'c\n', '\nd', 'e', 'f\n'), ['a', 'bc', '', 'def']);
  });

  it('keep a character whose bytes came in two chunks', async () => {
    const bytes = Buffer.from('"视频"\n');
    assert.deepEqual(await split(bytes.subarray(0, 2), bytes.subarray(2, 5), bytes.subarray(5)), ['"视频"']);
  });

  it('are an error when the last one was cut off', async () => {
    await assert.rejects(split('whole\nhal'), GarbledWatchError);
  });
});

describe('an event of a watch', () => {
  const parse = (event: object | string) =>
    parseWatchEvent(typeof event === 'string' ? event : JSON.stringify(event), 'WATCH /x');
  const object = { metadata: { name: 'a', resourceVersion: '7' } };

  it('is a change or a bookmark', () => {
    assert.deepEqual(parse({ type: 'ADDED', object }), { type: 'ADDED', object });
    assert.deepEqual(parse({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '9' } } }), {
      type: 'BOOKMARK',
      resourceVersion: '9',
    });
  });

  it('is thrown when it is an error of the server', () => {
    assert.throws(() => parse({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } }), isExpired);
    assert.throws(() => parse({ type: 'ERROR' }), KubernetesError);
  });

  it('is refused when it makes no sense, without quoting it', () => {
    const nonsense = [
      'hidden words',
      '7',
      'null',
      { type: 'ADDED' },
      { type: 'ADDED', object: {} },
      { type: 'SURPRISE', object },
      {},
    ];
    for (const event of nonsense) {
      assert.throws(
        () => parse(event),
        (error) => error instanceof GarbledWatchError && !/hidden words/.test(error.message),
      );
    }
  });
});
