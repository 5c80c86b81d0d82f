import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { carryOut, refusal } from './operations.ts';
import { judge, type Secrets } from './signature.ts';
import type { Buckets } from './state.ts';

export interface OssEmulator extends Secrets {
  endpoint: string;
  stop: () => Promise<void>;
}

/**
 * Speaks OSS as far as the platform needs it, over memory, under path-style addresses, and computes every signature again. No
 * free server speaks this protocol.
 */
export async function startOssEmulator(): Promise<OssEmulator> {
  const secrets: Secrets = { accessKeyId: 'LTAI-emulated', accessKeySecret: 'a-secret-of-oss', region: 'cn-hangzhou' };
  const buckets: Buckets = new Map();

  const answer = async (asked: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams: query } = new URL(asked.url ?? '/', 'http://oss');
    const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(decodeURIComponent(pathname)) ?? [];
    const { method = 'GET', headers } = asked;
    const body = await buffer(asked);
    const verdict = judge({ method, bucket, key, query, headers }, secrets, Date.now());
    const isPublic = key !== '' && ['GET', 'HEAD'].includes(method) && buckets.get(bucket)?.acl === 'public-read';
    const refused = verdict === 'anybody' ? (isPublic ? undefined : 'AccessDenied') : verdict;
    const reply =
      refused === undefined || refused === 'owner'
        ? carryOut({ method, bucket, key, query, headers, body }, buckets)
        : refusal(refused);
    const content = Buffer.from(reply.body ?? '');
    response.writeHead(reply.status, { ...reply.headers, 'content-length': content.length });
    response.end(method === 'HEAD' ? undefined : content);
  };

  const server = createServer((asked, response) => {
    answer(asked, response).catch(() => response.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    ...secrets,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
