import assert from 'node:assert/strict';
import { createLogger } from '../shared/logger.ts';
import { waitUntil } from './wait-until.ts';

const patience = {
  what: 'the database',
  logger: createLogger({ component: 'migrate', level: 'silent' }),
  timeoutMs: 50,
  intervalMs: 5,
};
const refused = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

describe('waitUntil', () => {
  it('repeats while the server is coming up', async () => {
    let calls = 0;
    const work = async () => {
      calls += 1;
      if (calls < 3) throw refused();
      return 'up';
    };
    assert.equal(await waitUntil(work, patience), 'up');
  });

  it('ends its patience and says for what', async () => {
    const error = /the database did not answer within 0.05 s: connect ECONNREFUSED/;
    await assert.rejects(
      waitUntil(() => Promise.reject(refused()), patience),
      error,
    );
  });

  it('does not repeat what waiting does not cure', async () => {
    let calls = 0;
    const work = async () => {
      calls += 1;
      throw new Error('Access denied for user');
    };
    await assert.rejects(waitUntil(work, patience), /the database cannot be used: Access denied/);
    assert.equal(calls, 1);
  });
});
