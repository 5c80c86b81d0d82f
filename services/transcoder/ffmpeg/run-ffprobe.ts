import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MediaToolError } from '../media/media-tool-error.ts';
import { killGroup } from './kill-group.ts';
import { maxLogLength, maxOutputLength } from './protocol.ts';

const launcher = fileURLToPath(new URL('./launcher/ffprobe', import.meta.url));

/**
 * Runs ffprobe on the file that its last argument names, and returns what it printed. Not through fluent-ffmpeg: its
 * ffprobe reads a format of lines in which a file's own tags can pretend to be further streams (a title with line breaks
 * did, with version 2.1.3), asks for all tags and leaves no way not to.
 */
export function runFfprobe(args: readonly string[], options: { signal: AbortSignal; wallClockMs: number }) {
  const timeout = AbortSignal.timeout(options.wallClockMs);
  return new Promise<string>((resolve, reject) => {
    const end = AbortSignal.any([options.signal, timeout]);
    end.throwIfAborted();
    const child = spawn(launcher, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: dirname(args.at(-1) ?? '') });
    const kill = () => killGroup(child);
    end.addEventListener('abort', kill, { once: true });
    let output = '';
    let log = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.length > maxOutputLength) kill();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-maxLogLength);
    });
    const fail = (cause: unknown) => {
      if (options.signal.aborted) reject(options.signal.reason);
      else reject(new MediaToolError('ffprobe', { cause, log, timedOut: timeout.aborted }));
    };
    child.once('error', fail);
    child.once('close', (code, signal) => {
      end.removeEventListener('abort', kill);
      if (code === 0) resolve(output);
      else fail(new Error(signal ? `killed with signal ${signal}` : `exited with code ${code}`));
    });
  });
}
