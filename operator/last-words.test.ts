import assert from 'node:assert/strict';
import { lastWords } from './last-words.ts';

const pod = (exitCode: number, finishedAt: string, message?: string) =>
  ({
    metadata: { name: 'demo-migrate-x', namespace: 'shop', uid: finishedAt },
    status: { containerStatuses: [{ state: { terminated: { exitCode, finishedAt, message } } }] },
  }) as unknown as Parameters<typeof lastWords>[0][number];

const line = (msg: string) => `${JSON.stringify({ level: 'fatal', msg })}\n`;

describe('the last words of a Job', () => {
  it('are the message of the last line of the pod that failed last', () => {
    const words = lastWords([
      pod(1, '2026-06-01T12:00:02Z', `${line('waiting')}${line('the process ends: a downgrade')}`),
      pod(1, '2026-06-01T12:00:01Z', line('earlier')),
      pod(0, '2026-06-01T12:00:03Z', line('done')),
    ]);
    assert.equal(words, 'a downgrade');
  });

  it('are the line itself when it is no line of ours', () => {
    assert.equal(lastWords([pod(137, '2026-06-01T12:00:01Z', 'Killed')]), 'Killed');
  });

  it('are unknown of a pod that said nothing, and of none', () => {
    assert.equal(lastWords([pod(1, '2026-06-01T12:00:01Z')]), undefined);
    assert.equal(lastWords([]), undefined);
  });
});
