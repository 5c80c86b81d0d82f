import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { freshDatabase, freshRedisPrefix, freshTopicPrefix } from '../../../test/backends/index.ts';

/** What a Job of maintenance is told, with servers and names of its own. */
export const freshSettings = async () => ({
  ...(await freshDatabase()),
  ...(await freshRedisPrefix()),
  ...(await freshTopicPrefix()),
  LIKES_RETENTION_HOURS: 24,
});

/** Runs a Job as Kubernetes would: settings by environment, output in lines, an exit code. */
export async function runJob(name: string, settings: object) {
  const env = Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, String(value)]));
  const entryPoint = fileURLToPath(new URL(`../${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, [entryPoint], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  const lines: Record<string, unknown>[] = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { code, lines };
}
