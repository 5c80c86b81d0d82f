import { type ComponentName, type SettingName, settingsOf } from '../../services/shared/settings.ts';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import { cacheAddress, databaseAddress, type embeddedPorts, kafkaAddress, objectStoreAddress } from './addresses.ts';

export type ServerName = keyof typeof embeddedPorts;

/** The setting that leads to each server: a component that reads it connects to the server, any other has no business there. */
const leadsTo: Record<ServerName, SettingName> = {
  mysql: 'DATABASE_HOST',
  redis: 'CACHE_HOST',
  kafka: 'KAFKA_BROKERS',
  'object-store': 'OBJECT_STORE_ENDPOINT',
};

const names = Object.keys(leadsTo) as ServerName[];
const readers = Object.keys(settingsOf) as ComponentName[];

const reads = (component: ComponentName, server: ServerName): boolean =>
  settingsOf[component].some((setting) => setting === leadsTo[server]);

/** The servers that a component connects to. */
export const serversOf = (component: ComponentName): ServerName[] => names.filter((server) => reads(component, server));

/** The components that connect to a server. */
export const clientsOf = (server: ServerName): ComponentName[] =>
  readers.filter((component) => reads(component, server));

/** Ports on which a server outside of the platform is reached; undefined when it runs embedded. */
export function externalPortsOf(platform: TiktokLite, server: ServerName): number[] | undefined {
  const { database, cache, kafka, objectStore } = platform.spec;
  switch (server) {
    case 'mysql':
      return database.embedded ? undefined : [databaseAddress(platform).port];
    case 'redis':
      return cache.embedded ? undefined : [cacheAddress(platform).port];
    case 'kafka':
      return kafka.embedded ? undefined : kafkaAddress(platform).brokers.map(portOfBroker);
    case 'object-store':
      return objectStore.embedded ? undefined : [portOfUrl(objectStoreAddress(platform, '').endpoint)];
  }
}

const portOfBroker = (broker: string): number => Number(broker.slice(broker.lastIndexOf(':') + 1));

function portOfUrl(text: string): number {
  const { port, protocol } = new URL(text);
  return Number(port) || (protocol === 'http:' ? 80 : 443);
}
