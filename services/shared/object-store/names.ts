import { createHash } from 'node:crypto';

interface OriginalName {
  videoId: number;
  /** Random, so that nobody finds an original by its video's id. */
  secret: string;
  extension: string;
}

interface MediaFolder {
  videoId: number;
  originalPath: string;
}

/**
 * The names of objects. Each is the whole name inside its bucket: rows keep it, and a public base, a slash and the name
 * make a URL. The prefix keeps platforms apart that share a bucket.
 */
export const objectNames = (prefix: string) => ({
  original: ({ videoId, secret, extension }: OriginalName): string => `${prefix}/${videoId}/${secret}.${extension}`,

  /**
   * Where everything made of one video lies. The same original always leads to the same folder, and who does not know
   * the original's name cannot guess it.
   */
  mediaFolder: ({ videoId, originalPath }: MediaFolder): string => {
    const unguessable = createHash('sha256').update(originalPath).digest('hex').slice(0, 32);
    return `${prefix}/${videoId}/${unguessable}/`;
  },
});

export type ObjectNames = ReturnType<typeof objectNames>;
