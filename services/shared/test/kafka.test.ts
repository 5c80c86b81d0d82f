import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import Type from 'typebox';
import { freshTopicPrefix, sharedBackends } from '../../../test/backends/index.ts';
import { eventually } from '../../../test/eventually.ts';
import { ApiError } from '../errors.ts';
import { createKafka, type KafkaPort } from '../kafka/client.ts';
import type { RunningConsumer } from '../kafka/consumer-life.ts';
import type { Hold } from '../kafka/held-consumer.ts';
import type { RawMessage } from '../kafka/message.ts';
import type { Producer } from '../kafka/producer.ts';
import { createLogger } from '../logger.ts';
import { topicName } from '../topics.ts';

const Numbered = Type.Object({ number: Type.Integer() });

/** What the kernel says of a process: R, S, T (stopped) … */
const stateOf = (pid: number): string =>
  readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .charAt(0);

describe('Kafka port', function () {
  this.timeout(90_000);
  const logger = createLogger({ component: 'test', level: 'silent' });
  let kafka: KafkaPort;
  let producer: Producer;
  let topic: string;
  let deadTopic: string;
  const running: RunningConsumer[] = [];
  let groups = 0;
  const newGroup = () => {
    groups += 1;
    return `${topic}.group-${groups}`;
  };

  beforeEach(async () => {
    const settings = await freshTopicPrefix({ partitions: 2 });
    kafka = createKafka({ brokers: settings.KAFKA_BROKERS, clientId: 'test', logger });
    topic = topicName(settings.KAFKA_TOPIC_PREFIX, 'likes');
    deadTopic = topicName(settings.KAFKA_TOPIC_PREFIX, 'likesDeadLetter');
    producer = kafka.producer();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((consumer) => consumer.stop()));
    await producer.close();
  });

  const publish = (...numbers: number[]) =>
    producer.publish(
      topic,
      numbers.map((number) => ({ key: String(number % 4), value: JSON.stringify({ number }) })),
    );
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
  const keepDead = async (raw: RawMessage, reason: string) =>
    producer.publish(deadTopic, [{ key: raw.key, value: raw.value, headers: { reason } }]);

  interface Consumption {
    group?: string;
    from?: string;
    handle(numbers: number[], partition: number): Promise<void> | void;
    deadLetter?(raw: RawMessage, reason: string): Promise<void>;
  }
  const consume = ({ group = newGroup(), from = topic, handle, deadLetter = keepDead }: Consumption) => {
    const consumer = kafka.consume({
      topic: from,
      group,
      schema: Numbered,
      handleBatch: async (messages) =>
        handle(
          messages.map(({ message }) => message.number),
          messages[0]?.partition ?? -1,
        ),
      deadLetter,
    });
    running.push(consumer);
    return consumer;
  };

  it('delivers everything once, in order for each key', async () => {
    await Promise.all(range(0, 400).map((number) => publish(number)));
    const got: number[] = [];
    consume({ handle: (numbers) => void got.push(...numbers) });
    await eventually('400 messages', () => got.length >= 400);
    assert.deepEqual(
      [...got].sort((one, other) => one - other),
      range(0, 400),
    );
    const ofKey = got.filter((number) => number % 4 === 3);
    assert.deepEqual(
      ofKey,
      [...ofKey].sort((one, other) => one - other),
    );
  });

  it('delivers soon, although an idle fetch waits long', async () => {
    let gotMs = 0;
    const consumer = consume({
      handle: () => {
        gotMs = performance.now();
      },
    });
    await eventually('joined', () => consumer.joined());
    await pause(1_000);
    const sentMs = performance.now();
    await publish(1);
    await eventually('the message', () => gotMs > 0);
    assert.ok(gotMs - sentMs < 150, `${gotMs - sentMs} ms`);
  });

  it('does not deliver again what was handled before a restart', async () => {
    const group = newGroup();
    const got: number[] = [];
    await publish(...range(0, 10));
    const first = consume({ group, handle: (numbers) => void got.push(...numbers) });
    await eventually('10 messages', () => got.length === 10);
    await first.stop();
    await publish(10);
    consume({ group, handle: (numbers) => void got.push(...numbers) });
    await eventually('the new one', () => got.includes(10));
    assert.equal(got.length, 11);
  });

  it('delivers again what was in hand when the process stopped', async () => {
    const group = newGroup();
    await publish(1);
    let tries = 0;
    const first = consume({
      group,
      handle: () => {
        tries += 1;
        throw new Error('not now');
      },
    });
    await eventually('a try', () => tries > 0);
    await first.stop();
    const got: number[] = [];
    consume({ group, handle: (numbers) => void got.push(...numbers) });
    await eventually('the message', () => got.includes(1));
  });

  it('waits in place for a dependency that cannot be reached, however long', async () => {
    let tries = 0;
    let handled = false;
    await publish(1);
    const dead: string[] = [];
    consume({
      handle: () => {
        tries += 1;
        if (tries <= 5) throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
        handled = true;
      },
      deadLetter: async (_, reason) => void dead.push(reason),
    });
    await eventually('success', () => handled, 40);
    assert.deepEqual(dead, []);
  });

  it('gives up a message that fails by itself, keeps its neighbours, and goes on', async () => {
    await publish(...range(0, 100));
    const got = new Set<number>();
    const dead: string[] = [];
    consume({
      handle: (numbers) => {
        if (numbers.includes(3)) throw new TypeError('three is poison');
        for (const number of numbers) got.add(number);
      },
      deadLetter: async (raw, reason) => void dead.push(`${raw.value} ${reason}`),
    });
    await eventually('a dead letter and the rest', () => dead.length === 1 && got.size === 99);
    assert.deepEqual(dead, ['{"number":3} three is poison']);
    await publish(103);
    await eventually('a later one', () => got.has(103));
  });

  it('keeps what cannot be read as a dead letter', async () => {
    await producer.publish(topic, [
      { key: '1', value: 'no json' },
      { key: '1', value: '{"number":"x"}' },
    ]);
    await publish(5);
    const got: number[] = [];
    consume({ handle: (numbers) => void got.push(...numbers) });
    await eventually('the readable one', () => got.includes(5));
    const reasons: string[] = [];
    const readDead = kafka.consume({
      topic: deadTopic,
      group: newGroup(),
      schema: Type.Unknown(),
      handleBatch: async (messages) => void reasons.push(...messages.map(({ headers }) => headers.reason ?? '')),
      deadLetter: async (raw) => void reasons.push(raw.headers.reason ?? ''),
    });
    running.push(readDead);
    await eventually('two dead letters', () => reasons.length === 2);
    assert.match(reasons.join(), /not JSON/);
    assert.match(reasons.join(), /does not follow its schema/);
  });

  it('shares the partitions of a topic among the members of a group', async () => {
    const group = newGroup();
    const got = new Map<string, Set<number>>();
    const member = (name: string) =>
      consume({ group, handle: (_, partition) => void got.set(name, (got.get(name) ?? new Set()).add(partition)) });
    const members = [member('one'), member('two')];
    await eventually('both joined', () => members.every((consumer) => consumer.joined()));
    await pause(4_000); // the second join rebalances the first
    await publish(...range(0, 40));
    await eventually('both work', () => got.size === 2);
    await pause(500);
    assert.equal(
      [...got.values()].reduce((sum, partitions) => sum + partitions.size, 0),
      2,
    );
  });

  it('says "not known to be saved" when the broker does not answer, and works again when it does', async () => {
    await publish(0);
    const { pid } = await sharedBackends().kafka;
    process.kill(pid, 'SIGSTOP');
    try {
      await eventually('the broker stands still', () => stateOf(pid) === 'T');
      const startedMs = performance.now();
      const failure = await publish(1).catch((error: unknown) => error);
      const tookMs = performance.now() - startedMs;
      assert.ok(failure instanceof ApiError && failure.code === 'not_saved', String(failure));
      assert.ok(tookMs > 1_900 && tookMs < 10_000, `${tookMs} ms`);
      await pause(3_000);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    const backMs = performance.now();
    while (
      await publish(2).then(
        () => false,
        () => true,
      )
    )
      assert.ok(performance.now() - backMs < 20_000);
  });

  it('starts although the broker cannot be reached, and says so of what is published', async () => {
    const away = createKafka({ brokers: '127.0.0.1:1', clientId: 'test', logger }).producer();
    const failure = await away.publish(topic, [{ key: '1', value: '1' }]).catch((error: unknown) => error);
    assert.ok(failure instanceof ApiError && failure.code === 'not_saved');
    await away.close();
  });

  describe('held messages', () => {
    interface Taken {
      number: number;
      partition: number;
      hold: Hold;
    }
    const take = (group: string, receive?: (taken: Taken) => void) => {
      const taken: Taken[] = [];
      const consumer = kafka.consumeHeld({
        topic,
        group,
        schema: Numbered,
        receive: async ({ message, partition }, hold) => {
          taken.push({ number: message.number, partition, hold });
          receive?.({ number: message.number, partition, hold });
        },
        deadLetter: keepDead,
      });
      running.push(consumer);
      return { taken, consumer };
    };
    const publishTo = (partitionKey: string, ...numbers: number[]) =>
      producer.publish(
        topic,
        numbers.map((number) => ({ key: partitionKey, value: JSON.stringify({ number }) })),
      );

    it('stand still one by one until they are done, while other partitions go on', async () => {
      await publishTo('1', 1, 2, 3);
      await publishTo('2', 101, 102);
      await publishTo('3', 201);
      const { taken } = take(newGroup());
      await eventually('one of each partition', () => new Set(taken.map(({ partition }) => partition)).size === 2);
      await pause(1_500);
      assert.equal(taken.length, 2);
      const [first, second] = taken;
      await first?.hold.done();
      await eventually('the next of that partition', () => taken.length === 3);
      assert.equal(taken[2]?.partition, first?.partition);
      assert.notEqual(taken[2]?.partition, second?.partition);
    });

    it('come again when asked for', async () => {
      await publishTo('1', 7);
      const { taken } = take(newGroup());
      await eventually('the message', () => taken.length === 1);
      taken[0]?.hold.lookAgain();
      await eventually('the message again', () => taken.length === 2);
      assert.equal(taken[1]?.number, 7);
      await taken[0]?.hold.done(); // an old hold moves nothing
      await taken[1]?.hold.done();
    });

    it('are committed only when they are done', async () => {
      const group = newGroup();
      await publishTo('1', 1, 2);
      const first = take(group);
      await eventually('the first', () => first.taken.length === 1);
      await first.taken[0]?.hold.done();
      await eventually('the second', () => first.taken.length === 2);
      await first.consumer.stop();
      const next = take(group);
      await eventually('the second again', () => next.taken.length === 1);
      assert.equal(next.taken[0]?.number, 2);
    });

    it('are not handed out twice by a rebalance while their work goes on', async () => {
      const group = newGroup();
      await publishTo('1', 1);
      await publishTo('2', 2);
      await publishTo('3', 3);
      const first = take(group);
      await eventually('both partitions', () => first.taken.length === 2);
      const second = take(group);
      await eventually('the second member takes one over', () => second.taken.length === 1);
      await second.consumer.stop();
      await pause(6_000); // the first member has both again
      assert.equal(first.taken.length, 2);
      for (const { hold } of first.taken) await hold.done();
      await eventually('the third', () => first.taken.length === 3);
    });
  });
});
