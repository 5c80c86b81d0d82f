import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { freshBuckets, freshDatabase, type ObjectStoreSettings } from '../../../test/backends/index.ts';
import { connectDatabase } from '../../shared/mysql/database.ts';

const entryPoint = fileURLToPath(new URL('../main.ts', import.meta.url));

/** Runs the Job as Kubernetes would: settings by environment, output in lines, an exit code. */
async function runJob(settings: object) {
  const env = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]));
  const child = spawn(process.execPath, [entryPoint], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return {
    code,
    lines: output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  };
}

describe('migration job', function () {
  this.timeout(90_000);
  let objectStore: ObjectStoreSettings;
  before(async () => {
    objectStore = await freshBuckets();
  });

  const newBuckets = () => {
    const name = `job-${Date.now().toString(36)}`;
    return { OBJECT_STORE_ORIGINALS_BUCKET: `${name}-originals`, OBJECT_STORE_MEDIA_BUCKET: `${name}-media` };
  };

  it('creates what is absent, brings the schema up and prepares the buckets; a second run changes nothing', async () => {
    const database = await freshDatabase({ migrated: false });
    const absent = { ...database, DATABASE_NAME: `${database.DATABASE_NAME}_absent` };
    const settings = { ...absent, ...objectStore, ...newBuckets() };
    const first = await runJob(settings);
    assert.deepEqual([first.code, first.lines.at(-1)?.msg], [0, 'the buckets are ready'], JSON.stringify(first.lines));
    assert.equal(first.lines[0]?.database, 'created');
    const second = await runJob(settings);
    assert.equal(second.code, 0);
    assert.ok(second.lines.some(({ msg }) => msg === 'the schema is up to date'));
    const db = connectDatabase(absent);
    assert.equal((await db('worker').count('* as rows').first())?.rows, 256);
    await db.destroy();
  });

  it('ends with 1 and the reason in one line when the password is wrong', async () => {
    const database = await freshDatabase({ migrated: false });
    const { code, lines } = await runJob({ ...database, ...objectStore, DATABASE_PASSWORD: 'a wrong password' });
    assert.equal(code, 1);
    assert.equal(lines.length, 1);
    assert.match(lines[0]?.msg, /^the process ends: the database cannot be used: Access denied/);
    assert.doesNotMatch(JSON.stringify(lines), /a wrong password/);
  });

  it('ends with 1 and every missing setting when it is not configured', async () => {
    const { code, lines } = await runJob({ OBJECT_STORE_REGION: 'us-east-1' });
    assert.equal(code, 1);
    assert.match(lines[0]?.msg, /DATABASE_HOST is missing.*OBJECT_STORE_ENDPOINT is missing/);
  });
});
