import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where built and fetched things live that outlast a clone: binaries, jars, demo clips. The shell scripts use the same rule. */
export const cacheDirectory = (env: NodeJS.ProcessEnv = process.env): string =>
  env.TIKTOK_LITE_CACHE || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tiktok-lite');
