import assert from 'node:assert/strict';
import { compareEverything } from './compare.ts';
import { form, redisMode, seed } from './form.ts';
import { playRound } from './round.ts';
import { type Stage, startStage } from './stage.ts';
import { createWitness } from './witness.ts';

const redisName = { single: 'one Redis', cluster: 'a Redis Cluster' }[redisMode];
const repeat = `SEED=${seed} TEST_REDIS=${redisMode}`;

describe(`a platform whose processes die and whose Redis forgets, on ${redisName} (${form.name} form, ${repeat})`, function () {
  this.timeout(form.timeoutMs);
  let stage: Stage;
  before(async () => {
    stage = await startStage(redisMode);
  });
  after(() => stage?.stop());

  const playAndCompare = async (round: number) => {
    const witness = createWitness();
    const startMs = performance.now();
    await playRound({ stage, form, seed, round, witness });
    const playedMs = performance.now() - startMs;
    assert.equal(witness.accusations().length, 0, [...witness.accusations(), repeat].join('\n\n'));
    const { drainMs, rightMs, findings } = await compareEverything(stage);
    assert.equal(findings.length, 0, [`after round ${round}`, ...findings, repeat].join('\n\n'));
    const [played, drained, right] = [playedMs, drainMs, rightMs].map((ms) => `${(ms / 1_000).toFixed(1)} s`);
    console.log(`      round ${round}: played in ${played}, drained ${drained} later, all right ${right} after that`);
  };

  it('shows everybody what they did, counts what the rows count, and forgets nothing that it acknowledged', async () => {
    for (let round = 1; round <= form.rounds; round += 1) await playAndCompare(round);
    const { tally } = stage;
    for (const line of [...tally.lines(), repeat]) console.log(`      ${line}`);
    const { rounds, operations, kills, flushes, redisRestarts } = form;
    assert.ok(tally.of('operation acknowledged') >= rounds * operations);
    assert.ok(tally.sum('kill -9') >= rounds * (kills + redisRestarts));
    assert.ok(tally.of('FLUSHALL') >= rounds * flushes);
    assert.ok(tally.of('message delivered again') > 0);
  });

  it('would be found out if it lost a like, or counted one more', async () => {
    const like = await stage.db('favorite').where('liked', true).first('user_id', 'video_id');
    await stage.db('favorite').where(like).delete();
    const { findings } = await compareEverything(stage);
    const found = (pattern: RegExp) => findings.filter((finding) => pattern.test(finding)).length;
    assert.equal(found(new RegExp(`^likes of ${like.user_id}: ${like.video_id} was acknowledged`)), 1);
    assert.equal(found(new RegExp(`^counters of video ${like.video_id} are`)), 1);
    assert.equal(found(new RegExp(`^counters of user ${like.user_id} are`)), 1);
    for (const door of [...stage.doors.of('user'), ...stage.doors.of('video')])
      assert.ok(found(new RegExp(`^${door.name} shows`)) > 0, door.name);
  });
});
