import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { chatScripts } from '../../shared/read-models/chats/chats.ts';
import { createNewest } from '../../shared/read-models/chats/newest.ts';
import { conversationOf, type SentMessage } from '../../shared/read-models/index.ts';
import { createKeys } from '../../shared/read-models/keys.ts';
import { loadScripts } from '../../shared/redis/scripts.ts';
import { insertUser } from '../../shared/test/read-models/fixture.ts';
import { createMessageRows } from '../repositories/messages.ts';
import { type MessageFields, startUserService, type UserService } from './fixture.ts';

// biome-ignore lint/style/noProcessEnv: the full form of this test sends 5,000
const messagesOfStorm = Number(process.env.CHAT_MESSAGES ?? 800);

describe('chats', function () {
  this.timeout(300_000);
  let service: UserService;
  let ada: number;
  let bert: number;
  before(async () => {
    service = await startUserService();
  });
  after(() => service.close());
  beforeEach(async () => {
    [ada, bert] = await Promise.all([insertUser(service.db), insertUser(service.db)]);
  });

  const send = (from: number, to: number, content: string) =>
    service.post('/douyin/message/action/', { to_user_id: to, action_type: 1, content }, from);
  const chat = (viewerId: number | undefined, to: number, parameters: Record<string, number | string> = {}) =>
    service.get('/douyin/message/chat/', { to_user_id: to, ...parameters }, viewerId);
  const contents = ({ message_list }: { message_list: MessageFields[] }) => message_list.map(({ content }) => content);
  const follow = (from: number, to: number) =>
    service.post('/douyin/relation/action/', { to_user_id: to, action_type: 1 }, from);

  it('show both sides each message at once, the oldest first', async () => {
    assert.deepEqual((await chat(ada, bert)).message_list, []);
    await send(ada, bert, 'hello');
    await send(bert, ada, 'hello yourself\n:-)');
    const { message_list } = await chat(ada, bert);
    assert.deepEqual(
      message_list.map(({ from_user_id, to_user_id, content }) => [from_user_id, to_user_id, content]),
      [
        [ada, bert, 'hello'],
        [bert, ada, 'hello yourself\n:-)'],
      ],
    );
    assert.deepEqual((await chat(bert, ada)).message_list, message_list);
  });

  it('answer a poll with what is newer, in milliseconds and in seconds', async () => {
    await send(ada, bert, 'one');
    const [first] = (await chat(ada, bert)).message_list;
    await send(bert, ada, 'two');
    assert.deepEqual(contents(await chat(ada, bert, { pre_msg_time: first?.create_time ?? 0 })), ['two']);
    const second = (await chat(ada, bert)).message_list[1]?.create_time ?? 0;
    assert.deepEqual(contents(await chat(ada, bert, { pre_msg_time: second })), []);
    assert.deepEqual(contents(await chat(ada, bert, { pre_msg_time: Math.floor(second / 1000) - 1 })), ['one', 'two']);
    for (const everything of ['', '0'])
      assert.equal((await chat(ada, bert, { pre_msg_time: everything })).message_list.length, 2);
  });

  it('are refused without a login, with oneself, with nobody, and without words', async () => {
    assert.equal((await chat(undefined, bert)).status_code, 40101);
    assert.equal((await send(ada, ada, 'me')).status_code, 40001);
    assert.equal((await send(ada, 1, 'you')).status_code, 40402);
    assert.equal((await chat(ada, 1)).status_code, 40402);
    for (const content of ['', '   ', 'a\u0000b', 'x'.repeat(1001)])
      assert.equal((await send(ada, bert, content)).status_code, 40001);
    assert.equal((await send(ada, bert, '字'.repeat(1000))).status_code, 0);
    assert.deepEqual((await chat(ada, 1)).message_list, []);
  });

  it('are paged through backwards by a cursor, in the cache and below it', async () => {
    const { lowUser, highUser } = conversationOf(ada, bert);
    const pair = { low_user: lowUser, high_user: highUser };
    const rows = Array.from({ length: 600 }, (_, index) => ({
      ...{ id: ada * 1_000 + index, ...pair, from_user: ada },
      ...{ content: `message ${index}`, create_time: 1_700_000_000_000 + index },
    }));
    await service
      .db('conversation')
      .insert({ ...pair, last_time: rows[599]?.create_time, last_message_id: rows[599]?.id });
    await service.db.batchInsert('message', rows);
    const seen: string[] = [];
    let cursor: number | undefined;
    do {
      const page = await chat(bert, ada, { limit: 90, ...(cursor === undefined ? {} : { cursor }) });
      seen.unshift(...contents(page));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    assert.deepEqual(
      seen,
      rows.map(({ content }) => content),
    );
    const polled: string[] = [];
    for (let time = 1_699_999_999_999; ; ) {
      const { message_list } = await chat(bert, ada, { pre_msg_time: time });
      if (message_list.length === 0) break;
      polled.push(...message_list.map(({ content }) => content));
      time = message_list.at(-1)?.create_time ?? 0;
    }
    assert.deepEqual(polled, seen);
  });

  it('cost a poll without news one wave and no SQL', async () => {
    await send(ada, bert, 'hello');
    const time = (await chat(bert, ada)).message_list[0]?.create_time ?? 0;
    service.ageCopies();
    service.waves.take();
    const statements = await service.statementsDuring(() => chat(bert, ada, { pre_msg_time: time }));
    assert.deepEqual([statements, service.waves.take()], [[], 1]);
  });

  it('tell friends the newest message, and which side sent it', async () => {
    const carl = await insertUser(service.db);
    for (const friend of [bert, carl]) await Promise.all([follow(ada, friend), follow(friend, ada)]);
    const friends = async (viewerId: number, userId = viewerId) => {
      const { user_list } = await service.get('/douyin/relation/friend/list/', { user_id: userId }, viewerId);
      return Object.fromEntries(user_list.map(({ id, message, msgType }) => [id, [message, msgType]]));
    };
    assert.deepEqual(await friends(ada), { [bert]: ['', 0], [carl]: ['', 0] });
    await send(ada, bert, 'hello');
    assert.deepEqual(await friends(ada), { [bert]: ['hello', 1], [carl]: ['', 0] });
    await send(bert, ada, 'hi');
    assert.deepEqual(await friends(ada), { [bert]: ['hi', 0], [carl]: ['', 0] });
    assert.deepEqual(await friends(bert), { [ada]: ['hi', 1] });
    assert.deepEqual(await friends(carl, ada), { [bert]: ['', 0], [carl]: ['', 0] });
    assert.equal((await service.get('/douyin/relation/friend/list/', { user_id: ada })).status_code, 40101);
    service.waves.take();
    assert.deepEqual(await service.statementsDuring(() => friends(ada)), []);
    assert.ok(service.waves.take() <= 2);
  });

  it('cost a message two waves', async () => {
    await send(ada, bert, 'hello');
    await chat(bert, ada);
    service.waves.take();
    await send(ada, bert, 'hello again');
    assert.equal(service.waves.take(), 2);
  });

  it('tell friends the newest message, also when it is sent while the one before is loaded', async () => {
    const { db, redis, cache, models } = service;
    const loaded = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const folder = new URL('../../shared/read-models/chats/', import.meta.url);
    const { noteNewest } = await loadScripts(redis, folder, chatScripts);
    const findSlowly = createNewest({
      ...{ db, redis, noteNewest, keys: createKeys(cache.CACHE_KEY_PREFIX) },
      limitLoads: async (work) => {
        const rows = await work();
        loaded.resolve();
        await released.promise;
        return rows;
      },
      onCacheFailure: () => undefined,
    });
    const slow = findSlowly(ada, [bert]);
    await loaded.promise;
    await send(bert, ada, 'hello');
    released.resolve();
    await slow;
    assert.deepEqual((await models.chats.newest(ada, [bert])).get(bert), { content: 'hello', isSent: false });
  });

  it('never show a message before the one that came before it', async () => {
    const conversation = conversationOf(ada, bert);
    const rows = createMessageRows({ db: service.db });
    await chat(bert, ada);
    const add = (id: number, content: string) => rows.add({ id, conversation, fromUser: ada, content });
    const tell = (write: () => Promise<SentMessage>) =>
      service.models.chats.send({ conversation, check: Promise.resolve(), write });
    const early = await add(ada * 1_000, 'early'); // not told yet
    await tell(() => add(ada * 1_000 + 1, 'late'));
    assert.deepEqual(contents(await chat(bert, ada)), ['early', 'late']);
    await tell(async () => early); // told at last
    assert.deepEqual(contents(await chat(bert, ada)), ['early', 'late']);
  });

  it('are seen within seconds after a process died before it told of one, and not twice', async () => {
    const conversation = conversationOf(ada, bert);
    const rows = createMessageRows({ db: service.db });
    await chat(bert, ada);
    const died = service.models.chats.send({
      ...{ conversation, check: Promise.resolve() },
      write: async () => {
        await rows.add({ id: ada * 1_000, conversation, fromUser: ada, content: 'never told' });
        throw new Error('the process is gone');
      },
    });
    await assert.rejects(died, /gone/);
    const seen: string[] = [];
    let time = 1;
    for (const deadlineMs = Date.now() + 8_000; seen.length === 0 && Date.now() < deadlineMs; await pause(100)) {
      const { message_list } = await chat(bert, ada, { pre_msg_time: time });
      seen.push(...contents({ message_list }));
      time = message_list.at(-1)?.create_time ?? time;
    }
    assert.deepEqual(seen, ['never told']);
    assert.deepEqual(contents(await chat(bert, ada, { pre_msg_time: time })), []);
  });

  it(`show each of ${messagesOfStorm} messages of 8 senders at once to 2 pollers, once`, async () => {
    const polled: string[][] = [[], []];
    let sending = true;
    const poll = async (viewerId: number, otherId: number, seen: string[]) => {
      let time = 1;
      for (let isLast = false; ; ) {
        const { message_list } = await chat(viewerId, otherId, { pre_msg_time: time });
        seen.push(...contents({ message_list }));
        time = message_list.at(-1)?.create_time ?? time;
        if (message_list.length === 0 && isLast) return;
        isLast = !sending;
      }
    };
    const sent: string[] = [];
    const sender = async (name: number) => {
      for (let count = 0; sent.length < messagesOfStorm; count += 1) {
        const content = `${name}/${count}`;
        sent.push(content);
        const [from, to] = name % 2 ? [ada, bert] : [bert, ada];
        assert.equal((await send(from, to, content)).status_code, 0);
      }
    };
    const pollers = [poll(ada, bert, polled[0] ?? []), poll(bert, ada, polled[1] ?? [])];
    await Promise.all(Array.from({ length: 8 }, (_, name) => sender(name)));
    sending = false;
    await Promise.all(pollers);
    for (const seen of polled) assert.deepEqual(seen.toSorted(), sent.toSorted());
    assert.deepEqual(polled[0], polled[1]);
  });
});
