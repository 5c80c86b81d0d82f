import { type ClientRequest, request } from 'node:http';
import { json } from 'node:stream/consumers';

export interface UploadOptions {
  url: string;
  /** Size of the file. */
  bytes: number;
  /** Fields before and after the file. */
  before?: Readonly<Record<string, string>>;
  after?: Readonly<Record<string, string>>;
  /** Without a declared length. */
  chunked?: boolean;
  /** Cuts the connection after so many bytes of the file. */
  cutAfterBytes?: number;
}

export interface UploadAnswer {
  http: number;
  status_code: number;
}

const boundary = 'a-boundary-of-the-test';
const chunkBytes = 64 * 1024;
const filler = Buffer.alloc(chunkBytes, 7);
/** What the first bytes of an MP4 look like. */
const start = Buffer.from('\0\0\0\x18ftypisom\0\0\x02\0isomiso2', 'latin1');

/** Sends a publish form whose file is made while it is sent; undefined when the client cut it off itself. */
export async function sendUpload(options: UploadOptions): Promise<UploadAnswer | undefined> {
  const { url, bytes, before = {}, after = {}, chunked = false, cutAfterBytes = Infinity } = options;
  const head = Buffer.from(
    `${fields(before)}--${boundary}\r\nContent-Disposition: form-data; name="data"; filename="a.mp4"\r\nContent-Type: video/mp4\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n${fields(after)}--${boundary}--\r\n`);
  const length = chunked ? {} : { 'content-length': head.length + bytes + tail.length };
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}`, ...length };
  const outgoing = request(new URL('/douyin/publish/action/', url), { method: 'POST', headers });
  const answer = answerTo(outgoing);
  answer.catch(() => undefined); // whoever cuts the connection off waits for none
  const sent = await sendFile(outgoing, { head, bytes, cutAfterBytes });
  if (sent === 'cut') return void outgoing.destroy();
  if (sent === 'whole') outgoing.end(tail);
  const answered = await answer;
  outgoing.destroy();
  return answered;
}

const fields = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
    .join('');

/** The answer may come before the last byte is sent, and the connection may be closed after it. */
const answerTo = (outgoing: ClientRequest): Promise<UploadAnswer> =>
  new Promise((resolve, reject) => {
    outgoing.once('error', reject);
    outgoing.once('response', (response) => {
      json(response).then((body) => {
        const { status_code } = body as { status_code: number };
        resolve({ http: response.statusCode ?? 0, status_code });
      }, reject);
    });
  });

/** A client that is answered early, or whose connection is closed, stops sending. */
async function sendFile(outgoing: ClientRequest, { head, bytes, cutAfterBytes }: FileOptions) {
  const over = new Promise<'over'>((resolve) => {
    for (const event of ['response', 'close', 'error']) outgoing.once(event, () => resolve('over'));
  });
  const write = (chunk: Buffer) => {
    const written = new Promise<'written'>((resolve) => outgoing.write(chunk, () => resolve('written')));
    return Promise.race([over, written]);
  };
  let outcome = await write(head);
  for (let sent = 0; sent < bytes && outcome === 'written'; ) {
    if (sent >= cutAfterBytes) return 'cut';
    const chunk = (sent === 0 ? start : filler).subarray(0, bytes - sent);
    sent += chunk.length;
    outcome = await write(chunk);
  }
  return outcome === 'written' ? 'whole' : 'answered';
}

interface FileOptions {
  head: Buffer;
  bytes: number;
  cutAfterBytes: number;
}
