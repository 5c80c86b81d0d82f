import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDirectory } from '../../local/cache-directory.ts';

/** One video as people upload them, made of ffmpeg's own generators. */
export interface Clip {
  name: string;
  seconds: number;
  /** Arguments between the inputs and the file: filters, encoders, container. */
  output: readonly string[];
  extension: string;
  /** Generators of picture and sound. */
  inputs: readonly string[];
  /** Options of the pass that copies the encoded streams into the file, where the first one cannot set them. */
  remux: readonly string[];
  /** Size at which people see the picture. */
  shown: { width: number; height: number };
  hasSound: boolean;
  /** Pictures as cameras see them: surfaces, edges, movement. What is not is reported, and held to no likeness. */
  isNatural: boolean;
  /** Belongs to the short form of the test. */
  isBrief: boolean;
}

const folder = join(cacheDirectory(), 'media-corpus');
const run = promisify(execFile);
const quiet = ['-nostdin', '-hide_banner', '-loglevel', 'error', '-y', '-bitexact'];

/** The file of a clip; it is made once and kept, under a name that changes with its recipe. */
export async function fileOf(clip: Clip): Promise<string> {
  const { name, inputs, output, remux, extension } = clip;
  const recipe = createHash('sha256').update(JSON.stringify([inputs, output, remux]));
  const file = join(folder, `${name}-${recipe.digest('hex').slice(0, 12)}.${extension}`);
  if (existsSync(file)) return file;
  await mkdir(folder, { recursive: true });
  const made = join(folder, `.${process.pid}-${name}.${extension}`);
  const copy = join(folder, `.${process.pid}-${name}-copy.${extension}`);
  await run('ffmpeg', [...quiet, ...inputs, ...output, '-threads', '2', '-t', String(clip.seconds), made]);
  if (remux.length > 0) {
    await run('ffmpeg', [...quiet, '-i', made, '-c', 'copy', ...remux, copy]);
    await rename(copy, made);
  }
  await rename(made, file);
  await rm(copy, { force: true });
  return file;
}
