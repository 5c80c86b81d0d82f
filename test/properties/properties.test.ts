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
  const witness = createWitness();
  before(async () => {
    stage = await startStage(redisMode);
  });
  after(() => stage?.stop());

  for (let round = 1; round <= form.rounds; round += 1)
    it(`shows all what they did, counts what the rows count, and forgets nothing it acknowledged (round ${round} of ${form.rounds})`, async () => {
      const startMs = performance.now();
      await playRound({ stage, form, seed, round, witness });
      const playedMs = performance.now() - startMs;
      assert.equal(witness.accusations().length, 0, [...witness.accusations(), repeat].join('\n\n'));
      const { drainMs, rightMs, findings } = await compareEverything(stage);
      const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
      console.log(
        `      played ${seconds(playedMs)}, drained ${seconds(drainMs)} later, all answers right ${seconds(rightMs)} after that`,
      );
      assert.deepEqual(findings, [], repeat);
    });

  it('did so much, and so much happened to it', () => {
    const { tally } = stage;
    for (const line of [...tally.lines(), repeat]) console.log(`      ${line}`);
    const { rounds, operations, kills, flushes, redisRestarts } = form;
    assert.ok(tally.of('operation acknowledged') >= rounds * operations);
    assert.ok(tally.sum('kill -9') >= rounds * (kills + redisRestarts));
    assert.ok(tally.of('FLUSHALL') >= rounds * flushes);
    assert.ok(tally.of('message delivered again') > 0);
  });
});
