import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { type DatabaseSettings, freshDatabase } from '../../../test/backends/index.ts';
import { eventually } from '../../../test/eventually.ts';
import type { OutgoingMessage } from '../kafka/producer.ts';
import { connectDatabase, type Knex, transact } from '../mysql/database.ts';
import { enqueue } from '../outbox/enqueue.ts';
import { createOutboxRelay, type OutboxRelay } from '../outbox/relay.ts';
import { pruneSent, sendSome } from '../outbox/send.ts';

const logger = pino({ level: 'silent' });

/** What Kafka would have got, in order; it can be made to refuse. */
function recorder() {
  const sent: { topic: string; key: string; value: unknown }[] = [];
  const state = { refuses: false, delayMs: 0 };
  return {
    sent,
    state,
    ids: () => sent.map(({ value }) => (value as { id: number }).id),
    publish: async (topic: string, messages: readonly OutgoingMessage[]) => {
      if (state.delayMs > 0) await pause(state.delayMs);
      if (state.refuses) throw new Error('refused');
      for (const { key, value } of messages) sent.push({ topic, key, value: JSON.parse(value) });
    },
  };
}

describe('outbox', function () {
  this.timeout(90_000);
  let settings: DatabaseSettings;
  let db: Knex;
  let nextId = 1;
  const relays: OutboxRelay[] = [];
  before(async () => {
    settings = await freshDatabase();
    db = connectDatabase(settings);
  });
  beforeEach(() => db('outbox').delete());
  afterEach(() => Promise.all(relays.splice(0).map((relay) => relay.stop())));
  after(() => db.destroy());

  const startRelay = (producer: ReturnType<typeof recorder>, pollMs = 60_000) => {
    const relay = createOutboxRelay({ db, producer, topicPrefix: 'p', logger, pollMs });
    relays.push(relay);
    return relay;
  };
  const write = async (key: string, trx: Knex.Transaction) => {
    const id = nextId++;
    await enqueue(trx, { id, topic: 'uploads', key, payload: { id } });
    return id;
  };
  const commit = (key: string) => transact(db, (trx) => write(key, trx));
  const unsent = async () => (await db('outbox').whereNull('sent_at')).length;

  it('sends what was committed at once when it is woken, in order, and marks it', async () => {
    const producer = recorder();
    const relay = startRelay(producer);
    await pause(50);
    const ids = await transact(db, async (trx) => [
      await write('a', trx),
      await write('b', trx),
      await write('a', trx),
    ]);
    relay.wake();
    await eventually('all is sent', () => producer.sent.length === 3, 1);
    assert.deepEqual(producer.ids(), ids);
    assert.deepEqual(producer.sent[0], { topic: 'p.uploads', key: 'a', value: { id: ids[0] } });
    await eventually('all is sent', async () => (await unsent()) === 0);
  });

  it('sends nothing of a transaction that was rolled back', async () => {
    const producer = recorder();
    await assert.rejects(
      db.transaction(async (trx) => {
        await write('a', trx);
        throw new Error('changed its mind');
      }),
    );
    assert.equal(await sendSome({ db, producer, topicPrefix: 'p' }), 0);
  });

  it('loses nothing of processes that die between their commit and the sending', async () => {
    const producer = recorder();
    startRelay(producer, 200);
    const script = fileURLToPath(new URL('./outbox-writer-that-dies.ts', import.meta.url));
    const committed: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const ids = [nextId++, nextId++];
      committed.push(...ids);
      const writer = spawn(process.execPath, [script, JSON.stringify(settings), JSON.stringify(ids)], {
        stdio: 'inherit',
      });
      const [, signal] = await once(writer, 'exit');
      assert.equal(signal, 'SIGKILL');
    }
    await eventually('all is sent', () => producer.sent.length >= committed.length);
    assert.deepEqual(producer.ids(), committed);
  });

  it('sends again what a relay had not marked when it died', async () => {
    const producer = recorder();
    const id = await commit('a');
    const dying = {
      ...producer,
      publish: async (...args: Parameters<typeof producer.publish>) => {
        await producer.publish(...args);
        throw new Error('died after the sending');
      },
    };
    await assert.rejects(sendSome({ db, producer: dying, topicPrefix: 'p' }), /died/);
    assert.equal(await sendSome({ db, producer, topicPrefix: 'p' }), 1);
    assert.deepEqual(producer.ids(), [id, id]);
  });

  it('keeps events while Kafka refuses and sends them when it is back', async () => {
    const producer = recorder();
    producer.state.refuses = true;
    const relay = startRelay(producer);
    const ids = [await commit('a'), await commit('b')];
    relay.wake();
    await pause(300);
    assert.equal(await unsent(), 2);
    producer.state.refuses = false;
    await eventually('all is sent', () => producer.sent.length === 2);
    assert.deepEqual(producer.ids(), ids);
  });

  it('shares the work between relays without sending twice or overtaking within a key', async () => {
    const producer = recorder();
    producer.state.delayMs = 5;
    const ids = await transact(db, async (trx) => {
      const written: number[] = [];
      for (let index = 0; index < 350; index += 1) written.push(await write(`key-${index % 7}`, trx));
      return written;
    });
    for (let count = 0; count < 4; count += 1) startRelay(producer, 20);
    await eventually('all is sent', () => producer.sent.length >= ids.length);
    assert.deepEqual(
      producer.ids().toSorted((one, other) => one - other),
      ids,
    );
    for (let key = 0; key < 7; key += 1) {
      const order = producer.sent
        .filter((message) => message.key === `key-${key}`)
        .map(({ value }) => (value as { id: number }).id);
      assert.deepEqual(
        order,
        order.toSorted((one, other) => one - other),
      );
    }
  });

  it('forgets events that were sent long ago, and no others', async () => {
    const [old, recent, waiting] = [await commit('a'), await commit('a'), await commit('a')];
    await db('outbox').where({ id: old }).update({ sent_at: 1_000 });
    await db('outbox').where({ id: recent }).update({ sent_at: 3_000 });
    await pruneSent(db, 2_000);
    const left: { id: number }[] = await db('outbox').orderBy('id').select('id');
    assert.deepEqual(left, [{ id: recent }, { id: waiting }]);
  });
});
