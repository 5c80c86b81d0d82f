import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDirectory } from '../../local/cache-directory.ts';
import { freePort, type RunningServer, runToEnd, serverDirectory, startServer } from './child-server.ts';

export interface ObjectStoreServer extends RunningServer {
  endpoint: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}

const toolsModule = fileURLToPath(new URL('../../local/kubernetes/', import.meta.url));
const versitygwPackage = 'github.com/versity/versitygw/cmd/versitygw';

/** A real S3 server over a folder. */
export async function startObjectStore(): Promise<ObjectStoreServer> {
  const command = versitygwBinary();
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

/** The one built with the local cluster, where there is one; else Go builds it into the cache, once per version. */
function versitygwBinary(): string {
  const built = join(cacheDirectory(), 'bin/current/versitygw');
  return existsSync(built) ? built : buildVersitygw();
}

function buildVersitygw(): string {
  const goModule = readFileSync(join(toolsModule, 'go.mod'), 'utf8');
  const version = /versity\/versitygw (v\S+)/.exec(goModule)?.[1] ?? 'unknown';
  const binary = join(cacheDirectory(), 'bin', `versitygw-${version}`);
  if (existsSync(binary)) return binary;
  if (spawnSync('go', ['version']).error)
    throw new Error('the object store needs Go 1.24 or later to be built; put `go` on the PATH');

  mkdirSync(join(cacheDirectory(), 'bin'), { recursive: true });
  const staging = mkdtempSync(join(cacheDirectory(), 'bin', '.versitygw-'));
  try {
    const output = join(staging, 'versitygw');
    runToEnd('go', ['build', '-C', toolsModule, '-trimpath', '-ldflags', '-s -w', '-o', output, versitygwPackage], {
      CGO_ENABLED: '0',
    });
    renameSync(output, binary);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  return binary;
}
