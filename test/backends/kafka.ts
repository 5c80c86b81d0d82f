import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel } from 'kafkajs';
import { freePort, type RunningServer, runToEnd, serverDirectory, startServer } from './child-server.ts';

export interface KafkaServer extends RunningServer {
  brokers: string[];
}

const host = '127.0.0.1';
const fetchScript = fileURLToPath(new URL('../../local/kafka/fetch.sh', import.meta.url));

/** A small JVM that is up soon: these brokers live for a test run. */
const javaOptions = ['-Xms64m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];

/** A real Kafka in KRaft mode: one node that is broker and controller. */
export async function startKafka(): Promise<KafkaServer> {
  const jars = execFileSync(fetchScript, { encoding: 'utf8' }).trim();
  const directory = serverDirectory('kafka');
  const [port, controllerPort] = [await freePort(), await freePort()];
  const propertiesFile = join(directory, 'server.properties');
  writeFileSync(propertiesFile, serverProperties(directory, port, controllerPort));

  const java = (main: string, ...args: string[]) => [...javaOptions, '-cp', join(jars, '*'), main, ...args];
  runToEnd(
    'java',
    java('kafka.tools.StorageTool', 'format', '--cluster-id', 'dGlrdG9rLWxpdGUtdGVzdA', '--config', propertiesFile),
  );
  const brokers = [`${host}:${port}`];
  const program = {
    name: 'Kafka',
    package: 'openjdk-17-jre-headless',
    command: 'java',
    args: java('kafka.Kafka', propertiesFile),
    probe: () => answersMetadata(brokers),
  };
  return { ...(await startServer(program, directory)), brokers };
}

const serverProperties = (directory: string, port: number, controllerPort: number): string => `
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@${host}:${controllerPort}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://${host}:${port},CONTROLLER://${host}:${controllerPort}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=${join(directory, 'data')}
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
num.network.threads=1
num.io.threads=2
log.cleaner.enable=false
`;

async function answersMetadata(brokers: string[]): Promise<void> {
  const kafka = new Kafka({
    brokers,
    clientId: 'probe',
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
    connectionTimeout: 1000,
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    const { brokers: known } = await admin.describeCluster();
    if (known.length === 0) throw new Error('the broker has not registered yet');
  } finally {
    await admin.disconnect();
  }
}
