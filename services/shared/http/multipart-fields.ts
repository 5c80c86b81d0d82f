import { Busboy } from '@fastify/busboy';
import { ApiError } from '../errors.ts';

/** The fields of a small multipart body; files in it are skipped. */
export const readMultipartFields = (body: Buffer, contentType: string): Promise<[name: string, value: string][]> =>
  new Promise((resolve, reject) => {
    const refuse = (cause: unknown) =>
      reject(new ApiError('invalid_request', 'the multipart body cannot be read: check its boundary', { cause }));
    const fields: [string, string][] = [];
    try {
      const parser = new Busboy({ headers: { 'content-type': contentType }, limits: { fields: 100, parts: 100 } });
      parser.on('field', (name, value) => fields.push([name, value]));
      parser.on('file', (_name, file) => file.resume());
      parser.once('error', refuse);
      parser.once('finish', () => resolve(fields));
      parser.end(body);
    } catch (error) {
      refuse(error); // no boundary in the content type
    }
  });
