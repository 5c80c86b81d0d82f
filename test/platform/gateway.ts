import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TiktokLite } from '../../operator/api/tiktok-lite.ts';
import { gatewayConfiguration, gatewayPorts } from '../../operator/resources/gateway-configuration.ts';
import { answersWell, type RestartableProcess, restartableProcess } from './component-process.ts';
import { lastingPort } from './ports.ts';

interface GatewayOptions {
  platform: TiktokLite;
  port: number;
  publicUrl: string;
  /** host:port of every replica, by the name of the upstream. */
  upstreams: Readonly<Record<string, readonly string[]>>;
  folder: string;
}

const page = fileURLToPath(new URL('../../services/web/public', import.meta.url));

/** A real nginx with the configuration that the operator renders; only addresses and folders are those of this machine. */
export async function createGateway(options: GatewayOptions): Promise<RestartableProcess> {
  const folder = join(options.folder, 'gateway');
  const logs = join(folder, 'logs');
  mkdirSync(logs, { recursive: true });
  const healthPort = await lastingPort();
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, configurationHere(options, folder, healthPort));
  return restartableProcess({
    name: 'gateway',
    // One process: workers would outlive a master that is killed, and keep its port.
    command: [
      'nginx',
      '-p',
      folder,
      '-c',
      file,
      '-e',
      join(logs, 'error.log'),
      '-g',
      'daemon off; master_process off;',
    ],
    isReady: () => answersWell(`http://127.0.0.1:${healthPort}/healthz`),
    logFile: join(options.folder, 'gateway.log'),
  });
}

/** The configuration with addresses and folders of this machine: what nginx writes and looks for lies in `folder`. */
export function configurationHere(options: Omit<GatewayOptions, 'folder'>, folder: string, healthPort: number): string {
  const { platform, publicUrl, port, upstreams } = options;
  let text = gatewayConfiguration(platform, publicUrl);
  const replace = (pattern: RegExp, by: string) => {
    if (!pattern.test(text)) throw new Error(`the configuration of the gateway has nothing like ${pattern}`);
    text = text.replace(pattern, by);
  };
  for (const [name, addresses] of Object.entries(upstreams)) {
    // One address is listed twice, as the operator does.
    const listed = addresses.length === 1 ? [...addresses, ...addresses] : addresses;
    const servers = listed.map((address) => `    server ${address} max_fails=0;\n`).join('');
    replace(new RegExp(`(?<=upstream ${name} \\{\\n)( +server [^\\n]+\\n)+`), servers);
  }
  replace(new RegExp(`listen ${gatewayPorts.http};`), `listen 127.0.0.1:${port};`);
  replace(new RegExp(`listen ${gatewayPorts.health};`), `listen 127.0.0.1:${healthPort};`);
  replace(/\/tmp\//g, `${folder}/`);
  replace(/\/usr\/share\/nginx\/html/, page);
  return text;
}
