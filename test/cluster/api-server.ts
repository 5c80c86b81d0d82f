import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from '../../local/cache-directory.ts';
import { type ClusterAccess, fixedAccess } from '../../operator/kubernetes/access.ts';
import { createClient } from '../../operator/kubernetes/client.ts';
import type { Client } from '../../operator/kubernetes/client-types.ts';
import { resources } from '../../operator/kubernetes/resources.ts';
import { type Authority, createAuthority, type KeyPair } from '../backends/certificates.ts';
import { freePort, type RunningServer, serverDirectory, startServer } from '../backends/child-server.ts';
import { type AuditedRequest, auditedRequests, auditPolicy } from './api-server-audit.ts';

/** A real kube-apiserver on a real etcd, without controllers: nothing collects garbage or starts pods. */
export interface ApiServer {
  url: URL;
  /** Of an administrator. */
  kubeconfigPath: string;
  client: Client;
  /** The access of a user of this name; an administrator unless other groups are given. Close the clients made with it. */
  accessOf: (user: string, groups?: string[]) => ClusterAccess;
  /** What a user has asked for so far. */
  requestsOf: (user: string) => AuditedRequest[];
  /** Kills the API server, lets `meanwhile` happen, and starts it again on the same port and data. */
  restart: (meanwhile?: () => Promise<void>) => Promise<void>;
  /** Moves etcd's revision on and throws all history away, so that no watch can continue from before. */
  compact: () => Promise<void>;
  stop: () => Promise<void>;
}

const administrators = ['system:masters'];

/** Starts both on free ports, with certificates and data in a temporary folder. Takes some seconds. */
export async function startApiServer(): Promise<ApiServer> {
  const directory = serverDirectory('api-server');
  const authority = createAuthority(directory);
  const etcd = await startEtcd(directory);
  const url = new URL(`https://127.0.0.1:${await freePort()}`);
  const auditLog = join(directory, 'audit.log');
  const accessOf = (user: string, groups = administrators) =>
    fixedAccess(url, accessBy(authority, authority.issue(user, { groups })));

  const admin = authority.issue('administrator', { groups: administrators });
  const kubeconfigPath = join(directory, 'kubeconfig');
  writeFileSync(kubeconfigPath, kubeconfigOf(url, authority, admin), { mode: 0o600 });
  const client = createClient({ access: fixedAccess(url, accessBy(authority, admin)), userAgent: 'test' });

  const start = createStarter({ directory, authority, etcdUrl: etcd.url, url, auditLog, client });
  let running = await start();

  return {
    url,
    kubeconfigPath,
    client,
    accessOf,
    requestsOf: (user) => auditedRequests(auditLog).filter((request) => request.user === user),
    restart: async (meanwhile) => {
      await running.stop();
      await meanwhile?.();
      running = await start();
    },
    compact: () => compact(etcd.url),
    stop: async () => {
      await client.close();
      await running.stop();
      await etcd.stop();
    },
  };
}

function binary(name: string): string {
  const path = join(cacheDirectory(), 'bin', 'current', name);
  if (!existsSync(path))
    throw new Error(`${path} is missing: \`make binaries\` builds it, and so do \`make up\` and \`make test\``);
  return path;
}

async function startEtcd(directory: string): Promise<RunningServer & { url: string }> {
  const [clientPort, peerPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${clientPort}`;
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  const args = {
    'data-dir': join(directory, 'etcd'),
    'listen-client-urls': url,
    'advertise-client-urls': url,
    'listen-peer-urls': peerUrl,
    'initial-advertise-peer-urls': peerUrl,
    'initial-cluster': `default=${peerUrl}`,
    'log-level': 'warn',
    // The data lives for one run: durability would only cost time.
    'unsafe-no-fsync': 'true',
  };
  const program = {
    name: 'etcd',
    package: 'none: built from source',
    command: binary('etcd'),
    args: flags(args),
    probe: () => expectOk(`${url}/health`),
  };
  return { ...(await startServer(program, directory)), url };
}

interface StarterOptions {
  directory: string;
  authority: Authority;
  etcdUrl: string;
  url: URL;
  auditLog: string;
  client: Client;
}

/** A function that starts the API server, each time the same. */
function createStarter({ directory, authority, etcdUrl, url, auditLog, client }: StarterOptions) {
  const serving = authority.issue('kube-apiserver', { addresses: ['IP:127.0.0.1', 'DNS:localhost'] });
  const policyFile = join(directory, 'audit-policy.json');
  writeFileSync(policyFile, auditPolicy);
  writeFileSync(auditLog, '', { flag: 'a' });
  let starts = 0;

  return (): Promise<RunningServer> => {
    starts += 1;
    const runDirectory = join(directory, `run-${starts}`);
    mkdirSync(runDirectory);
    const args = {
      'etcd-servers': etcdUrl,
      'bind-address': '127.0.0.1',
      'secure-port': url.port,
      'tls-cert-file': serving.certFile,
      'tls-private-key-file': serving.keyFile,
      'client-ca-file': authority.certFile,
      'cert-dir': runDirectory,
      'service-account-issuer': 'https://kubernetes.default.svc',
      'service-account-key-file': serving.certFile,
      'service-account-signing-key-file': serving.keyFile,
      'service-cluster-ip-range': '10.0.0.0/16', // room for the thousand Services of a measurement
      'authorization-mode': 'RBAC',
      // No controller makes the service accounts that it would wait for.
      'disable-admission-plugins': 'ServiceAccount',
      'audit-policy-file': policyFile,
      'audit-log-path': auditLog,
      'audit-log-mode': 'blocking',
      'etcd-compaction-interval': '0',
    };
    const program = {
      name: 'kube-apiserver',
      package: 'none: built from source',
      command: binary('kube-apiserver'),
      args: flags(args),
      probe: () => answers(client),
    };
    return startServer(program, runDirectory);
  };
}

/** Ready means that the default namespace is there: it is made last. */
async function answers(client: Client): Promise<void> {
  await client.get(resources.namespaces, { name: 'default' }, { deadlineSeconds: 5, retry: false });
}

const flags = (values: Record<string, string>): string[] =>
  Object.entries(values).map(([name, value]) => `--${name}=${value}`);

const accessBy = (authority: Authority, { cert, key }: KeyPair) => ({
  tls: { ca: authority.cert, cert, key },
  headers: {},
});

/** JSON, which every reader of kubeconfigs takes for YAML. */
function kubeconfigOf(url: URL, authority: Authority, { cert, key }: KeyPair): string {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server: url.origin, 'certificate-authority-data': base64(authority.cert) } }],
    users: [{ name: 'test', user: { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    'current-context': 'test',
  });
}

async function expectOk(url: string, body?: object): Promise<unknown> {
  const init = body ? { method: 'POST', body: JSON.stringify(body) } : {};
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url} answers with ${response.status}`);
  return response.json();
}

async function compact(etcdUrl: string): Promise<void> {
  const key = Buffer.from('/test/revision').toString('base64');
  const put = (await expectOk(`${etcdUrl}/v3/kv/put`, { key, value: key })) as { header: { revision: string } };
  await expectOk(`${etcdUrl}/v3/kv/compaction`, { revision: put.header.revision, physical: true });
}
