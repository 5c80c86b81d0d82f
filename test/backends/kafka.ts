import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel } from 'kafkajs';
import { createAuthority } from './certificates.ts';
import { freePort, type RunningServer, runToEnd, serverDirectory, startServer } from './child-server.ts';

export interface KafkaServer extends RunningServer {
  brokers: string[];
  /** The same, for who comes by TLS and logs in. */
  secured: {
    brokers: string[];
    /** Who has signed its certificate, in PEM. */
    authority: string;
    username: string;
    password: string;
  };
}

const host = '127.0.0.1';
const fetchScript = fileURLToPath(new URL('../../local/kafka/fetch.sh', import.meta.url));

/** A small JVM that is up soon: these brokers live for a test run. */
const javaOptions = ['-Xms64m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];

/** A real Kafka in KRaft mode: one node that is broker and controller. */
export async function startKafka(): Promise<KafkaServer> {
  const jars = execFileSync(fetchScript, { encoding: 'utf8' }).trim();
  const directory = serverDirectory('kafka');
  const [port, securedPort, controllerPort] = [await freePort(), await freePort(), await freePort()];
  const login = { username: 'tester', password: randomBytes(12).toString('hex') };
  const authority = createAuthority(directory);
  const { cert, key } = authority.issue('kafka', { addresses: ['DNS:localhost'] });
  const keyStore = join(directory, 'kafka.pem');
  writeFileSync(keyStore, key + cert);
  const propertiesFile = join(directory, 'server.properties');
  writeFileSync(
    propertiesFile,
    serverProperties(directory, controllerPort) + listeners({ port, controllerPort, securedPort, keyStore, ...login }),
  );

  const java = (main: string, ...args: string[]) => [...javaOptions, '-cp', join(jars, '*'), main, ...args];
  runToEnd(
    'java',
    java(
      'kafka.tools.StorageTool',
      'format',
      ...['--cluster-id', 'dGlrdG9rLWxpdGUtdGVzdA', '--config', propertiesFile],
      ...['--add-scram', `SCRAM-SHA-512=[name=${login.username},password=${login.password}]`],
    ),
  );
  const brokers = [`${host}:${port}`];
  const program = {
    name: 'Kafka',
    package: 'openjdk-17-jre-headless',
    command: 'java',
    args: java('kafka.Kafka', propertiesFile),
    probe: () => answersMetadata(brokers),
  };
  const secured = { brokers: [`localhost:${securedPort}`], authority: authority.cert, ...login };
  return { ...(await startServer(program, directory)), brokers, secured };
}

interface Listeners {
  port: number;
  controllerPort: number;
  securedPort: number;
  /** File with a key and its certificate. */
  keyStore: string;
  username: string;
  password: string;
}

const modules = 'org.apache.kafka.common.security';

const listeners = ({ port, controllerPort, securedPort, keyStore, username, password }: Listeners): string => `
listeners=PLAINTEXT://${host}:${port},SASL_SSL://localhost:${securedPort},CONTROLLER://${host}:${controllerPort}
ssl.keystore.type=PEM
ssl.keystore.location=${keyStore}
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512
listener.name.sasl_ssl.plain.sasl.jaas.config=${modules}.plain.PlainLoginModule required user_${username}="${password}";
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=${modules}.scram.ScramLoginModule required;
`;

const serverProperties = (directory: string, controllerPort: number): string => `
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@${host}:${controllerPort}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT
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
