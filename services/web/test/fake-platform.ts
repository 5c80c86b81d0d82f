import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const pageFolder = fileURLToPath(new URL('../public/', import.meta.url));
const types: Record<string, string> = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.mp4': 'video/mp4',
};
const strictPolicy = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'";

export interface FakeVideo {
  id: number;
  title: string;
  favorite_count: number;
  is_favorite: boolean;
}

/** What the page would meet behind the gateway: its own files, real clips, and a feed that the test fills. */
export interface FakePlatform {
  url: string;
  /** Newest first; served in pages of `pageSize`. */
  videos: FakeVideo[];
  pageSize: number;
  /** Answers of the feed: a failure while this is set. */
  failure: { status_code: number; status_msg: string } | undefined;
  /** Every call of the API, method and path with its fields. */
  calls: string[];
  close: () => void;
}

/** Starts the fake platform on a port of its own, with a clip that ffmpeg makes. */
export async function startFakePlatform(): Promise<FakePlatform> {
  const media = mkdtempSync(join(tmpdir(), 'tiktok-lite-page-'));
  makeClip(media);
  const server = createServer((request, response) => void answer(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the loopback interface gave no port');

  const platform: FakePlatform = {
    url: `http://127.0.0.1:${address.port}/`,
    videos: [],
    pageSize: 3,
    failure: undefined,
    calls: [],
    close: () => {
      server.closeAllConnections();
      server.close();
      rmSync(media, { recursive: true });
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', platform.url);
    if (url.pathname === '/v1/logout') return logOut(request, response);
    if (!url.pathname.startsWith('/douyin/')) return sendFile(url.pathname, request, response);
    const body = (await request.setEncoding('utf8').toArray()).join('');
    platform.calls.push(`${request.method} ${url.pathname}${url.search} ${body}`.trim());
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(reply(url, new URLSearchParams(body))));
  }

  function logOut({ method, headers }: IncomingMessage, response: ServerResponse): void {
    platform.calls.push(`${method} /v1/logout ${headers.authorization}`);
    response.writeHead(204).end();
  }

  function reply(url: URL, fields: URLSearchParams): object {
    if (url.pathname === '/douyin/feed/')
      return platform.failure ?? feedPage(Number(url.searchParams.get('latest_time')));
    if (url.pathname === '/douyin/user/login/') return { status_code: 0, user_id: 1, token: 'a-token' };
    if (url.pathname === '/douyin/favorite/action/') {
      const video = platform.videos.find(({ id }) => id === Number(fields.get('video_id')));
      return video ? { status_code: 0 } : { status_code: 40401, status_msg: 'there is no such video' };
    }
    return { status_code: 40400, status_msg: 'there is no such route' };
  }

  function feedPage(latestTime: number): object {
    const older = platform.videos.filter(({ id }) => latestTime === 0 || id < latestTime);
    const page = older.slice(0, platform.pageSize);
    const last = older.length > page.length ? page.at(-1) : undefined;
    return { status_code: 0, video_list: page.map(asVideo), next_time: last?.id ?? 0 };
  }

  function sendFile(path: string, request: IncomingMessage, response: ServerResponse): void {
    const name = path === '/' ? '/index.html' : path;
    const file = join(name.startsWith('/media/') ? media : pageFolder, name.replace('/media/', '/'));
    const size = statSync(file, { throwIfNoEntry: false })?.size;
    if (size === undefined) return void response.writeHead(404).end();
    const [start, end] = rangeOf(request.headers.range, size);
    response.writeHead(request.headers.range ? 206 : 200, {
      'content-type': types[extname(file)],
      'content-length': end - start + 1,
      'accept-ranges': 'bytes',
      ...(request.headers.range ? { 'content-range': `bytes ${start}-${end}/${size}` } : {}),
      'content-security-policy': strictPolicy,
    });
    createReadStream(file, { start, end }).pipe(response);
  }

  return platform;
}

function rangeOf(header: string | undefined, size: number): [number, number] {
  const [, start, end] = /^bytes=(\d+)-(\d*)$/.exec(header ?? '') ?? [];
  return [Number(start ?? 0), end ? Number(end) : size - 1];
}

const asVideo = (video: FakeVideo) => ({
  ...video,
  author: { id: 9, name: 'painter' },
  play_url: '/media/clip.mp4',
  cover_url: '/media/cover.jpg',
  comment_count: 0,
  width: 360,
  height: 640,
});

function makeClip(folder: string): void {
  const inputs = [
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=360x640:rate=30:duration=3',
    '-f',
    'lavfi',
    '-i',
    'sine=duration=3',
  ];
  const video = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-pix_fmt',
    'yuv420p',
    '-c:a',
    'aac',
    '-movflags',
    '+faststart',
  ];
  const ffmpeg = (...args: string[]) => execFileSync('ffmpeg', ['-v', 'error', ...args]);
  ffmpeg(...inputs, ...video, join(folder, 'clip.mp4'));
  ffmpeg('-i', join(folder, 'clip.mp4'), '-frames:v', '1', join(folder, 'cover.jpg'));
}
