import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';

const here = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const hlsFile = createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js');

/**
 * Serves the page of the player, and the media of an object store below /media/ as the gateway does: from the same
 * origin, ranges included.
 */
export async function servePlayer(mediaUrl: string) {
  const pages: Record<string, readonly [type: string, body: string]> = {
    '/': ['text/html', here('player.html')],
    '/player.js': ['text/javascript', here('player.js')],
    '/hls.js': ['text/javascript', readFileSync(hlsFile, 'utf8')],
  };

  const server = createServer((asked: IncomingMessage, answer: ServerResponse) => {
    const path = asked.url ?? '/';
    if (path.startsWith('/media/')) return passOn(asked, answer, new URL(path.slice('/media/'.length), mediaUrl));
    const [type, body] = pages[path] ?? [];
    if (body === undefined) return void answer.writeHead(404).end();
    answer.writeHead(200, { 'content-type': type }).end(body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the loopback interface gave no port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function passOn({ method, headers: { range } }: IncomingMessage, answer: ServerResponse, url: URL): void {
  const passed = request(url, { method, headers: range ? { range } : {} }, (reply) => {
    answer.writeHead(reply.statusCode ?? 502, reply.headers);
    reply.pipe(answer);
  });
  passed.once('error', () => answer.destroy());
  answer.once('close', () => passed.destroy());
  passed.end();
}
