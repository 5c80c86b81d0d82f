import assert from 'node:assert/strict';
import { settingsOf } from '../../services/shared/settings.ts';
import { buildPlatform, someFacts } from '../testing/build-platform.ts';
import { settingsFor, settingsHash } from './settings.ts';

const componentNames = Object.keys(settingsOf) as (keyof typeof settingsOf)[];

const hashes = (platform = buildPlatform(), facts = someFacts): Record<string, string> =>
  Object.fromEntries(componentNames.map((name) => [name, settingsHash(settingsFor(platform, name, facts))]));

const changedBetween = (before: Record<string, string>, after: Record<string, string>): string[] =>
  componentNames.filter((name) => before[name] !== after[name]);

describe('the settings of a component', () => {
  for (const component of componentNames) {
    it(`are exactly those that ${component} reads, none of them empty`, () => {
      const { plain, secret } = settingsFor(buildPlatform(), component, someFacts);
      assert.deepEqual([...Object.keys(plain), ...Object.keys(secret)].sort(), [...settingsOf[component]].sort());
      for (const [name, value] of Object.entries({ ...plain, ...secret })) assert.ok(value, `${name} has a value`);
    });

    it(`of ${component} keep passwords out of the ConfigMap`, () => {
      const { plain } = settingsFor(buildPlatform(), component, someFacts);
      assert.doesNotMatch(JSON.stringify(plain), /of-the-|signs/);
    });
  }

  it('change exactly where a changed field is read', () => {
    assert.deepEqual(changedBetween(hashes(), hashes(buildPlatform({ feed: { pageSize: 7 } }))), ['video']);
    assert.deepEqual(changedBetween(hashes(), hashes(buildPlatform({ limits: { uploadMegabytes: 5 } }))), ['publish']);
    assert.deepEqual(changedBetween(hashes(), hashes(buildPlatform({ auth: { minPasswordLength: 9 } }))), ['auth']);
    const strict = { limits: { perUser: { likesPerMinute: 1 }, perIp: { registrationsPerMinute: 1 } } };
    assert.deepEqual(changedBetween(hashes(), hashes(buildPlatform(strict))), ['auth', 'video']);
    assert.deepEqual(changedBetween(hashes(), hashes(buildPlatform({ services: { auth: { replicas: 3 } } }))), []);
  });

  it('name OSS where the object does, and the address of its links', () => {
    const oss = {
      ...{ endpoint: 'https://oss-cn-hangzhou-internal.aliyuncs.com', originalsBucket: 'o-1', mediaBucket: 'm-1' },
      ...{ publicEndpoint: 'https://oss-cn-hangzhou.aliyuncs.com', credentialsSecretRef: { name: 'x' } },
    };
    const platform = buildPlatform({ objectStore: { oss, publicBaseUrl: 'https://cdn.example.org' } });
    const { plain } = settingsFor(platform, 'transcoder', someFacts);
    const { OBJECT_STORE_DRIVER, OBJECT_STORE_ENDPOINT, OBJECT_STORE_PUBLIC_ENDPOINT, OBJECT_STORE_REGION } = plain;
    assert.deepEqual(
      [OBJECT_STORE_DRIVER, OBJECT_STORE_ENDPOINT, OBJECT_STORE_PUBLIC_ENDPOINT, OBJECT_STORE_REGION],
      ['oss', oss.endpoint, oss.publicEndpoint, 'cn-hangzhou'],
    );
  });

  it('name external servers where the object does', () => {
    const platform = buildPlatform({
      database: {
        external: { host: 'db.example.org', port: 3307, database: 'clips', credentialsSecretRef: { name: 'x' } },
      },
      kafka: { external: { brokers: ['k1:9092', 'k2:9092'] }, topicPrefix: 'clips' },
    });
    const { plain } = settingsFor(platform, 'like-writer', someFacts);
    assert.deepEqual(
      [plain.DATABASE_HOST, plain.DATABASE_PORT, plain.DATABASE_NAME, plain.KAFKA_BROKERS, plain.KAFKA_TOPIC_PREFIX],
      ['db.example.org', '3307', 'clips', 'k1:9092,k2:9092', 'clips'],
    );
  });
});
