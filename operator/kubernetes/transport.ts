import { Agent, type Dispatcher } from 'undici';
import type { ClusterAccess, TlsMaterial } from './access.ts';

/** One HTTP request below the server's address. */
export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  headers: Record<string, string>;
  body?: string | undefined;
}

export interface HttpAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: AsyncIterable<Buffer> & { text: () => Promise<string>; destroy: () => void };
}

/** Carries requests over connections that are kept: some for calls, others for watches. */
export interface Transport {
  send: (purpose: 'call' | 'watch', request: HttpRequest, signal: AbortSignal) => Promise<HttpAnswer>;
  /** Ends every connection; requests under way fail. */
  close: () => Promise<void>;
}

interface Connections {
  tls: TlsMaterial;
  call: Agent;
  watch: Agent;
}

/** Calls that wait for a free connection beyond this many are served in turn. */
const callConnections = 16;

const connect = (tls: TlsMaterial, connections: number | null): Agent =>
  new Agent({
    connections,
    // One watch per connection: with HTTP/2 the loss of one session would end all watches at once.
    allowH2: false,
    keepAliveTimeout: 60_000,
    // Deadlines and silence are the callers' to judge: undici's own timers would cut quiet watches.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { ...tls, timeout: 10_000, keepAlive: true, keepAliveInitialDelay: 30_000 },
  });

/** A transport over undici. Follows rotating tokens and certificates; asks for new credentials once when refused. */
export function createTransport(access: ClusterAccess, userAgent: string): Transport {
  const prefix = access.server.pathname.replace(/\/$/, '');
  let current: Connections | undefined;

  const connectionsFor = (tls: TlsMaterial): Connections => {
    if (current?.tls === tls) return current;
    const outdated = current;
    current = { tls, call: connect(tls, callConnections), watch: connect(tls, null) };
    // Calls under way end by themselves; watches on old certificates are cut and come back on new ones.
    if (outdated) void Promise.allSettled([outdated.call.close(), outdated.watch.destroy()]);
    return current;
  };

  const dispatch = async (
    purpose: 'call' | 'watch',
    { method, path, headers, body }: HttpRequest,
    { signal, refresh }: { signal: AbortSignal; refresh: boolean },
  ): Promise<HttpAnswer> => {
    const credentials = await access.credentials({ refresh });
    signal.throwIfAborted();
    const { statusCode, ...answer }: Dispatcher.ResponseData = await connectionsFor(credentials.tls)[purpose].request({
      origin: access.server.origin,
      path: `${prefix}${path}`,
      method,
      headers: { 'user-agent': userAgent, ...headers, ...credentials.headers },
      body: body ?? null,
      signal,
    });
    return { status: statusCode, headers: answer.headers, body: answer.body };
  };

  return {
    send: async (purpose, request, signal) => {
      const answer = await dispatch(purpose, request, { signal, refresh: false });
      if (answer.status !== 401) return answer;
      await answer.body.text();
      return dispatch(purpose, request, { signal, refresh: true });
    },
    close: async () => {
      if (current) await Promise.allSettled([current.call.destroy(), current.watch.destroy()]);
    },
  };
}
