/** What the makers of files are handed. */
export interface Workshop {
  /** A sound video of one second, 64×64, H.264 and AAC in an MP4 whose index comes last. */
  sound: Buffer;
  /** A file that nobody has uploaded: its path, and a video of the same content beside it. */
  canary: { text: string; stream: string };
  /** Address of a server of ours that nobody may reach: "127.0.0.1:port". */
  trap: string;
  /** What ffmpeg makes with these arguments; the container is named, and the last argument is not a file. */
  ffmpeg(container: string, ...args: string[]): Buffer;
}

/** One upload that means harm, or looks as if it did. */
export interface HostileFile {
  name: string;
  /** The codes with which it may be refused, or `encoded` where it is a video after all. */
  expected: readonly string[];
  /** Among those that every test run tries. */
  isBrief?: true;
  make(workshop: Workshop): Buffer;
}

/** Kept out by the whitelist of formats, before a byte of it is believed. */
export const unreadable = ['not-a-video'] as const;

/** Files of a text each. */
export const texts = (
  files: Record<string, (workshop: Workshop) => string>,
  options: Partial<HostileFile> = {},
): HostileFile[] =>
  Object.entries(files).map(([name, write]) => ({
    ...{ name, expected: unreadable, ...options },
    make: (workshop) => Buffer.from(write(workshop)),
  }));
