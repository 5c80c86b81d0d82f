import assert from 'node:assert/strict';
import { Registry } from 'prom-client';
import type { Client } from './client-types.ts';
import { ConnectionError, KubernetesError } from './errors.ts';
import { createLeaderElection, type LeaderElection, NotLeaderError } from './leader-election.ts';
import type { Lease, LeaseSpec } from './lease.ts';
import { silentLog } from './log.ts';
import { createMachineryMetrics } from './metrics.ts';
import type { Live } from './objects.ts';
import { createManualClock, type ManualClock } from './testing/manual-clock.ts';

/** One Lease with the precondition of the API server, and a switch for the network of each candidate. */
function createLeaseServer() {
  let lease: Live<Lease> | undefined;
  let version = 0;
  const store = (spec: LeaseSpec) => {
    version += 1;
    const metadata = { namespace: 'shop', name: 'lease', uid: 'u', resourceVersion: String(version) };
    lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
    return lease;
  };
  const clientFor = (network: { isUp: boolean; losesNextAnswer: boolean }) => {
    const check = () => {
      if (!network.isUp) throw new ConnectionError('PATCH', new Error('unreachable'));
    };
    return {
      find: async () => {
        check();
        return lease;
      },
      create: async (_: unknown, { spec }: { spec: LeaseSpec }) => {
        check();
        if (lease) throw new KubernetesError('POST', { code: 409, reason: 'AlreadyExists' });
        return store(spec);
      },
      patchMerge: async (
        _: unknown,
        __: unknown,
        changes: { metadata: { resourceVersion: string }; spec: LeaseSpec },
      ) => {
        check();
        if (changes.metadata.resourceVersion !== lease?.metadata.resourceVersion)
          throw new KubernetesError('PATCH', { code: 409, reason: 'Conflict' });
        const stored = store({ ...lease.spec, ...changes.spec });
        if (!network.losesNextAnswer) return stored;
        network.losesNextAnswer = false;
        throw new ConnectionError('PATCH', new Error('given up'));
      },
    } as unknown as Pick<Client, 'find' | 'create' | 'patchMerge'>;
  };
  return { clientFor, spec: () => lease?.spec, version: () => version };
}

describe('leader election', () => {
  let clock: ManualClock;
  let server: ReturnType<typeof createLeaseServer>;
  let registry: Registry;

  beforeEach(() => {
    clock = createManualClock();
    server = createLeaseServer();
    registry = new Registry();
  });

  const join = (identity: string, withMetrics = false) => {
    const network = { isUp: true, losesNextAnswer: false };
    const story: string[] = [];
    const election: LeaderElection = createLeaderElection({
      client: server.clientFor(network),
      namespace: 'shop',
      name: 'lease',
      identity,
      onStarted: () => story.push('started'),
      onStopped: (why) => story.push(why),
      log: silentLog,
      clock,
      random: () => 0.5,
      metrics: withMetrics ? createMachineryMetrics(registry).leader : undefined,
    });
    election.start();
    return { election, network, story };
  };
  const master = async () => (await registry.getSingleMetric('leader_election_master_status')?.get())?.values[0]?.value;

  it('makes the first candidate lead, and renew every two seconds', async () => {
    const first = join('first', true);
    await clock.advance(0);
    assert.ok(first.election.isLeader());
    assert.equal(await master(), 1);
    const before = server.version();
    await clock.advance(20_000);
    assert.equal(server.version() - before, 10);
    assert.deepEqual(first.story, ['started']);
    await first.election.stop();
    assert.equal(await master(), 0);
  });

  it('lets a second candidate wait, and lead within three seconds after the first has stopped', async () => {
    const first = join('first');
    await clock.advance(0);
    const second = join('second');
    await clock.advance(60_000);
    assert.equal(second.election.isLeader(), false);
    await first.election.stop();
    assert.equal(server.spec()?.holderIdentity, '');
    await clock.advance(3_000);
    assert.ok(second.election.isLeader());
    assert.deepEqual([first.story, second.story], [['started', 'released'], ['started']]);
    await second.election.stop();
  });

  it('lets go of the lease also when its last renewal was stored and the answer was lost', async () => {
    const first = join('first');
    await clock.advance(0);
    first.network.losesNextAnswer = true;
    await clock.advance(2_000);
    assert.equal(first.network.losesNextAnswer, false);
    await first.election.stop();
    assert.equal(server.spec()?.holderIdentity, '');
  });

  it('lets nobody lead before the lease of a vanished leader has ended, and somebody soon after', async () => {
    const first = join('first');
    await clock.advance(0);
    const second = join('second');
    await clock.advance(30_000);
    first.network.isUp = false;
    await clock.advance(12_000);
    assert.deepEqual([first.election.isLeader(), second.election.isLeader()], [false, false]);
    await clock.advance(5_500);
    assert.ok(second.election.isLeader());
    assert.deepEqual(first.story, ['started', 'lost']);
    await second.election.stop();
  });

  it('never has two leaders, whenever the first one is cut off', async () => {
    for (let offset = 0; offset < 4_000; offset += 333) {
      server = createLeaseServer();
      const [first, second] = [join('first'), join('second')];
      await clock.advance(10_000 + offset);
      first.network.isUp = false;
      for (let step = 0; step < 200; step += 1) {
        await clock.advance(100);
        assert.ok(!(first.election.isLeader() && second.election.isLeader()));
      }
      assert.ok(second.election.isLeader());
      await second.election.stop();
    }
  });

  it('refuses writes at once after a stall that outlasted the renewal, before any timer has run', async () => {
    const first = join('first');
    await clock.advance(0);
    first.election.assertLeader();
    clock.stall(11_000);
    assert.equal(first.election.isLeader(), false);
    assert.throws(() => first.election.assertLeader(), NotLeaderError);
    await clock.advance(0);
    assert.deepEqual(first.story, ['started', 'lost']);
  });

  it('survives an API server that is away for less than the renewal', async () => {
    const first = join('first');
    await clock.advance(0);
    first.network.isUp = false;
    await clock.advance(7_000);
    first.network.isUp = true;
    await clock.advance(20_000);
    assert.ok(first.election.isLeader());
    assert.deepEqual(first.story, ['started']);
    await first.election.stop();
  });

  it('ends without a word when it is stopped before it ever led', async () => {
    const first = join('first');
    await clock.advance(0);
    const second = join('second');
    await clock.advance(1_000);
    const version = server.version();
    await second.election.stop();
    assert.deepEqual(second.story, []);
    assert.equal(server.version(), version);
    await first.election.stop();
    assert.equal(clock.pendingTimers(), 0);
  });
});
