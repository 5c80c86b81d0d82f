import assert from 'node:assert/strict';
import { serveApp } from '../../shared/http/server.ts';
import { createMetrics } from '../../shared/metrics.ts';
import { type Fixture, insertUser, quietLogger, startReadModels } from '../../shared/test/read-models/fixture.ts';
import { createTokens } from '../../shared/tokens.ts';
import { createUserApp } from '../app.ts';

const tokens = createTokens({
  keys: JSON.stringify([{ kid: 'test', secret: 'a secret that is only used in this test' }]),
});

describe('user API', function () {
  this.timeout(60_000);
  let fixture: Fixture;
  let close: () => Promise<void>;
  let base: string;
  before(async () => {
    fixture = await startReadModels();
    const app = createUserApp({
      ...{ logger: quietLogger, metrics: createMetrics('user'), tokens },
      ...{ models: fixture.models, mediaBaseUrl: 'http://media/bucket' },
    });
    const served = await serveApp(app, { port: 0, logger: quietLogger });
    base = `http://127.0.0.1:${served.port}`;
    close = async () => {
      await served.drain(1000);
      await fixture.close();
    };
  });
  after(() => close());

  const ask = async (query: string) => (await fetch(`${base}/douyin/user${query}`)).json();

  it('shows a profile to anybody, every field present', async () => {
    const id = await insertUser(fixture.db, { name: 'Ada' });
    await fixture.db('user_counter').insert({ user_id: id, favorite_count: 3, work_count: 1, revision: 4 });
    assert.deepEqual(await ask(`/?user_id=${id}`), {
      ...{ status_code: 0, status_msg: 'ok' },
      user: {
        ...{ id, name: 'Ada', signature: '', avatar: '', background_image: '', is_follow: false },
        ...{ follow_count: 0, follower_count: 0, total_favorited: 0, work_count: 1, favorite_count: 3 },
      },
    });
  });

  it('shows the caller without an id, and refuses a caller whom it does not know', async () => {
    const id = await insertUser(fixture.db);
    const own = await ask(`?token=${tokens.issue(id)}`);
    assert.equal(own.user.id, id);
    for (const query of ['', '?token=nonsense']) assert.equal((await ask(query)).status_code, 40101);
  });

  it('keeps the fields in the answer about a user who does not exist', async () => {
    const answer = await ask('/?user_id=1e3');
    assert.equal(answer.status_code, 40402);
    assert.equal(answer.user.id, 0);
  });
});
