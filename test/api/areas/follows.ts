import assert from 'node:assert/strict';
import type { Caller } from '../client.ts';
import { type ApiUnderTest, shortly } from '../platform.ts';

/** Who follows whom, and who are friends. */
export const follows = (api: ApiUnderTest) =>
  describe('follows', () => {
    const act = (caller: Caller, userId: number, actionType: 1 | 2) =>
      api.client.succeed('relation', { to_user_id: userId, action_type: actionType }, caller);
    const listed = async (route: 'followList' | 'followerList', userId: number, viewer?: Caller) =>
      (await api.client.succeed(route, { user_id: userId, limit: 200 }, viewer)).user_list;
    const friendsOf = async (caller: Caller) =>
      (await api.client.succeed('friendList', { user_id: caller.id, limit: 200 }, caller)).user_list;
    const ids = (users: readonly { id: number }[]) => users.map(({ id }) => id);
    const userOf = async (userId: number, viewer: Caller) =>
      (await api.client.succeed('user', { user_id: userId }, viewer)).user;
    const counts = async (userId: number, viewer: Caller) => {
      const { follow_count, follower_count } = await userOf(userId, viewer);
      return [follow_count, follower_count];
    };
    /** As the one sees it who acted, and that is at once. */
    const countsOfBoth = (ann: Caller, bob: Caller) => Promise.all([counts(ann.id, ann), counts(bob.id, ann)]);

    it('are seen at once, in both lists, both counts and the flag [8]', async () => {
      const [ann, bob] = [await api.register(), await api.register()];
      await act(ann, bob.id, 1);
      // Asked of both replicas.
      for (let read = 0; read < 2; read += 1) {
        assert.deepEqual(ids(await listed('followList', ann.id, ann)), [bob.id]);
        assert.deepEqual(ids(await listed('followerList', bob.id, ann)), [ann.id]);
        assert.deepEqual(await listed('followerList', ann.id, ann), []);
        assert.deepEqual(await listed('followList', bob.id, ann), []);
        assert.deepEqual(await countsOfBoth(ann, bob), [
          [1, 0],
          [0, 1],
        ]);
        assert.equal((await userOf(bob.id, ann)).is_follow, true);
      }
      await act(ann, bob.id, 2);
      assert.deepEqual(await listed('followList', ann.id, ann), []);
      assert.deepEqual(await countsOfBoth(ann, bob), [
        [0, 0],
        [0, 0],
      ]);
      assert.equal((await userOf(bob.id, ann)).is_follow, false);
    });

    it('count once however often they are repeated, and never below zero [R1]', async () => {
      const [ann, bob] = [await api.register(), await api.register()];
      for (let time = 0; time < 3; time += 1) await act(ann, bob.id, 1);
      assert.deepEqual(await countsOfBoth(ann, bob), [
        [1, 0],
        [0, 1],
      ]);
      for (let time = 0; time < 3; time += 1) await act(ann, bob.id, 2);
      assert.deepEqual(await countsOfBoth(ann, bob), [
        [0, 0],
        [0, 0],
      ]);
    });

    it('are all listed, at the second read too, the last one first [7]', async () => {
      const ann = await api.register();
      const others = api.library.userIds.slice(0, 40);
      for (const userId of others) await act(ann, userId, 1);
      for (let read = 0; read < 4; read += 1)
        assert.deepEqual(ids(await listed('followList', ann.id, ann)), others.toReversed());
      assert.deepEqual(await counts(ann.id, ann), [40, 0]);
      for (const userId of others) await act(ann, userId, 2);
      assert.deepEqual(await listed('followList', ann.id, ann), []);
    });

    it('are flagged for the caller, not for the owner of the list [14]', async () => {
      const [owner, followed, viewer] = [await api.register(), await api.register(), await api.register()];
      await act(owner, followed.id, 1);
      const flag = async (by?: Caller) => (await listed('followList', owner.id, by))[0]?.is_follow;
      assert.deepEqual([await flag(owner), await flag(viewer), await flag()], [true, false, false]);
      await act(viewer, followed.id, 1);
      assert.equal(await flag(viewer), true);
      assert.equal(
        (await listed('followerList', followed.id, owner)).find(({ id }) => id === owner.id)?.is_follow,
        false,
      );
    });

    it('of oneself, of nobody and of zero are errors that delete nothing [12, R2]', async () => {
      const [ann, bob] = [await api.register(), await api.register()];
      await act(ann, bob.id, 1);
      const refused: [number, Record<string, string | number>][] = [
        [40001, { to_user_id: ann.id, action_type: 1 }],
        [40402, { to_user_id: 3, action_type: 1 }],
        [40402, { to_user_id: 3, action_type: 2 }],
        [40001, { to_user_id: 0, action_type: 2 }],
        [40001, { to_user_id: '', action_type: 2 }],
        [40001, { action_type: 2 }],
        [40001, { to_user_id: bob.id, action_type: 3 }],
      ];
      for (const [code, parameters] of refused)
        assert.equal(await api.client.refusal('relation', parameters, ann), code);
      assert.deepEqual(ids(await listed('followList', ann.id, ann)), [bob.id]);
    });

    it('of users who follow each other at the same moment are both counted', async () => {
      const circle = await Promise.all(Array.from({ length: 5 }, () => api.register()));
      const pairs = circle.flatMap((one) =>
        circle.filter((other) => other !== one).map((other) => [one, other] as const),
      );
      await Promise.all(pairs.map(([one, other]) => act(one, other.id, 1)));
      for (const one of circle) await shortly([4, 4], () => counts(one.id, one));
    });

    it('answer many lists at once [18]', async () => {
      const callers = await Promise.all(Array.from({ length: 6 }, () => api.register()));
      const [one] = api.library.userIds;
      for (const caller of callers) await act(caller, one ?? 0, 1);
      const lists = await Promise.all(
        Array.from({ length: 60 }, (_, index) => listed('followList', callers[index % callers.length]?.id ?? 0)),
      );
      assert.ok(lists.every((users) => users.length === 1));
      for (const caller of callers) await act(caller, one ?? 0, 2);
    });

    it('of a user who does not exist are an error', async () => {
      for (const route of ['followList', 'followerList'] as const)
        assert.equal(await api.client.refusal(route, { user_id: 3 }), 40402);
    });

    describe('that go both ways make friends, who', () => {
      it('are listed with the newest message of the two', async () => {
        const [ann, bob, cat] = [await api.register(), await api.register(), await api.register()];
        for (const friend of [bob, cat]) {
          await act(ann, friend.id, 1);
          assert.ok(!ids(await friendsOf(ann)).includes(friend.id), 'one way is not enough');
          await act(friend, ann.id, 1);
        }
        const say = (from: Caller, to: Caller, content: string) =>
          api.client.succeed('message', { to_user_id: to.id, action_type: 1, content }, from);
        const friends = async (of: Caller) =>
          new Map((await friendsOf(of)).map(({ id, message, msgType }) => [id, [message, msgType]]));
        assert.deepEqual([...(await friends(ann)).keys()].sort(), [bob.id, cat.id].sort());
        assert.deepEqual((await friends(ann)).get(cat.id)?.[0], '');
        await say(ann, bob, 'hello bob');
        assert.deepEqual((await friends(ann)).get(bob.id), ['hello bob', 1]);
        assert.deepEqual((await friends(bob)).get(ann.id), ['hello bob', 0]);
        await say(bob, ann, 'hello ann');
        assert.deepEqual((await friends(ann)).get(bob.id), ['hello ann', 0]);
        await act(bob, ann.id, 2);
        assert.deepEqual([...(await friends(ann)).keys()], [cat.id]);
        assert.equal((await friends(bob)).size, 0);
      });
    });
  });
