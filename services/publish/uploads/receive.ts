import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { ApiError } from '../../shared/errors.ts';
import type { IdGenerator } from '../../shared/ids/generator.ts';
import type { ObjectNames, ObjectStore } from '../../shared/object-store/object-store.ts';
import { sniffBytes, sniffContainer } from './container.ts';
import { readForm } from './multipart-form.ts';
import type { TakeTurn } from './turns.ts';

/** A file that lies complete in the private bucket. */
export interface StoredUpload {
  videoId: number;
  originalPath: string;
}

interface Reception<Accepted> {
  onField(name: string, value: string): void;
  /** Asked before the file is taken, when fields that came earlier may already forbid it. */
  expectFile(): Promise<void>;
  /** Asked once the whole form is there; the file is stored only if it returns. */
  accept(fileBytes: number): Promise<Accepted>;
}

interface ReceiverOptions {
  store: Pick<ObjectStore, 'put'>;
  names: Pick<ObjectNames, 'original'>;
  ids: Pick<IdGenerator, 'next'>;
  maxFileBytes: number;
  /** Each upload on its way holds a part of its file in memory: nothing is read of one that waits. */
  takeTurn: TakeTurn;
}

/** Takes uploads: streams the file into the store while it arrives, and decides at the end whether it stays there. */
export function createReceiver(options: ReceiverOptions) {
  const { maxFileBytes, takeTurn } = options;

  const receive = async <Accepted>(request: IncomingMessage, { onField, expectFile, accept }: Reception<Accepted>) => {
    const decision = Promise.withResolvers<void>();
    decision.promise.catch(() => undefined); // nobody waits for it when the file fails first
    let storing: Promise<StoredUpload> | undefined;
    try {
      const fileBytes = await readForm(request, {
        fileField: 'data',
        maxFileBytes,
        onField,
        takeFile: async (file) => {
          await expectFile();
          storing = storeOriginal(file, decision.promise, options);
          await storing;
        },
      });
      const accepted = await accept(fileBytes);
      decision.resolve();
      return { ...accepted, ...(await storing) };
    } catch (error) {
      decision.reject(error);
      await storing?.catch(() => undefined); // when the client is told, nothing is left
      throw error;
    }
  };

  return {
    receive: <Accepted>(request: IncomingMessage, reception: Reception<Accepted>): Promise<Accepted & StoredUpload> =>
      takeTurn(async () => (await receive(request, reception)) as Accepted & StoredUpload),
  };
}

export type Receiver = ReturnType<typeof createReceiver>;

/** The object comes into being when its body ends, which it does only after the decision. */
async function storeOriginal(
  file: Readable,
  decision: Promise<void>,
  { store, names, ids }: ReceiverOptions,
): Promise<StoredUpload> {
  const chunks: AsyncIterator<Buffer> = file[Symbol.asyncIterator]();
  const head = await readHead(chunks);
  const container = sniffContainer(head);
  if (!container) throw new ApiError('not_a_video');
  const videoId = await ids.next();
  const { extension, contentType } = container;
  const path = names.original({ videoId, extension, secret: randomBytes(16).toString('hex') });
  const body = Readable.from(bodyOf(head, chunks, decision), { objectMode: false });
  await store.put({ bucket: 'originals', path, contentType }, body);
  return { videoId, originalPath: path };
}

async function readHead(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < sniffBytes) {
    const { done, value } = await chunks.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  return head;
}

async function* bodyOf(head: Buffer, chunks: AsyncIterator<Buffer>, decision: Promise<void>): AsyncGenerator<Buffer> {
  yield head;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  await decision;
}
