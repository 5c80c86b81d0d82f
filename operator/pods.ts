import type { TiktokLite } from './api/tiktok-lite.ts';
import { type Component, components, migration } from './components.ts';
import { type EmbeddedServer, embeddedServersOf } from './embedded-servers.ts';

/** Everything of a platform that runs in pods, each with an identity and rights of its own. */
export type PodName = Component['name'] | typeof migration.name | 'gateway' | EmbeddedServer['name'];

/** The pods that a platform has, by the names of what runs in them. */
export const podNamesOf = (platform: TiktokLite): PodName[] => [
  ...components.map(({ name }) => name),
  migration.name,
  'gateway',
  ...embeddedServersOf(platform).map(({ server }) => server.name),
];
