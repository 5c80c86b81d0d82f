/** A line longer than this is none of ffmpeg's. */
const maxLineLength = 4_096;

/** Has ffmpeg say twice a second, on its standard output, how far it is. */
export const tellProgress = ['-progress', 'pipe:1', '-stats_period', '0.5'];

/**
 * Reads what ffmpeg writes for `tellProgress`, piece by piece as it comes, and calls back with the seconds of output that
 * are done; they never go back.
 */
export function createProgressReader(onProgress: (seconds: number) => void): (piece: string) => void {
  let rest = '';
  let reached = 0;
  return (piece) => {
    const lines = (rest + piece).split('\n');
    rest = (lines.pop() ?? '').slice(0, maxLineLength);
    for (const line of lines) {
      const [, microseconds] = /^out_time_us=(\d{1,15})$/.exec(line) ?? [];
      const seconds = Number(microseconds) / 1_000_000;
      if (seconds <= reached || Number.isNaN(seconds)) continue;
      reached = seconds;
      onProgress(seconds);
    }
  };
}
