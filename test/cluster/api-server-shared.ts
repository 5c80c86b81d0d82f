import { randomBytes } from 'node:crypto';
import type { Client } from '../../operator/kubernetes/client-types.ts';
import { resources } from '../../operator/kubernetes/resources.ts';
import { type ApiServer, startApiServer } from './api-server.ts';

let started: Promise<ApiServer> | undefined;

/** One API server for all test files of this process, started when it is first asked for. Give the hook a minute. */
export function sharedApiServer(): Promise<ApiServer> {
  started ??= startApiServer();
  return started;
}

/** Stops it; mocha's root hook calls this after the last test. */
export async function stopApiServer(): Promise<void> {
  const stopping = started;
  started = undefined;
  await (await stopping)?.stop();
}

if (typeof globalThis.after === 'function') {
  after(function () {
    this.timeout(90_000); // a busy machine takes its time even with killed processes
    return stopApiServer();
  });
}

/** A namespace of its own. Without controllers a deleted one never goes, so tests leave theirs to the end of the server. */
export async function freshNamespace(client: Client): Promise<string> {
  const name = `t${randomBytes(5).toString('hex')}`;
  await client.create(resources.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  return name;
}
