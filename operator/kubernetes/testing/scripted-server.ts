import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { fixedAccess } from '../access.ts';
import { createClient } from '../client.ts';
import type { Client } from '../client-types.ts';
import type { Clock } from '../clock.ts';
import type { Status } from '../errors.ts';

export interface ScriptedRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: unknown;
}

export interface ScriptedAnswer {
  request: ScriptedRequest;
  /** Answers with JSON and ends. */
  json: (status: number, body: unknown, headers?: Record<string, string>) => void;
  /** Answers with a Status, as the API server does for failures. */
  fail: (status: Status & { code: number }, headers?: Record<string, string>) => void;
  /** Sends lines of a watch, which stays open. */
  lines: (...lines: (object | string)[]) => void;
  end: () => void;
  /** Resets the connection. */
  reset: () => void;
}

type Script = (answer: ScriptedAnswer) => void;

/** An HTTP server that answers what a test tells it to: for failures that a real API server cannot be asked for. */
export interface ScriptedServer {
  url: URL;
  requests: ScriptedRequest[];
  /** The answers to the next requests, in order; when they are used up, the last one is repeated. */
  script: (...scripts: Script[]) => void;
  client: (clock?: Clock) => Client;
  stop: () => Promise<void>;
}

export async function startScriptedServer(): Promise<ScriptedServer> {
  const requests: ScriptedRequest[] = [];
  const clients: Client[] = [];
  let scripts: Script[] = [];

  const server = createServer(async (message, response) => {
    const request = await read(message);
    requests.push(request);
    const script = scripts.length > 1 ? scripts.shift() : scripts[0];
    script?.(answerTo(request, response));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const url = new URL(`http://127.0.0.1:${port}`);

  return {
    url,
    requests,
    script: (...next) => {
      requests.length = 0;
      scripts = next;
    },
    client: (clock) => {
      const access = fixedAccess(url, { tls: {}, headers: { authorization: 'Bearer hidden words' } });
      const client = createClient({ access, random: () => 0, ...(clock ? { clock } : {}) });
      clients.push(client);
      return client;
    },
    stop: async () => {
      await Promise.all(clients.map((client) => client.close()));
      server.closeAllConnections();
      server.close();
    },
  };
}

async function read(message: IncomingMessage): Promise<ScriptedRequest> {
  const url = new URL(message.url ?? '/', 'http://localhost');
  let text = '';
  for await (const chunk of message.setEncoding('utf8')) text += chunk;
  const { method = '', headers } = message;
  return { method, path: url.pathname, query: url.searchParams, headers, body: text ? JSON.parse(text) : undefined };
}

function answerTo(request: ScriptedRequest, response: ServerResponse): ScriptedAnswer {
  const json = (status: number, body: unknown, headers = {}) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
  return {
    request,
    json,
    fail: (status, headers) => json(status.code, { kind: 'Status', ...status }, headers),
    lines: (...lines) => {
      if (!response.headersSent) response.writeHead(200, { 'content-type': 'application/json' });
      for (const line of lines) response.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
      response.flushHeaders();
    },
    end: () => void response.end(),
    reset: () => void response.socket?.resetAndDestroy(),
  };
}
