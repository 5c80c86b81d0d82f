import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type DatabaseSettings, freshDatabase } from '../../../test/backends/index.ts';
import { createIdGenerator } from '../ids/generator.ts';
import { timeOfId } from '../ids/layout.ts';
import { createLogger } from '../logger.ts';
import { connectDatabase, type Knex } from '../mysql/database.ts';

const script = fileURLToPath(new URL('./print-ids.ts', import.meta.url));
const logger = createLogger({ component: 'test', level: 'silent' });

describe('id generator', function () {
  this.timeout(120_000);
  let settings: DatabaseSettings;
  let db: Knex;

  beforeEach(async () => {
    settings = await freshDatabase();
    db = connectDatabase({ ...settings, DATABASE_POOL_SIZE: 20 });
  });
  afterEach(() => db.destroy());

  const generator = (options: { leaseMs?: number; clock?: () => number } = {}) =>
    createIdGenerator({ db, logger, ...options });

  const inProcess = (...args: number[]) => {
    const database = JSON.stringify({ ...settings, DATABASE_POOL_SIZE: 2 });
    const child: ChildProcess = spawn(process.execPath, [script, database, ...args.map(String)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (!child.stdout || !child.stderr) throw new Error('the child process has no pipes');
    const ids = buffer(child.stdout).then((bytes) => [
      ...new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)),
    ]);
    return { child, ids, errors: child.stderr };
  };

  const workerOf = (id: number) => Math.floor(id / 256) % 256;

  it('makes ids that tell the time of the database server', async () => {
    const ids = generator();
    assert.ok(Math.abs(timeOfId(await ids.next()) - Date.now()) < 2_000);
    await ids.close();
  });

  it('never makes the same id in 16 processes that make 100,000 each', async () => {
    const all = await Promise.all(Array.from({ length: 16 }, () => inProcess(100_000).ids));
    const sorted = Float64Array.from(all.flat()).sort();
    assert.equal(sorted.length, 1_600_000);
    assert.equal(new Set(all.map(([id]) => workerOf(id ?? 0))).size, 16);
    assert.ok(sorted.every((id, index) => index === 0 || id > (sorted[index - 1] ?? id)));
  });

  it('takes another number when the process was stopped past its lease and its number was taken', async () => {
    await db('worker').where('id', '>', 0).delete(); // one number for all
    const leaseMs = 1_500;
    const stopped = inProcess(1_000, leaseMs, 200);
    await once(stopped.errors, 'data');
    stopped.child.kill('SIGSTOP');
    await pause(leaseMs + 500);
    const other = generator({ leaseMs });
    const others = new Set<number>();
    for (let index = 0; index < 1_000; index += 1) others.add(await other.next());
    await other.close();
    stopped.child.kill('SIGCONT');
    const made = await stopped.ids;
    assert.equal(made.length, 1_000);
    assert.ok(made.every((id) => !others.has(id)));
    assert.equal(new Set(made).size, 1_000);
  });

  it('starts above what the last holder of a number may have used, also when that one died', async () => {
    await db('worker').where('id', '>', 0).delete();
    const first = generator({ leaseMs: 300 });
    const before = await first.next(); // never closed
    await pause(400);
    const second = generator({ leaseMs: 300 });
    assert.ok((await second.next()) > before);
    await second.close();
  });

  it('goes on with its number after a rest that was longer than its lease, when nobody has taken it', async () => {
    const ids = generator({ leaseMs: 200 });
    const before = await ids.next();
    await pause(300);
    const after = await ids.next();
    assert.equal(workerOf(after), workerOf(before));
    assert.ok(after > before);
    await ids.close();
  });

  it('can be used at once by the next process after a clean end', async () => {
    await db('worker').where('id', '>', 0).delete();
    const first = generator();
    await first.next();
    await first.close();
    const second = generator();
    const startedMs = performance.now();
    await second.next();
    assert.ok(performance.now() - startedMs < 500);
    await second.close();
  });

  it('repeats nothing and stops for nobody when the server clock is set back ten seconds', async () => {
    const ids = generator({ leaseMs: 300 });
    const before = await ids.next();
    // What a set-back clock leaves behind: a time of ids, and so a high water, that lies ahead of the server's time.
    const high = await db('worker').max('high_water as tick').first();
    await db('worker').update({ high_water: Number(high?.tick) + 1_000 });
    await pause(350);
    const startedMs = performance.now();
    const made = new Set<number>();
    for (let index = 0; index < 100; index += 1) made.add(await ids.next());
    assert.ok(performance.now() - startedMs < 1_000);
    assert.equal(made.size, 100);
    assert.ok([...made].every((id) => id > before));
    await ids.close();
  });

  it('says so when no number is free', async () => {
    await db('worker').delete();
    await assert.rejects(generator().next(), /no worker number is free/);
  });

  it('fails while the database is away, and works again afterwards', async () => {
    const away = connectDatabase({ ...settings, DATABASE_PORT: 1, DATABASE_POOL_SIZE: 1 });
    const ids = createIdGenerator({ db: away, logger });
    await assert.rejects(ids.next(), /ECONNREFUSED/);
    await away.destroy();
  });
});
