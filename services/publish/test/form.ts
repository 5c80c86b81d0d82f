/** A part of a form: a text, or a file when it is bytes. */
export type Part = [name: string, value: string | Buffer<ArrayBuffer>];

/** Bytes that begin like an MP4. */
export function video(bytes: number): Buffer<ArrayBuffer> {
  const file = Buffer.alloc(bytes, 7);
  file.write('\0\0\0\x18ftypisom', 'latin1');
  return file;
}

/** The parts as multipart/form-data, in their order. */
export function form(parts: readonly Part[]): FormData {
  const data = new FormData();
  for (const [name, value] of parts) {
    if (typeof value === 'string') data.append(name, value);
    else data.append(name, new Blob([value]), 'my video.mp4');
  }
  return data;
}

/** The bytes of a form, for requests that are sent by hand. */
export async function encode(parts: readonly Part[]): Promise<{ body: Buffer<ArrayBuffer>; contentType: string }> {
  const encoded = new Response(form(parts));
  const contentType = encoded.headers.get('content-type') ?? '';
  return { body: Buffer.from(await encoded.arrayBuffer()), contentType };
}
