import assert from 'node:assert/strict';
import { pino } from 'pino';
import { freshDatabase, freshPrefixOn, freshTopicPrefix, sharedBackends } from '../../../test/backends/index.ts';
import { startRedisOverTls } from '../../../test/backends/redis.ts';
import { createKafka } from '../kafka/client.ts';
import { connectDatabase, databaseAnswers } from '../mysql/database.ts';
import { connectRedis, untilReady } from '../redis/connect.ts';

const logger = pino({ level: 'silent' });

describe('a server that speaks TLS', function () {
  this.timeout(30_000);

  describe('a database', () => {
    it('is spoken to by TLS where the authority of its certificate is known', async () => {
      const { authority } = await sharedBackends().mysql;
      const db = connectDatabase({
        ...(await freshDatabase({ migrated: false })),
        DATABASE_HOST: 'localhost',
        DATABASE_TLS: authority,
      });
      const [[{ Value: cipher }]] = await db.raw("SHOW STATUS LIKE 'Ssl_cipher'");
      assert.match(cipher, /^TLS_/);
      await db.destroy();
    });

    it('is refused with a certificate of an unknown authority, or for another name', async () => {
      const { authority } = await sharedBackends().mysql;
      const settings = await freshDatabase({ migrated: false });
      for (const [changes, sentence] of [
        [{ DATABASE_TLS: 'system', DATABASE_HOST: 'localhost' }, /certificate|self.signed/i],
        // Another name of the same address.
        [{ DATABASE_TLS: authority, DATABASE_HOST: '127.1' }, /does not match certificate/],
      ] as const) {
        const db = connectDatabase({ ...settings, ...changes });
        await assert.rejects(databaseAnswers(db)(), sentence);
        await db.destroy();
      }
    });
  });

  describe('a Redis', () => {
    it('is spoken to by TLS, and by nothing else at that port', async () => {
      const server = await startRedisOverTls();
      const { port, authority } = server.tls;
      const settings = { ...freshPrefixOn(server), CACHE_PORT: port };
      const redis = connectRedis({ ...settings, CACHE_TLS: authority });
      await untilReady(redis);
      assert.equal(await redis.set(`${settings.CACHE_KEY_PREFIX}:a`, '1'), 'OK');
      redis.disconnect();
      for (const CACHE_TLS of ['off', 'system']) {
        const refused = connectRedis({ ...settings, CACHE_TLS });
        await assert.rejects(untilReady(refused, 500), /Redis cannot be reached/);
        refused.disconnect();
      }
      await server.stop();
    });
  });

  describe('a Kafka', () => {
    it('is logged in to by TLS, in each way in which a password can be shown', async () => {
      const { brokers, authority, username, password } = (await sharedBackends().kafka).secured;
      const { KAFKA_TOPIC_PREFIX } = await freshTopicPrefix();
      const query = { topic: `${KAFKA_TOPIC_PREFIX}.likes`, group: 'anybody' };
      for (const mechanism of ['plain', 'scram-sha-512']) {
        const backlogFor = (tls: string, secret: string) => {
          const sasl = JSON.stringify({ mechanism, username, password: secret });
          return createKafka({ brokers: brokers.join(), tls, sasl, clientId: 'test', logger }).backlog(query);
        };
        assert.deepEqual(await backlogFor(authority, password), []);
        await assert.rejects(backlogFor(authority, 'wrong'), /[Aa]uthentication|credentials/);
        await assert.rejects(backlogFor('system', password), /certificate|closed/i);
      }
    });
  });
});
