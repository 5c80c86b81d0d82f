import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Command } from '../../services/transcoder/media/arguments.ts';
import type { MediaTools } from '../../services/transcoder/media/tools.ts';

/** Notes the commands of ffmpeg that a transcoder runs. */
export function createRecorder() {
  const commands: Command[] = [];
  return {
    commands,
    watchTools: (tools: MediaTools): MediaTools => ({
      ...tools,
      runFfmpeg: (command, run) => {
        commands.push(command);
        return tools.runFfmpeg(command, run);
      },
    }),
  };
}

/** The program as a shell would run it, but with the launcher's priority: other work on the machine hits both alike. */
const program = ['nice', '-n', '10', 'ffmpeg'] as const;

/**
 * Runs the same commands, argument by argument, without anything of ours: no launcher, no socket, no store. Resolves to the
 * folder with what they made; whoever calls removes it.
 */
export async function runBare(commands: readonly Command[], original: string): Promise<string> {
  const [first] = commands;
  if (!first) throw new Error('nothing was recorded');
  const folder = mkdtempSync(join(tmpdir(), 'tiktok-lite-bare-'));
  const here = (text: string) => text.replaceAll(dirname(first.input), folder);
  await copyFile(original, join(folder, basename(first.input)));
  for (const { input, inputOptions, outputs } of commands) {
    const made = outputs.flatMap(({ file, options }) => [...options, file]);
    const args = [...inputOptions, '-i', input, '-y', ...made].map(here);
    const [nice, ...rest] = program;
    const child = spawn(nice, [...rest, ...args], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`bare ffmpeg failed (${code}): ${args.join(' ')}`);
  }
  return folder;
}

/** Removes what a bare run made. */
export const removeBare = (folder: string): void => rmSync(folder, { recursive: true });
