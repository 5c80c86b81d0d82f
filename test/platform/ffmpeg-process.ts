import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createMediaTools, type MediaTools } from '../../services/transcoder/media/tools.ts';
import { type RestartableProcess, restartableProcess } from './component-process.ts';

const main = fileURLToPath(new URL('../../services/transcoder/ffmpeg/main.ts', import.meta.url));

/** The process that runs ffmpeg for one transcoder, as the second container of its pod does. */
export interface FfmpegProcess {
  process: RestartableProcess;
  /** What a transcoder is told to reach it. */
  settings: { FFMPEG_SOCKET: string; FFMPEG_FOLDER: string };
  tools: MediaTools;
  /** Ends it, and removes the files of its jobs. */
  remove(): Promise<void>;
}

interface Options {
  name?: string;
  logFile?: string;
  /** A program that runs it and looks on, with its arguments; it is told the folder. */
  watcher?: (parent: string) => [program: string, ...args: string[]];
}

/** Describes one with a folder of its own; nothing is started yet. */
export function createFfmpegProcess({ name = 'ffmpeg', logFile, watcher }: Options = {}): FfmpegProcess {
  const parent = mkdtempSync(join(tmpdir(), 'tiktok-lite-ffmpeg-')); // short: the path of a socket may have 107 letters
  const settings = { FFMPEG_SOCKET: join(parent, 'socket'), FFMPEG_FOLDER: join(parent, 'work') };
  mkdirSync(settings.FFMPEG_FOLDER);
  const tools = createMediaTools({ socketPath: settings.FFMPEG_SOCKET });
  const command = [globalThis.process.execPath, main] as [string, string];
  const process = restartableProcess({
    ...{ name, env: settings, logFile: logFile ?? join(parent, 'log') },
    // Whatever watches it may die first: it dies with that.
    command: watcher ? [...watcher(parent), 'setpriv', '--pdeathsig', 'KILL', '--', ...command] : command,
    isReady: async () => {
      await tools.check();
      return true;
    },
  });
  return {
    ...{ process, settings, tools },
    remove: async () => {
      await process.kill();
      rmSync(parent, { recursive: true });
    },
  };
}
