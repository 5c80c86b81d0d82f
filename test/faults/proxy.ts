import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { Agent, type Dispatcher } from 'undici';
import { type ClusterAccess, fixedAccess } from '../../operator/kubernetes/access.ts';
import { linesOf } from '../../operator/kubernetes/watch-events.ts';

/** One request on its way through the proxy. */
export interface Exchange {
  kind: 'watch' | 'list' | 'call';
  method: string;
  url: string;
  response: ServerResponse;
  /** Sends it to the API server; the answer has not been passed on yet. */
  forward: () => Promise<Dispatcher.ResponseData>;
  /** What the API server last answered to this very list. */
  remembered: () => string | undefined;
}

/** An open watch, as a fault can spoil it. */
export interface Stream {
  write: (data: string | Buffer) => void;
  /** Ends the answer as a server does that has nothing more to say. */
  end: () => void;
  reset: () => void;
  /** From now on nothing passes, and the connection stays. */
  silence: () => void;
}

/** A way in which an API server, or what is between, misbehaves. */
export interface Fault {
  name: string;
  /** Open watches are cut when the fault begins, so that requests come which it can spoil. */
  cutsWatches?: boolean;
  /** Takes a request over, and answers whether it did. */
  onRequest?: (exchange: Exchange) => boolean | Promise<boolean>;
  /** Gets a line of a watch instead of the client. */
  onLine?: (line: string, stream: Stream) => void;
}

/** Stands between clients and an API server, and misbehaves when told to. */
export interface FaultProxy {
  access: ClusterAccess;
  /** Spoils so many requests or lines, then behaves. */
  begin: (fault: Fault, times: number) => void;
  /** How often the present fault was applied. */
  applied: () => number;
  /** Behaves from now on. */
  calm: () => void;
  /** Connections that clients have opened so far. */
  connections: () => number;
  /** When watches broke or were refused, and when the client asked for the next one, in ms, for each watched path. */
  watchLog: () => { url: string; event: 'asked' | 'broken'; atMs: number }[];
  stop: () => Promise<void>;
}

/** Starts a proxy whose clients are `user`, whatever credentials they send. */
export async function startFaultProxy(upstream: ClusterAccess): Promise<FaultProxy> {
  const { tls } = await upstream.credentials();
  const agent = new Agent({ connect: tls, headersTimeout: 0, bodyTimeout: 0 });
  const watches = new Set<ServerResponse>();
  const lists = new Map<string, string>();
  const log: ReturnType<FaultProxy['watchLog']> = [];
  let armed: { fault: Fault; left: number; applied: number } | undefined;

  const spoil = (): Fault | undefined => (armed && armed.left > 0 ? armed.fault : undefined);
  const countApplied = () => {
    if (!armed) return;
    armed.left -= 1;
    armed.applied += 1;
  };
  const note = (url: string, event: 'asked' | 'broken') =>
    log.push({ url: withoutPosition(url), event, atMs: performance.now() });

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url = '/' } = request;
    const kind = kindOf(method, url);
    const body = await text(request);
    const forward = () => {
      const { 'content-type': contentType, accept } = request.headers;
      const headers = { accept, ...(contentType ? { 'content-type': contentType } : {}) };
      return agent.request({ origin: upstream.server.origin, path: url, method: method as 'GET', headers, body });
    };
    if (kind === 'watch') {
      note(url, 'asked');
      response.once('close', () => note(url, 'broken'));
    }
    const exchange = { kind, method, url, response, forward, remembered: () => lists.get(withoutPosition(url)) };
    const fault = spoil();
    if (fault?.onRequest && (await fault.onRequest(exchange))) return countApplied();
    if (kind === 'watch') return passWatch(exchange);
    await passAnswer(exchange);
  };

  const passAnswer = async ({ kind, url, response, forward }: Exchange): Promise<void> => {
    const answer = await forward();
    const body = await answer.body.text();
    if (kind === 'list') lists.set(withoutPosition(url), body);
    response.writeHead(answer.statusCode, { 'content-type': 'application/json' }).end(body);
  };

  const passWatch = async ({ response, forward }: Exchange): Promise<void> => {
    const answer = await forward();
    response.writeHead(answer.statusCode, { 'content-type': 'application/json' }).flushHeaders();
    watches.add(response);
    response.once('close', () => {
      watches.delete(response);
      answer.body.on('error', () => undefined).destroy();
    });
    const stream = streamTo(response);
    try {
      for await (const line of linesOf(answer.body)) {
        const fault = spoil();
        if (fault?.onLine) {
          fault.onLine(line, stream);
          countApplied();
        } else {
          stream.write(`${line}\n`);
        }
      }
      stream.end();
    } catch {
      response.destroy();
    }
  };

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;

  return {
    access: fixedAccess(new URL(`http://127.0.0.1:${port}`), { tls: {}, headers: {} }),
    begin: (fault, times) => {
      armed = { fault, left: times, applied: 0 };
      if (fault.cutsWatches) for (const watch of watches) watch.destroy();
    },
    applied: () => armed?.applied ?? 0,
    calm: () => {
      armed = undefined;
    },
    connections: () => connections,
    watchLog: () => [...log],
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await agent.destroy();
    },
  };
}

function kindOf(method: string, url: string): Exchange['kind'] {
  const { searchParams } = new URL(url, 'http://localhost');
  if (searchParams.get('watch') === 'true') return 'watch';
  return method === 'GET' && searchParams.has('limit') ? 'list' : 'call';
}

/** A list or a watch by what it selects, wherever it continues. */
function withoutPosition(url: string): string {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  for (const name of ['resourceVersion', 'timeoutSeconds', 'continue']) searchParams.delete(name);
  return `${pathname}?${searchParams}`;
}

function streamTo(response: ServerResponse): Stream {
  let silent = false;
  return {
    write: (data) => {
      if (!silent && !response.writableEnded && !response.destroyed) response.write(data);
    },
    end: () => {
      if (!silent) response.end();
    },
    reset: () => void response.socket?.resetAndDestroy(),
    silence: () => {
      silent = true;
    },
  };
}
