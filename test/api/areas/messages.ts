import assert from 'node:assert/strict';
import type { Caller } from '../client.ts';
import type { ApiUnderTest } from '../platform.ts';
import type { Message } from '../wire.ts';

/** Chats of two. */
export const messages = (api: ApiUnderTest) =>
  describe('messages', () => {
    const send = (from: Caller, to: Caller, content: string) =>
      api.client.succeed('message', { to_user_id: to.id, action_type: 1, content }, from);
    const chat = async (viewer: Caller, other: Caller, since?: number | string) => {
      const parameters = { to_user_id: other.id, ...(since !== undefined && { pre_msg_time: since }) };
      return (await api.client.succeed('chat', parameters, viewer)).message_list;
    };
    const texts = (of: readonly Message[]) => of.map(({ content }) => content);

    it('need no friendship, and are seen by both at once, the oldest first [R4]', async () => {
      const [ann, bob] = [await api.register(), await api.register()];
      assert.deepEqual(await chat(ann, bob), []);
      await send(ann, bob, 'hello');
      await send(bob, ann, 'hello yourself 👋');
      await send(ann, bob, 'how are you?');
      for (let read = 0; read < 2; read += 1)
        for (const [viewer, other] of [
          [ann, bob],
          [bob, ann],
        ] as const) {
          const seen = await chat(viewer, other);
          assert.deepEqual(texts(seen), ['hello', 'hello yourself 👋', 'how are you?']);
          assert.deepEqual(
            seen.map(({ from_user_id, to_user_id }) => [from_user_id, to_user_id]),
            [
              [ann.id, bob.id],
              [bob.id, ann.id],
              [ann.id, bob.id],
            ],
          );
        }
    });

    it('have times that grow, so that a poll gets what is newer and nothing else', async () => {
      const [ann, bob] = [await api.register(), await api.register()];
      for (const text of ['one', 'two', 'three']) await send(ann, bob, text);
      const all = await chat(bob, ann);
      const times = all.map(({ create_time }) => create_time);
      assert.deepEqual(
        times,
        [...new Set(times)].toSorted((a, b) => a - b),
      );
      assert.deepEqual(texts(await chat(bob, ann, times[0])), ['two', 'three']);
      assert.deepEqual(texts(await chat(bob, ann, times[2])), []);
      for (const none of ['', '0']) assert.deepEqual(texts(await chat(bob, ann, none)), ['one', 'two', 'three']);
      const secondBefore = Math.floor((times[0] ?? 0) / 1000) - 1;
      assert.deepEqual(texts(await chat(bob, ann, secondBefore)), ['one', 'two', 'three'], 'seconds');
      assert.equal(await api.client.refusal('chat', { to_user_id: ann.id, pre_msg_time: 'now' }, bob), 40001);
    });

    it('are each seen once by who polls while several send [R4]', async () => {
      const [ann, bob] = [await api.register(), await api.register()];
      let sending = true;
      const poll = async (): Promise<string[]> => {
        const seen: Message[] = [];
        for (;;) {
          const isLast = !sending;
          const news = await chat(bob, ann, seen.at(-1)?.create_time);
          seen.push(...news);
          if (isLast && news.length === 0) return texts(seen);
        }
      };
      const polls = [poll(), poll()];
      const senders = Array.from(
        { length: 4 },
        (_, sender) => [sender % 2 ? ann : bob, sender % 2 ? bob : ann] as const,
      );
      const wanted: string[] = [];
      await Promise.all(
        senders.map(async ([from, to], sender) => {
          for (let index = 0; index < 10; index += 1) {
            wanted.push(`${sender}/${index}`);
            await send(from, to, `${sender}/${index}`);
          }
        }),
      );
      sending = false;
      for (const seen of await Promise.all(polls)) assert.deepEqual(seen.toSorted(), wanted.toSorted());
    });

    it('are read by nobody else', async () => {
      const [ann, bob, eve] = [await api.register(), await api.register(), await api.register()];
      await send(ann, bob, 'between us');
      for (const other of [ann, bob]) assert.deepEqual(await chat(eve, other), []);
      assert.equal(await api.client.refusal('chat', { to_user_id: bob.id }), 40101);
      assert.equal(await api.client.refusal('chat', { to_user_id: bob.id, user_id: ann.id }), 40101);
    });

    it('have 1 to 1000 characters, whatever their bytes', async () => {
      const [ann, bob] = [await api.register(), await api.register()];
      await send(ann, bob, '字'.repeat(1000));
      const refusal = (content: string) =>
        api.client.refusal('message', { to_user_id: bob.id, action_type: 1, content }, ann);
      for (const content of ['', '字'.repeat(1001), 'a\u0000b']) assert.equal(await refusal(content), 40001);
      assert.deepEqual(texts(await chat(bob, ann)), ['字'.repeat(1000)]);
    });

    it('to nobody, of no known kind, or from nobody are refused [R2]', async () => {
      const [ann, bob] = [await api.register(), await api.register()];
      const message = { to_user_id: bob.id, action_type: 1, content: 'hello' };
      assert.equal(await api.client.refusal('message', { ...message, to_user_id: 3 }, ann), 40402);
      assert.equal(await api.client.refusal('message', { ...message, to_user_id: 0 }, ann), 40001);
      assert.equal(await api.client.refusal('message', { ...message, action_type: 2 }, ann), 40001);
      assert.equal(await api.client.refusal('message', message), 40101);
      assert.equal(await api.client.refusal('chat', { to_user_id: 3 }, ann), 40402);
      assert.deepEqual(await chat(bob, ann), []);
    });
  });
