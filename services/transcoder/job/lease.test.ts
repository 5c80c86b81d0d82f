import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { keepLease, LeaseLost } from './lease.ts';

const aborted = (signal: AbortSignal) => signal.aborted || once(signal, 'abort');

describe('a kept lease', () => {
  it('goes on while it is renewed', async () => {
    let renewals = 0;
    const renew = async () => {
      renewals += 1;
      return true;
    };
    const lease = keepLease({ renew, leaseMs: 60 });
    await pause(300);
    lease.stop();
    assert.equal(lease.signal.aborted, false);
    assert.ok(renewals >= 3);
  });

  it('ends the work when somebody else has it', async () => {
    const lease = keepLease({ renew: async () => false, leaseMs: 30 });
    await aborted(lease.signal);
    assert.ok(lease.signal.reason instanceof LeaseLost);
  });

  it('bridges a database that is away for as long as the lease lasts, and no longer', async () => {
    let now = 0;
    const renew = () => Promise.reject(new Error('away'));
    const lease = keepLease({ renew, leaseMs: 30, clock: () => now });
    now = 29;
    await pause(40);
    assert.equal(lease.signal.aborted, false);
    now = 30;
    await aborted(lease.signal);
    assert.ok(lease.signal.reason instanceof LeaseLost);
  });
});
