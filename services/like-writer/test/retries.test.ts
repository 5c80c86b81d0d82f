import assert from 'node:assert/strict';
import { eventually } from '../../../test/eventually.ts';
import { insertUser } from '../../shared/test/read-models/fixture.ts';
import { likeLifetimeMs } from '../../shared/topics.ts';
import { type LikesInKafka, startLikes } from './likes-in-kafka.ts';

describe('likes that cannot be written', function () {
  this.timeout(90_000);
  let likes: LikesInKafka;
  let poisonous: number;
  let harmless: number[];
  beforeEach(async () => {
    likes = await startLikes();
    poisonous = await insertUser(likes.db);
    harmless = await Promise.all(Array.from({ length: 5 }, () => insertUser(likes.db)));
  });
  afterEach(() => likes.close());

  /** The database refuses every like of the poisonous user: the mistake of a row, or of a release. */
  const poison = () =>
    likes.db.raw(
      `CREATE TRIGGER poison BEFORE INSERT ON favorite FOR EACH ROW IF NEW.user_id = ${poisonous} THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'poison'; END IF`,
    );
  const publishAll = async () => {
    for (const userId of [poisonous, ...harmless]) await likes.publish({ userId });
  };

  it('wait among the retries, without holding up the others, until they can be written', async () => {
    await poison();
    const retries = likes.collect('likesRetry');
    const deadLetters = likes.collect('likesDeadLetter');
    likes.consume();
    await publishAll();
    await eventually('the others are written', async () => (await likes.likers()).length === harmless.length);
    await eventually('the poisonous one is a retry', () => retries.length > 0);
    assert.deepEqual(JSON.parse(retries[0]?.value ?? '').userId, poisonous);
    await likes.db.raw('DROP TRIGGER poison');
    await eventually('it is written', async () => (await likes.likers()).includes(poisonous));
    const [counter] = await likes.db('video_counter').where('video_id', likes.videoId);
    assert.equal(counter.favorite_count, harmless.length + 1);
    assert.deepEqual(deadLetters, []);
  });

  it('are tried a bounded number of times, then kept as dead letters with where they came from and why', async () => {
    await poison();
    const retries = likes.collect('likesRetry');
    const deadLetters = likes.collect('likesDeadLetter');
    likes.consume();
    const event = await likes.publish({ userId: poisonous });
    await eventually('a dead letter', () => deadLetters.length > 0);
    assert.equal(retries.length, 5);
    const [{ value, key, headers } = assert.fail()] = deadLetters;
    assert.deepEqual([JSON.parse(value), key], [event, String(poisonous)]);
    assert.match(headers['dead-letter-reason'] ?? '', /poison.*tried again 5 times/);
    assert.match(headers.origin ?? '', /\.likes\/\d\/0$/);
    await likes.publish({ userId: harmless[0] ?? 0 });
    await eventually('a later one is written', async () => (await likes.likers()).length === 1);
    assert.equal(deadLetters.length, 1);
  });

  it('because they are older than what would tell them from new ones are kept, and change nothing', async () => {
    const [userId = 0] = harmless;
    const deadLetters = likes.collect('likesDeadLetter');
    likes.consume();
    await likes.publish({ userId, version: (Date.now() - likeLifetimeMs(1) - 60_000) * 1000 });
    await eventually('a dead letter', () => deadLetters.length > 0);
    assert.match(deadLetters[0]?.headers['dead-letter-reason'] ?? '', /older/);
    await likes.publish({ userId, version: (Date.now() - likeLifetimeMs(1) + 60_000) * 1000 });
    await eventually('a younger one is written', async () => (await likes.likers()).includes(userId));
  });
});
