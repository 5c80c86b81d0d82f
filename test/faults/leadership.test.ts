import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { LeaderTiming } from '../../operator/kubernetes/leader-election.ts';
import { resources } from '../../operator/kubernetes/resources.ts';
import type { ApiServer } from '../cluster/api-server.ts';
import { isWrite } from '../cluster/api-server-audit.ts';
import { freshNamespace, sharedApiServer } from '../cluster/api-server-shared.ts';
import { eventuallyHolds } from '../eventually.ts';
import { isFull, rounds } from './form.ts';
import type { Fault } from './proxy.ts';
import { type Replica, startReplica } from './replicas.ts';

const timing: LeaderTiming = isFull
  ? { leaseSeconds: 15, renewSeconds: 10, retrySeconds: 2 }
  : { leaseSeconds: 3, renewSeconds: 2, retrySeconds: 0.4 };
const { leaseSeconds, renewSeconds, retrySeconds } = timing;
/** What is promised on a machine that has time; the short form runs beside other tests. */
const firstPassMs = isFull ? 1_000 : 5_000;
/** Rounds that run side by side: most of their time is waiting. */
const sideBySide = 4;

const cutOff: Fault = {
  name: 'cut off',
  cutsWatches: true,
  onRequest: () => true, // never answered
  onLine: (_, stream) => stream.silence(),
};

describe(`two replicas (lease of ${leaseSeconds} s, ${rounds} rounds of each)`, function () {
  this.timeout(120_000 + (rounds / sideBySide) * leaseSeconds * 4_000);
  let server: ApiServer;

  before(async () => {
    server = await sharedApiServer();
  });

  it('a killed leader is followed within the lease and a retry', async () => {
    const tookSeconds = await repeated(async ({ leader, heir }) => {
      const killedMs = Date.now();
      leader.signal('SIGKILL');
      return (await followed(heir)) - killedMs;
    });
    assert.ok(Math.max(...tookSeconds) <= leaseSeconds + 2 * retrySeconds + 1, `took ${tookSeconds} s`);
    assert.ok(median(tookSeconds) <= leaseSeconds + retrySeconds, `took ${tookSeconds} s`);
  });

  it('a leader that stops in order is followed at once', async () => {
    const tookSeconds = await repeated(async ({ leader, heir }) => {
      const stoppedMs = Date.now();
      leader.signal('SIGTERM');
      const tookMs = (await followed(heir)) - stoppedMs;
      await leader.ended;
      return tookMs;
    });
    assert.ok(Math.max(...tookSeconds) <= Math.max(3, 2 * retrySeconds), `took ${tookSeconds} s`);
  });

  it('a leader that stood still finds out before it writes anything more', async () => {
    await repeated(async ({ leader, heir, namespace, user }) => {
      leader.signal('SIGSTOP');
      const ledMs = await followed(heir);
      await pause(500); // both would write now
      const continuedMs = Date.now();
      leader.signal('SIGCONT');
      await leader.ended;
      await pause(1_000);
      const late = writesOf(leader, namespace).filter(({ receivedMs }) => receivedMs > ledMs);
      assert.ok(late.length <= workers, `${late.length} writes after another one led`);
      assert.deepEqual(
        late.filter(({ receivedMs }) => receivedMs > continuedMs + 1_000),
        [],
      );
      const alien = late.filter(({ code, body }) => code < 300 && !user.hasAskedFor(body));
      assert.deepEqual(alien, [], 'neither refused nor what was asked for');
      await user.stop();
      await eventuallyHolds(() => assertAsAsked(namespace));
      return 0;
    });
  });

  it('a leader that is cut off gives up before another one leads', async () => {
    const tookSeconds = await repeated(async ({ leader, heir, namespace }) => {
      leader.proxy.begin(cutOff, Number.POSITIVE_INFINITY);
      const cutMs = Date.now();
      const lostMs = await leader.until('lost');
      const ledMs = await followed(heir);
      assert.ok(lostMs < ledMs, `gave up ${lostMs - ledMs} ms after another one led`);
      assert.deepEqual(
        writesOf(leader, namespace).filter(({ receivedMs }) => receivedMs > ledMs),
        [],
      );
      return ledMs - cutMs;
    });
    assert.ok(Math.max(...tookSeconds) <= leaseSeconds + 2 * retrySeconds + 1, `took ${tookSeconds} s`);
    assert.ok(Math.min(...tookSeconds) >= renewSeconds - retrySeconds, `took ${tookSeconds} s`);
  });

  /** Passes that a replica has under way at most. */
  const workers = 10;

  const writesOf = (replica: Replica, namespace: string) =>
    server
      .requestsOf(replica.user)
      .filter((request) => isWrite(request) && request.namespace === namespace && request.resource !== 'leases');

  /** What the last leader left is what the user asked for last. */
  async function assertAsAsked(namespace: string): Promise<void> {
    const imageOf = async (name: string) =>
      (await server.client.get(resources.configMaps, { namespace, name })).data?.image;
    assert.equal(await imageOf('parent-settings'), await imageOf('parent'));
  }

  /** When the heir led; its first pass must come soon, for its stores are full. */
  async function followed(heir: Replica): Promise<number> {
    const ledMs = await heir.until('leading');
    const passedMs = await heir.until('passed');
    assert.ok(passedMs - ledMs <= firstPassMs, `the first pass came ${passedMs - ledMs} ms after the lead`);
    return ledMs;
  }

  interface Pair {
    leader: Replica;
    heir: Replica;
    namespace: string;
    user: BusyUser;
  }

  /** Repeats with fresh pairs, and answers with what `round` measured, in s. */
  async function repeated(round: (pair: Pair) => Promise<number>): Promise<number[]> {
    const tookSeconds: number[] = [];
    for (let done = 0; done < rounds; done += sideBySide) {
      const batch = Array.from({ length: Math.min(sideBySide, rounds - done) }, () => withPair(round));
      tookSeconds.push(...(await Promise.all(batch)).map((ms) => ms / 1000));
    }
    return tookSeconds;
  }

  async function withPair(round: (pair: Pair) => Promise<number>): Promise<number> {
    const namespace = await freshNamespace(server.client);
    const user = keepUserBusy(server, namespace);
    const leader = await startReplica(server, namespace, timing);
    await leader.until('passed');
    const heir = await startReplica(server, namespace, timing);
    try {
      return await round({ leader, heir, namespace, user });
    } finally {
      await user.stop();
      await Promise.all([leader.dispose(), heir.dispose()]);
    }
  }
});

interface BusyUser {
  /** Whether all images in a body are one that the user asked for. */
  hasAskedFor: (body: string) => boolean;
  stop: () => Promise<void>;
}

/** A user who changes something all the time, so that whoever leads has something to write. */
function keepUserBusy({ client }: ApiServer, namespace: string): BusyUser {
  const asked = new Set<string>();
  const stopping = new AbortController();
  const metadata = { namespace, name: 'parent', labels: { role: 'parent' } };
  const running = (async () => {
    for (let count = 1; !stopping.signal.aborted; count += 1) {
      const image = `image-${count}`;
      asked.add(image);
      const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { image } };
      await client.apply(resources.configMaps, manifest, { fieldManager: 'user' });
      await pause(50);
    }
  })();
  return {
    hasAskedFor: (body) => {
      const images = new Set(body.match(/image-\d+/g));
      return images.size === 1 && [...images].every((image) => asked.has(image));
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
