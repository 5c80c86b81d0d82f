import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What an acceptance test needs of a Kubernetes object, whatever its kind. */
export interface KubernetesObject {
  metadata: {
    name: string;
    uid: string;
    generation: number;
    resourceVersion: string;
    labels?: Record<string, string>;
    deletionTimestamp?: string;
    finalizers?: string[];
  };
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
  data?: Record<string, string>;
}

/** kubectl bound to one cluster and one namespace, as a person would use it. */
export interface Kubectl {
  (...args: string[]): Promise<string>;
  apply(object: object): Promise<string>;
  get(kind: string, name: string): Promise<KubernetesObject>;
  list(kind: string, ...args: string[]): Promise<KubernetesObject[]>;
  exists(kind: string, name: string): Promise<boolean>;
}

const withInput = (file: string, args: string[], input: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    let complaint = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (complaint += chunk));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(output) : reject(new Error(complaint.trim()))));
    child.stdin.end(input);
  });

export const createKubectl = (binary: string, kubeconfig: string, namespace: string): Kubectl => {
  const base = ['--kubeconfig', kubeconfig, '--namespace', namespace];
  const kubectl = async (...args: string[]): Promise<string> => {
    const { stdout } = await run(binary, [...base, ...args], { maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  };
  return Object.assign(kubectl, {
    apply: (object: object) => withInput(binary, [...base, 'apply', '-f', '-'], JSON.stringify(object)),
    get: async (kind: string, name: string) => JSON.parse(await kubectl('get', kind, name, '-o', 'json')),
    list: async (kind: string, ...args: string[]) =>
      JSON.parse(await kubectl('get', kind, '-o', 'json', ...args)).items as KubernetesObject[],
    exists: async (kind: string, name: string) =>
      (await kubectl('get', kind, name, '--ignore-not-found', '-o', 'name')).trim() !== '',
  });
};
