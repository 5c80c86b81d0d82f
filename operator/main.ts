import { randomBytes, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Registry } from 'prom-client';
import { type OperatorConfig, readOperatorConfig } from './config.ts';
import { createController } from './controller.ts';
import { registerProcessMetrics, serveHealth } from './health.ts';
import { createClient } from './kubernetes/client.ts';
import { systemClock as clock } from './kubernetes/clock.ts';
import { createEventRecorder } from './kubernetes/events.ts';
import { inClusterAccess } from './kubernetes/in-cluster.ts';
import { kubeconfigAccess } from './kubernetes/kubeconfig.ts';
import { createLeaderElection } from './kubernetes/leader-election.ts';
import { createMachineryMetrics } from './kubernetes/metrics.ts';
import { createLogger } from './log.ts';
import { askWorker } from './scaler/ask-worker.ts';
import { createLagReader } from './scaler/lag.ts';
import { check } from './servers/check.ts';
import { reach } from './servers/reach.ts';
import { createServerWatch } from './servers/watch.ts';
import { applyTopics, deleteTopics } from './topics/apply.ts';
import { createTopicKeeper } from './topics/keeper.ts';
import { askCache } from './warm-up/ask.ts';

/** Topics that were right are looked at again after this time. */
const topicTrustSeconds = 300;

const clusterAccess = (env: NodeJS.ProcessEnv) => {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = env;
  return host ? inClusterAccess({ host, port }) : kubeconfigAccess(env.KUBECONFIG);
};

/** Puts everything together; nothing is started yet. */
async function assemble(config: OperatorConfig) {
  const log = createLogger(config.logLevel);
  const registry = new Registry();
  registerProcessMetrics(registry);
  const metrics = createMachineryMetrics(registry);
  const client = createClient({
    access: await clusterAccess(process.env),
    userAgent: `tiktok-lite-operator/${config.images.version}`,
    metrics: metrics.client,
  });
  const election = createLeaderElection({
    client,
    namespace: config.leaseNamespace,
    name: config.name,
    // A restarted container of the same pod is another candidate.
    identity: `${config.identity}_${randomUUID()}`,
    log,
    metrics: metrics.leader,
    onStarted: () => {
      for (const controller of controllers) controller.work();
    },
    onStopped: (why) => {
      // Another process may lead already, and what is under way here cannot be taken back: end at once.
      if (why === 'lost') process.exit(1);
    },
  });
  const leading = client.guarded(election.assertLeader);
  const events = createEventRecorder({
    client: leading,
    controller: 'tiktoklite.dev/operator',
    instance: config.identity,
    log,
    metrics: metrics.events,
  });
  const scopes = config.watchNamespaces.length > 0 ? config.watchNamespaces.map((namespace) => ({ namespace })) : [{}];
  const controllers = scopes.map((scope) =>
    createController({
      ...scope,
      client: leading,
      operatorClass: config.operatorClass,
      images: config.images,
      nodeAddress: config.nodeAddress,
      operatorNamespace: config.leaseNamespace,
      topics: createTopicKeeper({ apply: applyTopics, clock, trustSeconds: topicTrustSeconds }),
      deleteTopics,
      servers: createServerWatch({ reach, check, clock }),
      askCache,
      lags: createLagReader(),
      askWorker,
      events,
      // No character of it means anything to a shell, a flag or a URL.
      randomText: (bytes) => randomBytes(bytes).toString('hex'),
      log,
      clock,
      metrics,
    }),
  );
  return { log, registry, client, election, events, controllers };
}

/** Watches, then competes for the lead, and works while it has it; on a signal it ends in the opposite order. */
async function run(config: OperatorConfig): Promise<void> {
  const { log, registry, client, election, events, controllers } = await assemble(config);
  const signalled = Promise.withResolvers<void>();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => signalled.resolve());

  let phase: 'starting' | 'running' | 'stopping' = 'starting';
  const complaint = () => {
    if (phase !== 'running') return `the operator is ${phase}`;
    return controllers.every(({ isWatching }) => isWatching()) ? undefined : 'a watch has been silent for too long';
  };
  const health = await serveHealth({ port: config.healthPort, registry, complaint });

  for (const controller of controllers) controller.watch();
  await Promise.race([Promise.all(controllers.map(({ synced }) => synced())), signalled.promise]);
  phase = 'running';
  log.info({ watchNamespaces: config.watchNamespaces, operatorClass: config.operatorClass }, 'started');
  election.start();

  await signalled.promise;
  phase = 'stopping';
  log.info({}, 'stopping');
  await Promise.all(controllers.map(({ stopWork }) => stopWork('the operator stops')));
  await events.stop();
  await election.stop();
  await Promise.all(controllers.map(({ stopWatch }) => stopWatch()));
  await client.close();
  health.close();
  log.info({}, 'stopped');
  process.exit(0);
}

process.on('unhandledRejection', (error) => {
  createLogger('error').fatal({ error }, 'a promise failed and nobody was waiting for it: this is a bug');
  process.exit(1);
});

try {
  await run(readOperatorConfig(process.env, hostname()));
} catch (error) {
  createLogger('error').fatal({ error }, 'the operator could not start');
  process.exit(1);
}
