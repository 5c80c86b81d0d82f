interface Ending {
  cause?: unknown;
  /** The last lines that the tool printed. */
  log: string;
  timedOut?: boolean;
}

const maxLogLength = 4_000;

/** A run of ffmpeg or ffprobe that did not end well. */
export class MediaToolError extends Error {
  readonly log: string;
  readonly timedOut: boolean;
  /**
   * The tool gave its verdict on the file by itself: nobody killed it, and the disk was not full. A file that asks for more
   * memory or tracks than the limits give has its verdict too: the tool says of both that memory could not be had.
   */
  readonly isVerdict: boolean;

  constructor(tool: string, { cause, log, timedOut = false }: Ending) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(timedOut ? `${tool} took too long` : `${tool} failed: ${reason.slice(0, 300)}`, { cause });
    this.name = 'MediaToolError';
    this.timedOut = timedOut;
    this.log = log.slice(-maxLogLength);
    this.isVerdict = !timedOut && /exited with code/.test(reason) && !/No space left/.test(log);
  }
}
