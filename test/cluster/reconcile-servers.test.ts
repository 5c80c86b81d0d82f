import assert from 'node:assert/strict';
import { createConnection } from 'mysql2/promise';
import type { Manifest } from '../../operator/kubernetes/objects.ts';
import { resources } from '../../operator/kubernetes/resources.ts';
import { createLagReader } from '../../operator/scaler/lag.ts';
import { applyTopics } from '../../operator/topics/apply.ts';
import { freePort } from '../backends/child-server.ts';
import { freshBuckets, freshDatabase, sharedBackends } from '../backends/index.ts';
import { startOssEmulator } from '../backends/oss/server.ts';
import { startRedisOverTls } from '../backends/redis.ts';
import { eventually } from '../eventually.ts';
import { type OperatedCluster, operatedCluster } from './reconcile-fixture.ts';
import { type RevolvingDoor, startDoor } from './revolving-door.ts';

/** A server that stops, or is there again, shows within this time. */
const shownWithinSeconds = 10;

type Dependency = 'database' | 'cache' | 'kafka' | 'objectStore';
const conditions = {
  database: 'DatabaseReady',
  cache: 'CacheReady',
  kafka: 'KafkaReady',
  objectStore: 'ObjectStoreReady',
} as const;

describe('servers that people run themselves', function () {
  this.timeout(120_000);

  let cluster: OperatedCluster;
  let doors: Record<Dependency, RevolvingDoor>;
  let spec: Record<Dependency, Record<string, unknown>>;
  let login: Record<string, string>;

  before(async () => {
    const [database, redis, kafka, store] = await Promise.all([
      freshDatabase({ migrated: false }),
      sharedBackends().redis,
      sharedBackends().kafka,
      freshBuckets(),
    ]);
    const [broker = ''] = kafka.brokers;
    const at = (url: string) => ({ host: new URL(url).hostname, port: Number(new URL(url).port) });
    doors = {
      database: await startDoor({ host: database.DATABASE_HOST, port: database.DATABASE_PORT }),
      cache: await startDoor(redis),
      kafka: await startDoor(at(`http://${broker}`)),
      objectStore: await startDoor(at(store.OBJECT_STORE_ENDPOINT)),
    };
    login = {
      username: database.DATABASE_USER,
      password: database.DATABASE_PASSWORD,
      redisPassword: redis.password,
      accessKeyId: store.OBJECT_STORE_ACCESS_KEY_ID,
      secretAccessKey: store.OBJECT_STORE_SECRET_ACCESS_KEY,
    };
    const host = '127.0.0.1';
    spec = {
      database: {
        external: {
          ...{ host, port: doors.database.port, database: database.DATABASE_NAME },
          credentialsSecretRef: { name: 'database-login' },
        },
      },
      cache: {
        external: { host, port: doors.cache.port, mode: redis.mode, passwordSecretRef: { name: 'cache-login' } },
      },
      kafka: { external: { brokers: [`${host}:${doors.kafka.port}`] } },
      objectStore: {
        s3: {
          endpoint: `http://${host}:${doors.objectStore.port}`,
          originalsBucket: store.OBJECT_STORE_ORIGINALS_BUCKET,
          mediaBucket: store.OBJECT_STORE_MEDIA_BUCKET,
          credentialsSecretRef: { name: 'store-login' },
        },
        publicBaseUrl: 'https://media.example.org',
      },
    };
  });
  after(() => Promise.all(Object.values(doors).map((door) => door.shut())));

  beforeEach(async () => {
    cluster = await operatedCluster();
    await cluster.run(true);
    for (const [name, values] of Object.entries(logins())) await secret(name, values);
  });
  afterEach(() => cluster.stop());

  const logins = (): Record<string, Record<string, string | undefined>> => ({
    'database-login': { username: login.username, password: login.password },
    'cache-login': { password: login.redisPassword },
    'store-login': { accessKeyId: login.accessKeyId, secretAccessKey: login.secretAccessKey },
  });
  const secret = (name: string, stringData: Record<string, string | undefined>) => {
    const { namespace } = cluster;
    const manifest = { apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name }, stringData };
    return cluster.client.apply(resources.secrets, manifest as unknown as Manifest, { fieldManager: 'test' });
  };
  /** Waits until a condition has a reason, and answers with its sentence. */
  const told = (dependency: Dependency, reason: string, seconds = 60): Promise<string> =>
    eventually(
      `${conditions[dependency]} says ${reason}`,
      async () => {
        const condition = await cluster.condition(conditions[dependency]);
        return condition?.reason === reason ? condition.message : undefined;
      },
      seconds,
    );
  const external = (dependency: Dependency, changes: object) => {
    const [[form, about] = ['', {}]] = Object.entries(spec[dependency]);
    return { ...spec, [dependency]: { ...spec[dependency], [form]: { ...(about as object), ...changes } } };
  };

  it('are used when all of them can be, and show within ten seconds that they stop and that they are back', async () => {
    await cluster.apply(spec);
    await cluster.ready();
    const dependencies = Object.keys(conditions) as Dependency[];
    const allTell = (reason: string) =>
      Promise.all(dependencies.map((dependency) => told(dependency, reason, shownWithinSeconds)));
    for (const sentence of await allTell('ServerReady')) assert.match(sentence, /^127\.0\.0\.1:\d+ can be used$/);
    const deployments = (await cluster.list(resources.deployments)).length;

    await Promise.all(dependencies.map((dependency) => doors[dependency].shut()));
    const sentences = await allTell('ConnectionRefused');
    for (const sentence of sentences)
      assert.match(
        sentence,
        /refuses connections: see whether it runs, and whether spec\.\w+\.\w+ names the right port/,
      );
    await eventually('Ready tells all of it', async () => {
      const { status, message } = (await cluster.condition('Ready')) ?? {};
      return status === 'False' && message === sentences.join('; ');
    });
    assert.equal((await cluster.list(resources.deployments)).length, deployments, 'what runs goes on');

    await Promise.all(dependencies.map((dependency) => doors[dependency].open()));
    await allTell('ServerReady');
    await cluster.ready();
  });

  for (const [dependency, reason, what, changes, sentence] of [
    [
      'database',
      'AddressUnknown',
      'a name that nobody knows',
      { host: 'db.invalid' },
      /correct the name in spec\.data/,
    ],
    [
      'cache',
      'WrongMode',
      'another mode',
      { mode: 'cluster' },
      /is a single server.*correct spec\.cache\.external\.mode/,
    ],
  ] as const) {
    it(`are refused with ${what}`, async () => {
      await cluster.apply(external(dependency, changes));
      assert.match(await told(dependency, reason), sentence);
      assert.equal((await cluster.condition('InfrastructureReady'))?.reason, reason);
      assert.deepEqual(await cluster.list(resources.deployments), [], 'nothing is started before that');
    });
  }

  for (const [dependency, name, wrong] of [
    ['database', 'database-login', { username: 'root', password: 'wrong' }],
    ['cache', 'cache-login', { password: 'wrong' }],
    ['objectStore', 'store-login', { accessKeyId: 'nobody', secretAccessKey: 'wrong' }],
  ] as const) {
    it(`tell of a wrong password of the ${dependency}, without it, and are used once it is right`, async () => {
      await secret(name, wrong);
      await cluster.apply(spec);
      const sentence = await told(dependency, 'CredentialsRefused');
      assert.match(sentence, /refuses the credentials: correct the Secret of spec\..*SecretRef$/);
      assert.ok(!sentence.includes('wrong'));
      await secret(name, logins()[name] ?? {});
      await cluster.nudge();
      await told(dependency, 'ServerReady');
    });
  }

  it('tell what a user of the database may not do', async () => {
    const { host, port, user, password } = await sharedBackends().mysql;
    const { external: about } = spec.database as { external: { database: string } };
    const root = await createConnection({ host, port, user, password });
    await root.query("CREATE USER 'reader'@'%' IDENTIFIED BY 'reads'");
    await root.query("GRANT SELECT ON *.* TO 'reader'@'%'");
    await root.query("GRANT SELECT ON ??.* TO 'reader'@'%'", [about.database]);
    await secret('database-login', { username: 'reader', password: 'reads' });
    await cluster.apply(spec);
    assert.match(
      await told('database', 'PermissionMissing'),
      /reader may not create tables in .*: permit it to the user of/,
    );
    await root.query("GRANT ALL ON ??.* TO 'reader'@'%'", [about.database]);
    await told('database', 'ServerReady');
    await root.query("REVOKE ALL ON ??.* FROM 'reader'@'%'", [about.database]);
    await cluster.apply(external('database', { database: 'nobody_has_it' }));
    assert.match(await told('database', 'DatabaseMissing'), /nobody_has_it.*create it/);
    await root.query("DROP USER 'reader'@'%'");
    await root.end();
  });

  it('are spoken to by TLS where the object says so, and have to be who they are', async () => {
    const { authority } = await sharedBackends().mysql;
    const redis = await startRedisOverTls();
    await secret('authority', { 'ca.crt': authority });
    await secret('redis-authority', { 'ca.crt': redis.tls.authority });
    await secret('cache-login', { password: redis.password });
    const cache = { host: '127.0.0.1', port: redis.tls.port, passwordSecretRef: { name: 'cache-login' } };
    const apply = (database: object, cacheTls: object) =>
      cluster.apply({
        ...spec,
        ...external('database', { host: 'localhost', tls: database }),
        cache: { external: { ...cache, tls: cacheTls } },
      });
    await apply({}, {});
    for (const dependency of ['database', 'cache'] as const)
      assert.match(
        await told(dependency, 'CertificateRefused'),
        /name its authority in spec\.\w+\.external\.tls\.caSecretRef/,
      );
    await apply({ caSecretRef: { name: 'authority' } }, { caSecretRef: { name: 'redis-authority' } });
    for (const dependency of ['database', 'cache'] as const) await told(dependency, 'ServerReady');
    await cluster.ready();
    const settings = await cluster.find(resources.configMaps, 'demo-video');
    assert.deepEqual([settings?.data?.DATABASE_TLS, settings?.data?.CACHE_TLS], [authority, redis.tls.authority]);
    await redis.stop();
  });

  it('are logged in to where Kafka asks for it, also when topics are arranged and uploads are counted', async () => {
    await cluster.stop();
    cluster = await operatedCluster({ applyTopics, readLag: createLagReader().read });
    await cluster.run(true);
    const { brokers, authority, username, password } = (await sharedBackends().kafka).secured;
    await secret('authority', { 'ca.crt': authority });
    await secret('kafka-login', { username, password: 'wrong' });
    const { database, cache, objectStore } = spec;
    for (const [name, values] of Object.entries(logins())) await secret(name, values);
    await cluster.apply({
      ...{ database, cache, objectStore, transcoder: { autoscaling: { mode: 'builtin' } } },
      kafka: {
        external: {
          ...{ brokers, tls: { caSecretRef: { name: 'authority' } } },
          sasl: { mechanism: 'scram-sha-512', credentialsSecretRef: { name: 'kafka-login' } },
        },
      },
    });
    const sentence = await told('kafka', 'CredentialsRefused');
    assert.match(sentence, /correct the Secret of spec\.kafka\.external\.sasl\.credentialsSecretRef$/);
    await secret('kafka-login', { username, password });
    await cluster.nudge();
    await told('kafka', 'ServerReady');
    await cluster.ready();
    await eventually(
      'uploads are counted',
      async () => (await cluster.condition('TranscoderScaling'))?.reason === 'CoolingDown',
    );
  });

  it('can be OSS, which refuses a wrong secret as well', async () => {
    const oss = await startOssEmulator();
    const { endpoint, accessKeyId, accessKeySecret: secretAccessKey } = oss;
    const about = { endpoint, originalsBucket: 'o-1', mediaBucket: 'm-1', credentialsSecretRef: { name: 'oss-login' } };
    await secret('oss-login', { accessKeyId, secretAccessKey: 'wrong' });
    await cluster.apply({ ...spec, objectStore: { oss: about, publicBaseUrl: 'https://media.example.org' } });
    assert.match(await told('objectStore', 'CredentialsRefused'), /spec\.objectStore\.oss\.credentialsSecretRef$/);
    await secret('oss-login', { accessKeyId, secretAccessKey });
    await cluster.nudge();
    await told('objectStore', 'ServerReady');
    await cluster.ready();
    await oss.stop();
  });

  it('are waited for where nobody listens', async () => {
    await cluster.apply(external('kafka', { brokers: [`127.0.0.1:${await freePort()}`] }));
    await told('kafka', 'ConnectionRefused');
  });
});
