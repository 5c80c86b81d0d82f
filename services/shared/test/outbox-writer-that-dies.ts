// A process that dies between its commit and the sending, for the test of the outbox.
// Arguments: the database settings and the ids of the events, as JSON.
import { connectDatabase, transact } from '../mysql/database.ts';
import { enqueue } from '../outbox/enqueue.ts';

const [, , settings = '', eventIds = ''] = process.argv;
const ids: number[] = JSON.parse(eventIds);
await transact(connectDatabase(JSON.parse(settings)), async (trx) => {
  for (const id of ids) await enqueue(trx, { id, topic: 'uploads', key: 'dying', payload: { id } });
});
process.kill(process.pid, 'SIGKILL');
