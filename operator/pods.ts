import type { TiktokLite } from './api/tiktok-lite.ts';
import { type Component, components, type Task, tasks } from './components.ts';
import { type EmbeddedServer, embeddedServersOf } from './embedded-servers.ts';

/** Everything of a platform that runs in pods, each with an identity and rights of its own. */
export type PodName = Component['name'] | Task['name'] | 'gateway' | EmbeddedServer['name'];

/** The pods that a platform has, by the names of what runs in them. */
export const podNamesOf = (platform: TiktokLite): PodName[] => [
  ...components.map(({ name }) => name),
  ...tasks.map(({ name }) => name),
  ...(platform.spec.gateway.mode === 'builtin' ? (['gateway'] as const) : []),
  ...embeddedServersOf(platform).map(({ server }) => server.name),
];
