/**
 * Makes ids in a process of its own, for the test of uniqueness over processes: prints them as 8-byte floats.
 * Arguments: settings of the database as JSON, how many ids, length of the lease in ms, pause after the first half in ms.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { createIdGenerator } from '../ids/generator.ts';
import { createLogger } from '../logger.ts';
import { connectDatabase } from '../mysql/database.ts';

const [database = '{}', ...numbers] = process.argv.slice(2);
const [count = 0, leaseMs = 60_000, restMs = 0] = numbers.map(Number);
const db = connectDatabase(JSON.parse(database));
const ids = createIdGenerator({ db, leaseMs, logger: createLogger({ component: 'test', level: 'silent' }) });
const made = new Float64Array(count);
for (let index = 0; index < count; index += 1) {
  if (restMs > 0 && index === Math.floor(count / 2)) {
    process.stderr.write('half\n');
    await pause(restMs);
  }
  made[index] = await ids.next();
}
await ids.close();
await db.destroy();
process.stdout.write(Buffer.from(made.buffer));
