import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const folderPrefix = 'transcoder-';
/** ffmpeg runs as another user of the same group; what it makes stays with the group. */
const groupMayWrite = 0o2770;

/**
 * Folders for the files of jobs. Each process has one of its own, named by its id: what a killed one left is removed
 * when the next one starts.
 */
export async function createWorkspace(parent: string) {
  const root = join(parent, `${folderPrefix}${process.pid}`);
  await removeAbandoned(parent);
  await rm(root, { recursive: true, force: true });
  await mkdir(root);
  return {
    /** Lends a folder to a piece of work, and removes it whatever happens. */
    lend: async <Result>(work: (folder: string) => Promise<Result>): Promise<Result> => {
      const folder = await mkdtemp(join(root, 'job-'));
      await chmod(folder, groupMayWrite);
      try {
        return await work(folder);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    close: () => rm(root, { recursive: true, force: true }),
  };
}

export type Workspace = Awaited<ReturnType<typeof createWorkspace>>;

async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = name.startsWith(folderPrefix) ? Number(name.slice(folderPrefix.length)) : Number.NaN;
    if (Number.isInteger(pid) && !isAlive(pid)) await rm(join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
