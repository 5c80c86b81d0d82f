import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Logger } from '../logger.ts';

/** What can be served: a Koa application. */
export interface App {
  callback(): RequestListener;
}

export interface ServedApp {
  port: number;
  /** From now on each answer asks for another connection next time: what is left after a while is idle. */
  retire(): void;
  /** Stops accepting, lets requests that are being answered finish, and after the time given cuts what is left. */
  drain(timeoutMs: number): Promise<void>;
}

export interface ServeOptions {
  port: number;
  logger: Logger;
  /** How long a client may take to send one request; a route that streams large bodies needs more. */
  requestTimeoutMs?: number;
}

/** Listens for an application, and remembers how to leave without cutting anybody off. */
export async function serveApp(app: App, options: ServeOptions): Promise<ServedApp> {
  const answer = app.callback();
  let retiring = false;
  const unanswered = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    if (retiring) closeAfter(response);
    unanswered.add(response);
    response.once('close', () => unanswered.delete(response));
    answer(request, response);
  });
  server.requestTimeout = options.requestTimeoutMs ?? 30_000;
  server.headersTimeout = 10_000;
  server.keepAliveTimeout = 75_000; // longer than the gateway's, so that the gateway closes idle connections first
  await listen(server, options.port);
  const address = server.address();
  const retire = () => {
    retiring = true;
    for (const response of unanswered) closeAfter(response);
  };
  return {
    retire,
    port: typeof address === 'object' && address ? address.port : options.port,
    drain: async (timeoutMs) => {
      retire();
      const cut = setTimeout(() => {
        options.logger.warn({ timeoutMs }, 'requests took longer than the drain: their connections are closed');
        server.closeAllConnections();
      }, timeoutMs);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
      clearTimeout(cut);
    },
  };
}

/** Tells the client to send its next request over another connection, which finds another pod. */
const closeAfter = (response: ServerResponse): void => {
  if (!response.headersSent) response.setHeader('connection', 'close');
};

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () => {
      server.off('error', reject);
      resolve();
    });
  });
