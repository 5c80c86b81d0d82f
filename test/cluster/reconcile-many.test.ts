import assert from 'node:assert/strict';
import type { Manifest } from '../../operator/kubernetes/objects.ts';
import { resources } from '../../operator/kubernetes/resources.ts';
import { tiktokLites } from '../../operator/mirrors.ts';
import { eventually } from '../eventually.ts';
import { freshNamespace } from './api-server-shared.ts';
import { type CountingListener, startCountingListener } from './counting-listener.ts';
import { type OperatedCluster, operatedCluster, platformManifest } from './reconcile-fixture.ts';

/** How many others there are, and how much slower the first may be for them; `make test-many-platforms` asks for 49 and 2. */
const others = Number(process.env.MANY_PLATFORMS ?? 10) - 1;
const mostTimesSlower = Number(process.env.MANY_TIMES_SLOWER ?? 4);
const changes = others < 20 ? 20 : 200;

const operatorClass = 'many';
const labels = { 'tiktoklite.dev/operator-class': operatorClass };
const nudges = 20;
/** Four servers at one address: each is reached for, then logged in to where that went well; kafkajs tries up to three times. */
const [servers, connectionsOfLogins] = [4, 6];

/** The value below which this share of them lies. */
const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN;

interface WatchedSettings {
  /** When the size of a page became this, by `performance.now()`. */
  when: (pageSize: string) => Promise<number>;
  stop: () => Promise<void>;
}

/** Hears of the settings of the first platform's video service as soon as they are written. */
async function watchSettings({ client, namespace }: OperatedCluster): Promise<WatchedSettings> {
  const stopping = new AbortController();
  const selection = { namespace, fieldSelector: 'metadata.name=demo-video' };
  const { resourceVersion } = await client.list(resources.configMaps, selection);
  const awaited = new Map<string, (atMs: number) => void>();
  const query = { ...selection, resourceVersion, timeoutSeconds: 3600, silenceSeconds: 300, signal: stopping.signal };
  const hearing = (async () => {
    for await (const event of client.watch(resources.configMaps, query)) {
      if (event.type !== 'BOOKMARK') awaited.get(event.object.data?.FEED_PAGE_SIZE ?? '')?.(performance.now());
    }
  })().catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error;
  });
  return {
    when: (pageSize) => new Promise((resolve) => awaited.set(pageSize, resolve)),
    stop: () => {
      stopping.abort();
      return hearing;
    },
  };
}

describe('many platforms whose servers refuse', function () {
  this.timeout(600_000);

  let cluster: OperatedCluster;
  let listener: CountingListener;
  let settings: WatchedSettings;
  before(async () => {
    listener = await startCountingListener();
    cluster = await operatedCluster({
      operatorClass,
      everywhere: true,
    });
    await cluster.run(true);
    await cluster.apply({}, 'demo', labels);
    await cluster.ready();
    settings = await watchSettings(cluster);
  });
  after(async () => {
    await settings?.stop();
    await cluster?.stop();
    await listener?.stop();
  });

  /** From a change of the object to the setting that follows from it, in ms, as a watch tells it. */
  const changeToApplied = async (pageSize: number): Promise<number> => {
    const told = settings.when(String(pageSize));
    const startedMs = performance.now();
    await cluster.apply({ feed: { pageSize } }, 'demo', labels);
    return (await told) - startedMs;
  };
  const measure = async (): Promise<number[]> => {
    const times: number[] = [];
    for (let change = 0; change < changes; change += 1) times.push(await changeToApplied(1 + (change % 30)));
    return times;
  };

  const addressOf = (index: number): string => `127.0.1.${index + 1}`;
  /** Everything of it is elsewhere, under an address of its own where nobody serves. */
  const elsewhere = (index: number): object => {
    const host = addressOf(index);
    const { port } = listener;
    const login = { name: 'login' };
    return {
      database: { external: { host, port, database: 'clips', credentialsSecretRef: login } },
      cache: { external: { host, port, passwordSecretRef: login } },
      kafka: { external: { brokers: [`${host}:${port}`] } },
      objectStore: {
        s3: {
          ...{ endpoint: `http://${host}:${port}`, originalsBucket: 'clips-originals', mediaBucket: 'clips-media' },
          credentialsSecretRef: login,
        },
        publicBaseUrl: 'https://media.example.org',
      },
    };
  };
  const makeOther = async (index: number): Promise<string> => {
    const namespace = await freshNamespace(cluster.client);
    const keys = ['username', 'password', 'accessKeyId', 'secretAccessKey'];
    const secret = {
      ...{ apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name: 'login' } },
      stringData: Object.fromEntries(keys.map((key) => [key, `a-${key}`])),
    };
    await cluster.client.create(resources.secrets, secret as Manifest);
    const platform = platformManifest(namespace, elsewhere(index), 'other', labels);
    await cluster.client.apply(tiktokLites, platform, { fieldManager: 'test' });
    return namespace;
  };

  it('do not slow the first one, and cost no connection for a pass', async () => {
    for (const pageSize of [11, 12, 13]) await changeToApplied(pageSize); // what is compiled once is so for both
    const alone = percentile(await measure(), 0.99);

    const startedMs = performance.now();
    const namespaces: string[] = [];
    for (let index = 0; index < others; index += 1) namespaces.push(await makeOther(index));
    await eventually('a finding about every one of them', async () => {
      const { items } = await cluster.client.list(tiktokLites, {});
      const told = items.filter(({ metadata, status }) => {
        const { conditions } = (status ?? {}) as { conditions?: { type: string; status: string }[] };
        const ready = conditions?.find(({ type }) => type === 'Ready');
        return namespaces.includes(metadata.namespace ?? '') && ready?.status === 'False';
      });
      return told.length === others;
    });
    const among = percentile(await measure(), 0.99);

    const passes = () =>
      cluster
        .requests()
        .filter(({ verb, resource, name }) => verb === 'get' && resource === 'secrets' && name === 'login');
    const passesBefore = passes().length;
    for (let nudge = 0; nudge < nudges; nudge += 1) {
      const change = { metadata: { annotations: { nudged: String(nudge) } } };
      for (const namespace of namespaces)
        await cluster.client.patchMerge(resources.serviceAccounts, { namespace, name: 'other-auth' }, change);
    }
    await eventually('a pass for most of the nudges', () => passes().length - passesBefore >= (others * nudges) / 2);

    const seconds = (performance.now() - startedMs) / 1000;
    // The pauses are 1, 2, 4 and then 6 s where a server is not reached, and 4, 8, 16, 32 s and a minute where it refuses the login.
    const looks = 4 + Math.ceil(seconds / 6);
    const logins = 1 + Math.floor(Math.log2(1 + seconds / 4)) + Math.floor(seconds / 60);
    const allowed = servers * looks + logins * connectionsOfLogins;
    const most = Math.max(0, ...listener.counts().values());
    console.log(
      `      change to applied, p99 of ${changes}: ${alone.toFixed(0)} ms alone, ${among.toFixed(0)} ms among ${others} others; ` +
        `at most ${most} connections to a server in ${seconds.toFixed(0)} s and ${passes().length} looks at Secrets`,
    );
    assert.equal(listener.counts().size, others, 'each of them was asked');
    assert.ok(most <= allowed, `${most} connections, at most ${allowed} however many passes there are`);
    assert.ok(among <= mostTimesSlower * alone, `${among} ms among others, ${alone} ms alone`);
  });
});
