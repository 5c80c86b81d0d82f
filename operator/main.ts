import { randomBytes, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Registry } from 'prom-client';
import { type OperatorConfig, readOperatorConfig } from './config.ts';
import { type Controller, createController } from './controller.ts';
import { registerProcessMetrics, serveHealth } from './health.ts';
import { createClient } from './kubernetes/client.ts';
import { systemClock } from './kubernetes/clock.ts';
import { createEventRecorder } from './kubernetes/events.ts';
import { inClusterAccess } from './kubernetes/in-cluster.ts';
import { kubeconfigAccess } from './kubernetes/kubeconfig.ts';
import { createLeaderElection } from './kubernetes/leader-election.ts';
import { createMachineryMetrics } from './kubernetes/metrics.ts';
import { createLogger } from './log.ts';
import { applyTopics } from './topics/apply.ts';
import { createTopicKeeper } from './topics/keeper.ts';

/** Topics that were right are looked at again after this time. */
const topicTrustSeconds = 300;

const clusterAccess = (env: NodeJS.ProcessEnv) => {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = env;
  return host ? inClusterAccess({ host, port }) : kubeconfigAccess(env.KUBECONFIG);
};

async function run(config: OperatorConfig): Promise<void> {
  const log = createLogger(config.logLevel);
  const clock = systemClock;
  const registry = new Registry();
  registerProcessMetrics(registry);
  const metrics = createMachineryMetrics(registry);
  const userAgent = `tiktok-lite-operator/${config.images.version}`;
  const client = createClient({ access: await clusterAccess(process.env), userAgent, metrics: metrics.client });
  const identity = `${config.identity}_${randomUUID()}`;

  const stopped = Promise.withResolvers<number>();
  const election = createLeaderElection({
    client,
    namespace: config.leaseNamespace,
    name: config.name,
    identity,
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
  const namespaces = config.watchNamespaces.length > 0 ? config.watchNamespaces : [undefined];
  const controllers: Controller[] = namespaces.map((namespace) =>
    createController({
      operatorClass: config.operatorClass,
      images: config.images,
      nodeAddress: config.nodeAddress,
      ...(namespace === undefined ? {} : { namespace }),
      client: leading,
      topics: createTopicKeeper({ apply: applyTopics, clock, trustSeconds: topicTrustSeconds }),
      events,
      random: (bytes) => randomBytes(bytes).toString('base64url'),
      log,
      clock,
      metrics,
    }),
  );

  let phase: 'starting' | 'running' | 'stopping' = 'starting';
  const complaint = () => {
    if (phase !== 'running') return `the operator is ${phase}`;
    return controllers.every((controller) => controller.isWatching())
      ? undefined
      : 'a watch has been silent for too long';
  };
  const health = await serveHealth({ port: config.healthPort, registry, complaint });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopped.resolve(0));
  for (const controller of controllers) controller.watch();
  await Promise.race([Promise.all(controllers.map((controller) => controller.synced())), stopped.promise]);
  phase = 'running';
  log.info({ identity, namespaces: config.watchNamespaces, operatorClass: config.operatorClass }, 'started');
  election.start();

  const code = await stopped.promise;
  phase = 'stopping';
  log.info({}, 'stopping');
  await Promise.all(controllers.map((controller) => controller.stopWork('the operator stops')));
  await events.stop();
  await election.stop();
  await Promise.all(controllers.map((controller) => controller.stopWatch()));
  await client.close();
  health.close();
  log.info({}, 'stopped');
  process.exit(code);
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
