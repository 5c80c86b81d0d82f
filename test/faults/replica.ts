import { fixedAccess } from '../../operator/kubernetes/access.ts';
import { createClient } from '../../operator/kubernetes/client.ts';
import { createLeaderElection } from '../../operator/kubernetes/leader-election.ts';
import { silentLog } from '../../operator/kubernetes/log.ts';
import { startToyOperator } from '../cluster/api-server-toy-operator.ts';
import type { ReplicaEvent, ReplicaSettings } from './replicas.ts';

const { apiUrl, namespace, identity, timing } = JSON.parse(process.argv[2] ?? '') as ReplicaSettings;

const tell = (event: ReplicaEvent['event']) =>
  process.stdout.write(`${JSON.stringify({ event, atMs: Date.now() } satisfies ReplicaEvent)}\n`);

const client = createClient({ access: fixedAccess(new URL(apiUrl), { tls: {}, headers: {} }) });
let hasPassed = false;
const election = createLeaderElection({
  client,
  namespace,
  name: 'toy-operator',
  identity,
  timing,
  log: silentLog,
  onStarted: () => {
    tell('leading');
    toy.work();
  },
  onStopped: (why) => {
    tell(why);
    if (why === 'lost') process.exit(1);
  },
});
const toy = await startToyOperator(client.guarded(election.assertLeader), namespace, {
  standby: true,
  silenceSeconds: 5,
  onPass: () => {
    if (!hasPassed) tell('passed');
    hasPassed = true;
  },
});
process.once('SIGTERM', async () => {
  await toy.stop();
  await election.stop();
  process.exit(0);
});
election.start();
tell('standing by');
