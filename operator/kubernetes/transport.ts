import * as http from 'node:http';
import * as https from 'node:https';
import { text } from 'node:stream/consumers';
import { createSecureContext } from 'node:tls';
import { urlToHttpOptions } from 'node:url';
import type { ClusterAccess, TlsMaterial } from './access.ts';
import type { Clock } from './clock.ts';
import { ConnectTimeoutError } from './errors.ts';

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
  body: AsyncIterable<Buffer>;
  /** The whole body. */
  text: () => Promise<string>;
}

/** Carries requests over connections that are kept: some for calls, others for watches. */
export interface Transport {
  send: (purpose: 'call' | 'watch', request: HttpRequest, signal: AbortSignal) => Promise<HttpAnswer>;
  /** Ends every connection; requests under way fail. */
  close: () => Promise<void>;
}

interface Connections {
  tls: TlsMaterial;
  call: http.Agent;
  watch: http.Agent;
}

/** Calls that wait for a free connection beyond this many are served in turn. */
const callConnections = 16;

const connectSeconds = 10;

/**
 * A transport over Node's own HTTP/1.1: with HTTP/2 the loss of one session would end all watches at once, and undici
 * weighs 20 MiB. Follows rotating tokens and certificates; asks for new credentials once when refused.
 */
export function createTransport(access: ClusterAccess, userAgent: string, clock: Clock): Transport {
  const isPlain = access.server.protocol === 'http:';
  const { request: start, Agent } = isPlain ? http : https;
  const { hostname, port } = urlToHttpOptions(access.server);
  const prefix = access.server.pathname.replace(/\/$/, '');
  let current: Connections | undefined;

  // Deadlines and silence are the callers' to judge: this timeout closes connections that are not in use.
  const connect = (options: https.AgentOptions) =>
    new Agent({ ...options, keepAlive: true, keepAliveMsecs: 30_000, timeout: 60_000 });

  const connectionsFor = (tls: TlsMaterial): Connections => {
    if (current?.tls === tls) return current;
    // Calls under way end by themselves; watches on old certificates are cut and come back on new ones.
    current?.watch.destroy();
    const secured = isPlain ? {} : securedBy(tls);
    current = { tls, call: connect({ ...secured, maxSockets: callConnections }), watch: connect(secured) };
    return current;
  };

  const dispatch = async (
    purpose: 'call' | 'watch',
    { method, path, headers, body }: HttpRequest,
    { signal, refresh }: { signal: AbortSignal; refresh: boolean },
  ): Promise<HttpAnswer> => {
    const credentials = await access.credentials({ refresh });
    signal.throwIfAborted();
    const agent = connectionsFor(credentials.tls)[purpose];
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const sent = { 'user-agent': userAgent, ...headers, ...length, ...credentials.headers };
    const request = start({ agent, hostname, port, path: `${prefix}${path}`, method, headers: sent, signal });
    const answer = await answerTo(request, body, clock);
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: answer, text: () => text(answer) };
  };

  return {
    send: async (purpose, request, signal) => {
      const answer = await dispatch(purpose, request, { signal, refresh: false });
      if (answer.status !== 401) return answer;
      await answer.text();
      return dispatch(purpose, request, { signal, refresh: true });
    },
    close: async () => {
      current?.call.destroy();
      current?.watch.destroy();
    },
  };
}

/** Parses certificates once for all connections; the agents would do it for each, and keep a copy with it. */
function securedBy({ ca, cert, key, ...checks }: TlsMaterial): https.AgentOptions {
  return { ...checks, secureContext: createSecureContext({ ca, cert, key }) };
}

/** Sends it, and answers when the head of the answer is there. */
function answerTo(request: http.ClientRequest, body: string | undefined, clock: Clock): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('socket', (socket) => {
      if (!socket.connecting) return;
      const giveUp = () => request.destroy(new ConnectTimeoutError(connectSeconds));
      const cancel = clock.schedule(connectSeconds * 1000, giveUp);
      const secured = 'encrypted' in socket ? 'secureConnect' : 'connect';
      socket.once(secured, cancel).once('close', cancel);
    });
    request.once('response', resolve);
    request.on('error', reject); // stays: after the answer, its body tells of the failure
    request.end(body);
  });
}
