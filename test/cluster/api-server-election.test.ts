import assert from 'node:assert/strict';
import type { Client } from '../../operator/kubernetes/client-types.ts';
import {
  createLeaderElection,
  type LeaderElection,
  type LeaderTiming,
  NotLeaderError,
} from '../../operator/kubernetes/leader-election.ts';
import { silentLog } from '../../operator/kubernetes/log.ts';
import { resources } from '../../operator/kubernetes/resources.ts';
import { eventuallyHolds } from '../eventually.ts';
import type { ApiServer } from './api-server.ts';
import { freshNamespace, sharedApiServer } from './api-server-shared.ts';

interface Joining {
  client?: Client;
  timing?: LeaderTiming;
}

describe('leader election, against a real API server', function () {
  this.timeout(90_000);
  const timing = { leaseSeconds: 3, renewSeconds: 2, retrySeconds: 0.4 };
  let server: ApiServer;
  let namespace: string;
  let stories: Record<string, string[]>;
  let elections: LeaderElection[];

  const join = (identity: string, { client = server.client, timing: its = timing }: Joining = {}): LeaderElection => {
    const story: string[] = [];
    stories[identity] = story;
    const election = createLeaderElection({
      client,
      namespace,
      name: 'the-lease',
      identity,
      onStarted: () => story.push('started'),
      onStopped: (why) => story.push(why),
      log: silentLog,
      timing: its,
    });
    elections.push(election);
    election.start();
    return election;
  };
  const leads = (election: LeaderElection) => eventuallyHolds(() => assert.ok(election.isLeader()));
  const lease = () => server.client.get(resources.leases, { namespace, name: 'the-lease' });

  before(async () => {
    server = await sharedApiServer();
  });

  beforeEach(async () => {
    namespace = await freshNamespace(server.client);
    stories = {};
    elections = [];
  });

  afterEach(() => Promise.all(elections.map((election) => election.stop())));

  it('has one leader, whose stop lets the other lead at once', async () => {
    const first = join('first');
    await leads(first);
    const second = join('second');
    await eventuallyHolds(async () =>
      assert.notEqual((await lease()).spec?.renewTime, (await lease()).spec?.acquireTime),
    );
    assert.equal(second.isLeader(), false);
    assert.throws(() => second.assertLeader(), NotLeaderError);

    const stoppedMs = performance.now();
    await first.stop();
    assert.equal(first.isLeader(), false);
    await leads(second);
    assert.ok(performance.now() - stoppedMs < timing.leaseSeconds * 1000, 'waited for the end of the lease');
    assert.deepEqual(stories, { first: ['started', 'released'], second: ['started'] });
    assert.equal((await lease()).spec?.leaseTransitions, 1);
  });

  it('takes over from a leader that vanished, but not before its lease has ended', async () => {
    let reachable = true;
    const cut = server.client.guarded(() => {
      if (!reachable) throw new Error('cut off');
    });
    const vanished = join('vanished', { client: cut });
    await leads(vanished);
    const heir = join('heir');
    reachable = false;
    const lastRenewalMs = performance.now();
    await leads(heir);
    const waitedSeconds = (performance.now() - lastRenewalMs) / 1000;
    assert.ok(waitedSeconds > timing.leaseSeconds - timing.retrySeconds * 2, `took over after ${waitedSeconds} s`);
    assert.equal(vanished.isLeader(), false);
    assert.deepEqual(stories, { vanished: ['started', 'lost'], heir: ['started'] });
  });

  it('survives a restart of the API server', async () => {
    const only = join('only', { timing: { leaseSeconds: 30, renewSeconds: 20, retrySeconds: 0.4 } });
    await leads(only);
    await server.restart();
    const { resourceVersion } = (await lease()).metadata;
    await eventuallyHolds(async () => assert.notEqual((await lease()).metadata.resourceVersion, resourceVersion));
    assert.ok(only.isLeader());
    assert.deepEqual(stories, { only: ['started'] });
  });
});
