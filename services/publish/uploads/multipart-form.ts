import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';
import { ApiError } from '../../shared/errors.ts';

interface FormReading {
  /** The part that carries the file. */
  fileField: string;
  maxFileBytes: number;
  onField(name: string, value: string): void;
  /** Takes the file while it arrives; settles when it needs nothing more of it. A rejection ends the reading. */
  takeFile(file: Readable): Promise<void>;
}

/** What the parts take beside the file: boundaries, headers, a token, a title. */
const maxOverheadBytes = 64 * 1024;
const maxFieldBytes = 4096;
const limits = { files: 4, fields: 50, parts: 60, fieldSize: maxFieldBytes, headerPairs: 20, headerSize: 8192 };

/** A client that sends nothing for so long has gone, whatever its connection says. */
const silenceMs = 30_000;

/**
 * Reads a multipart body as it arrives, its parts in whatever order. Resolves with the size of the file when the final
 * boundary has come; rejects with an ApiError as soon as the body cannot be accepted any more.
 */
export async function readForm(request: IncomingMessage, reading: FormReading): Promise<number> {
  refuseByHeaders(request, reading.maxFileBytes);
  const parser = createParser(request, reading);
  let file: BusboyFileStream | undefined;
  parser.on('file', (name, part) => {
    if (name === reading.fileField) file ??= part;
  });
  request.setTimeout(silenceMs);
  try {
    await untilParsed(request, parser, reading);
    if (!file) throw new ApiError('invalid_request', `${reading.fileField} is missing: send the video file in it`);
    return file.bytesRead;
  } catch (error) {
    request.unpipe(parser);
    file?.destroy(new Error('the form is refused', { cause: error }));
    parser.destroy();
    throw error;
  } finally {
    request.setTimeout(0);
  }
}

const untilParsed = (request: IncomingMessage, parser: BusboyInstance, reading: FormReading): Promise<void> =>
  new Promise((resolve, reject) => {
    const refuse = (message: string) => reject(new ApiError('invalid_request', message));
    const incomplete = (cause: unknown) => reject(new ApiError('upload_incomplete', undefined, { cause }));
    let taken = false;
    parser.on('field', (name, value, _nameIsCut, valueIsCut) => {
      if (valueIsCut) refuse(`${name.slice(0, 64)} is longer than ${maxFieldBytes} bytes`);
      else reading.onField(name, value);
    });
    parser.on('file', (name, file) => {
      if (name !== reading.fileField || taken) return void file.resume();
      taken = true;
      file.on('error', () => undefined); // whoever reads it gets the error; nobody may have begun to
      file.once('limit', () => reject(tooLarge(reading.maxFileBytes)));
      reading.takeFile(file).catch(reject);
    });
    for (const limit of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const) {
      parser.once(limit, () => refuse('the form has too many parts'));
    }
    parser.on('error', incomplete);
    parser.once('finish', resolve);
    request.once('error', incomplete);
    request.pipe(parser);
  });

function refuseByHeaders({ headers }: IncomingMessage, maxFileBytes: number): void {
  if (!/^multipart\/form-data\b/i.test(headers['content-type'] ?? '')) {
    throw new ApiError('invalid_request', 'send the video as multipart/form-data');
  }
  if (Number(headers['content-length'] ?? 0) > maxFileBytes + maxOverheadBytes) throw tooLarge(maxFileBytes);
}

function createParser({ headers }: IncomingMessage, { fileField, maxFileBytes }: FormReading): BusboyInstance {
  try {
    return new Busboy({
      headers: { 'content-type': headers['content-type'] ?? '' },
      limits: { ...limits, fileSize: maxFileBytes },
      isPartAFile: (name, contentType, fileName) =>
        name === fileField || fileName !== undefined || contentType === 'application/octet-stream',
    });
  } catch (cause) {
    throw new ApiError('invalid_request', 'the multipart body cannot be read: check its boundary', { cause });
  }
}

const tooLarge = (maxFileBytes: number) =>
  new ApiError('content_too_large', `the video is larger than the ${maxFileBytes} bytes that are allowed`);
