import { readFileSync } from 'node:fs';
import { type ImageName, images, relatedImageVariable } from '../services/shared/images.ts';
import type { ImageDefaults } from './images.ts';

/** The operator's environment, read once. */
export interface OperatorConfig {
  logLevel: 'debug' | 'info' | 'warn' | 'error';
  /** Name of the Lease for which operators of one installation compete. */
  name: string;
  /** Who holds it. */
  identity: string;
  /** Where the Lease lives. */
  leaseNamespace: string;
  /** '' takes the platforms without the class label, anything else those that carry it. */
  operatorClass: string;
  /** Empty: all namespaces. */
  watchNamespaces: string[];
  /** Where clients reach node ports. */
  nodeAddress: string;
  healthPort: number;
  images: ImageDefaults;
}

const logLevels = ['debug', 'info', 'warn', 'error'] as const;
const namespacePattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const classPattern = /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;

/** Reads the environment; every mistake is named at once. */
export function readOperatorConfig(env: NodeJS.ProcessEnv, hostname: string): OperatorConfig {
  const mistakes: string[] = [];
  const check = (holds: boolean, mistake: string) => void (holds || mistakes.push(mistake));

  const logLevel = logLevels.find((level) => level === (env.LOG_LEVEL || 'info'));
  check(logLevel !== undefined, `LOG_LEVEL must be one of ${logLevels.join(', ')}, not ${env.LOG_LEVEL}`);
  const healthPort = Number(env.HEALTH_PORT || 9090);
  check(
    Number.isInteger(healthPort) && healthPort >= 0 && healthPort <= 65535,
    `HEALTH_PORT must be a port, not ${env.HEALTH_PORT}`,
  );
  const operatorClass = env.OPERATOR_CLASS ?? '';
  check(classPattern.test(operatorClass), `OPERATOR_CLASS must be a label value, not ${operatorClass}`);
  const watchNamespaces = (env.WATCH_NAMESPACES ?? '').split(',').filter(Boolean);
  for (const namespace of watchNamespaces) {
    check(namespacePattern.test(namespace), `WATCH_NAMESPACES must be names of namespaces, not ${namespace}`);
  }
  if (mistakes.length > 0) throw new Error(`the environment of the operator is wrong: ${mistakes.join('; ')}`);
  return {
    logLevel: logLevel ?? 'info',
    name: env.OPERATOR_NAME || 'tiktok-lite-operator',
    identity: env.POD_NAME || hostname,
    leaseNamespace: env.POD_NAMESPACE || 'default',
    operatorClass,
    watchNamespaces,
    nodeAddress: env.NODE_ADDRESS || '127.0.0.1',
    healthPort,
    images: { related: relatedImages(env), version: env.OPERATOR_VERSION || ownVersion() },
  };
}

const relatedImages = (env: NodeJS.ProcessEnv): ImageDefaults['related'] =>
  Object.fromEntries(
    (Object.keys(images) as ImageName[]).flatMap((name) => {
      const image = env[relatedImageVariable(name)];
      return image ? [[name, image]] : [];
    }),
  );

const ownVersion = (): string => {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
};
