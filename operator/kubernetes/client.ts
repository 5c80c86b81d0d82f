import type { ClusterAccess } from './access.ts';
import { type ApiCall, type Caller, type CallOptions, createCaller } from './caller.ts';
import type { ApplyOptions, Client, DeleteOptions, WriteOptions } from './client-types.ts';
import { type Clock, systemClock } from './clock.ts';
import { isNotFound } from './errors.ts';
import { listAll } from './list.ts';
import { contentTypes } from './media-types.ts';
import type { ClientMetrics } from './metrics.ts';
import type { Live, ObjectKey } from './objects.ts';
import { apiVersionOf, pathOf, type Resource } from './resources.ts';
import { createTransport } from './transport.ts';
import { openWatch } from './watch.ts';

export interface ClientOptions {
  access: ClusterAccess;
  /** Name and version of the program, for the server's audit log. */
  userAgent?: string;
  clock?: Clock;
  random?: () => number;
  metrics?: ClientMetrics | undefined;
}

/** A client of one API server, over connections of its own. */
export function createClient({
  access,
  userAgent = 'kubernetes-operator',
  clock = systemClock,
  random = Math.random,
  metrics,
}: ClientOptions): Client {
  const transport = createTransport(access, userAgent, clock);
  const onAnswer = (method: string, code: string) => metrics?.requests.inc({ method, code, host: access.server.host });
  const caller = createCaller({ transport, clock, random, onAnswer });
  return clientOver({ caller, clock, close: transport.close });
}

interface Parts {
  caller: Caller;
  clock: Clock;
  close: () => Promise<void>;
  beforeWrite?: () => void;
}

function clientOver(parts: Parts): Client {
  const { caller, clock, close, beforeWrite } = parts;

  const read = <T extends object>(resource: Resource<T>, key: ObjectKey, options?: CallOptions) => {
    const call = { method: 'GET', path: pathOf(resource, key), repeatable: true } as const;
    return caller.call({ ...call, ...secrecy(resource) }, options) as Promise<Live<T>>;
  };
  const write = <T extends object>(resource: Resource<T>, call: ApiCall, options: CallOptions) =>
    caller.call({ ...call, ...secrecy(resource) }, options, beforeWrite) as Promise<Live<T>>;

  const apply = <T extends object>(
    resource: Resource<T>,
    manifest: { metadata: ObjectKey },
    options: ApplyOptions & { subresource?: 'status' },
  ) => {
    const query = { ...writeQuery(options), force: options.force ?? true };
    const path = pathOf(resource, manifest.metadata, options.subresource);
    const call = {
      method: 'PATCH',
      path,
      query,
      body: manifest,
      contentType: contentTypes.apply,
      repeatable: true,
    } as const;
    return write(resource, call, options);
  };
  const patch = <T extends object>(
    resource: Resource<T>,
    key: ObjectKey,
    body: { contentType: string; body: unknown; repeatable: boolean },
    options: WriteOptions,
  ) => {
    const path = pathOf(resource, key, options.subresource);
    return write(resource, { method: 'PATCH', path, query: writeQuery(options), ...body }, options);
  };

  return {
    get: read,
    find: async (resource, key, options) => {
      try {
        return await read(resource, key, options);
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },
    list: (resource, options = {}) => listAll(caller, resource, options),
    apply: (resource, manifest, options) => apply(resource, manifest, options),
    applyStatus: (resource, object, options) => apply(resource, object, { ...options, subresource: 'status' }),
    create: (resource, manifest, options = {}) => {
      const path = pathOf(resource, { namespace: manifest.metadata.namespace });
      const query = writeQuery(options);
      return write(resource, { method: 'POST', path, query, body: manifest, repeatable: false }, options);
    },
    patchJson: (resource, key, operations, options = {}) =>
      patch(resource, key, { contentType: contentTypes.json, body: operations, repeatable: false }, options),
    patchMerge: (resource, key, changes, options = {}) =>
      patch(resource, key, { contentType: contentTypes.merge, body: changes, repeatable: true }, options),
    scale: async (resource, key, replicas, options) => {
      const body = { contentType: contentTypes.merge, body: { spec: { replicas } }, repeatable: true };
      await patch(resource, key, body, { ...options, subresource: 'scale' });
    },
    delete: async (resource, key, options = {}) => {
      const call = {
        method: 'DELETE',
        path: pathOf(resource, key),
        body: deleteBody(options),
        repeatable: true,
      } as const;
      await write(resource, call, options).catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
    },
    watch: (resource, query) => openWatch({ caller, clock }, resource, query),
    version: (options) =>
      caller.call({ method: 'GET', path: '/version', repeatable: true }, options) as Promise<{ gitVersion: string }>,
    guarded: (guard) =>
      clientOver({
        ...parts,
        beforeWrite: () => {
          beforeWrite?.();
          guard();
        },
      }),
    close,
  };
}

const writeQuery = ({ fieldManager }: WriteOptions) => ({ fieldManager, fieldValidation: 'Strict' });

const deleteBody = ({ uid, resourceVersion, propagation = 'Background' }: DeleteOptions) => ({
  apiVersion: 'v1',
  kind: 'DeleteOptions',
  propagationPolicy: propagation,
  preconditions: { uid, resourceVersion },
});

const secrecy = (resource: Resource): { confidential: boolean } => ({
  confidential: apiVersionOf(resource) === 'v1' && resource.plural === 'secrets',
});
