import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, type RunningServer, serverDirectory, startServer } from './child-server.ts';

export interface ObjectStoreServer extends RunningServer {
  endpoint: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}

const buildScript = fileURLToPath(new URL('../../images/object-store/build-versitygw.sh', import.meta.url));

/** A real S3 server over a folder. */
export async function startObjectStore(): Promise<ObjectStoreServer> {
  const command = execFileSync(buildScript, { encoding: 'utf8' }).trim();
  const directory = serverDirectory('object-store');
  const objects = join(directory, 'objects');
  mkdirSync(objects);
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const [accessKeyId, secretAccessKey] = [randomBytes(8).toString('hex'), randomBytes(16).toString('hex')];
  const program = {
    name: 'The object store',
    package: 'none; built by Go from its module',
    command,
    args: ['--port', `127.0.0.1:${port}`, '--region', 'us-east-1', '--quiet', 'posix', objects],
    env: { ROOT_ACCESS_KEY: accessKeyId, ROOT_SECRET_KEY: secretAccessKey },
    probe: () => fetch(endpoint, { signal: AbortSignal.timeout(1000) }),
  };
  return { ...(await startServer(program, directory)), endpoint, region: 'us-east-1', accessKeyId, secretAccessKey };
}
