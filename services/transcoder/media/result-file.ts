import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/**
 * Opens what ffmpeg made, which is believed no more than ffmpeg is: a regular file under its own name, not a link to one of
 * ours, not a pipe that never ends, and not larger than expected.
 */
export async function openResult(file: string, { maxBytes }: { maxBytes: number }): Promise<FileHandle> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { size, nlink, isFile } = await handle.stat().then((stats) => ({ ...stats, isFile: stats.isFile() }));
    if (!isFile || nlink !== 1) throw new Error(`${file} is no file of its own`);
    if (size > maxBytes) throw new Error(`${file} has ${size} bytes; at most ${maxBytes} are accepted`);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The whole of a small result. */
export async function readResult(file: string, { maxBytes }: { maxBytes: number }): Promise<Buffer> {
  const handle = await openResult(file, { maxBytes });
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
