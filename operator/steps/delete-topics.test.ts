import assert from 'node:assert/strict';
import { buildPlatform } from '../testing/build-platform.ts';
import { deleteTopicsOf } from './delete-topics.ts';

const kafka = { external: { brokers: ['kafka.example.org:9092'] } };
const deletionTimestamp = '2030-01-01T12:00:00Z';
const platformWith = (topics: object) => buildPlatform({ kafka, topics }, { deletionTimestamp });
const deleting = platformWith({ deletionPolicy: 'Delete' });

describe('the topics of a platform that goes away', () => {
  /** What becomes of them so many seconds after the deletion began, with brokers that do what the test says. */
  async function outcomeOf(platform = deleting, { seconds = 0, answer = async () => {}, platforms = [platform] } = {}) {
    const asked: string[] = [];
    const result = await deleteTopicsOf(platform, {
      findAccess: async () => kafka.external,
      deleteTopics: async (_, names) => {
        asked.push(...names);
        return answer();
      },
      platforms,
      now: new Date(Date.parse(deletionTimestamp) + seconds * 1000),
    });
    return { result, asked };
  }
  const refuse = () => Promise.reject(new Error('connection refused'));

  it('are deleted, all of them, where the object says so', async () => {
    const { result, asked } = await outcomeOf();
    assert.deepEqual([result.outcome, asked.length], ['done', 7]);
    assert.ok(asked.includes('shop.demo.likes-dead-letter'));
  });

  it('stay where the object does not say so, where Strimzi has them, and where they are an older platform’s', async () => {
    assert.deepEqual((await outcomeOf(platformWith({}))).asked, []);
    const strimzi = { mode: 'kafkaTopic', kafkaTopic: { cluster: 'main' }, deletionPolicy: 'Delete' };
    assert.deepEqual((await outcomeOf(platformWith(strimzi))).asked, []);
    const older = buildPlatform({ kafka }, { uid: 'older', creationTimestamp: '2029-01-01T00:00:00Z' });
    assert.deepEqual((await outcomeOf(deleting, { platforms: [deleting, older] })).asked, []);
  });

  it('hold up the platform for a while when brokers do not answer, and say until when', async () => {
    const { result } = await outcomeOf(deleting, { seconds: 299, answer: refuse });
    assert.ok(result.outcome === 'pending');
    assert.match(
      result.finding.message,
      /shop\.demo\.\* cannot be deleted: connection refused; .* until 2030-01-01T12:05/,
    );
  });

  it('are left after that, and somebody hears of it', async () => {
    const { result } = await outcomeOf(deleting, { seconds: 301, answer: refuse });
    assert.ok(result.outcome === 'left');
    assert.match(result.note, /connection refused; they are left: delete them by hand/);
  });
});
