import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { mastersOf, type Redis, untilReady } from './connect.ts';

/** Runs one Lua script by its SHA; every key it touches is in `keys`, in one hash slot. */
export type Script = (keys: readonly string[], args?: readonly (string | number)[]) => Promise<unknown>;

type CamelCase<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name;

/** The scripts of a folder, by their file names in camelCase. */
export type Scripts<Name extends string> = { [Key in Name as CamelCase<Key>]: Script };

/**
 * Loads every `*.lua` of a folder, so that a broken one stops the process at start and says where it is broken.
 * `names` are the files without `.lua`: what is listed must exist and what exists must be listed.
 */
export async function loadScripts<const Name extends string>(
  redis: Redis,
  folder: URL,
  names: readonly Name[],
): Promise<Scripts<Name>> {
  await refuseOtherNames(folder, names);
  await untilReady(redis);
  const entries = await Promise.all(
    names.map(async (name) => [camelCase(name), await loadScript(redis, new URL(`${name}.lua`, folder))] as const),
  );
  return Object.fromEntries(entries) as Scripts<Name>;
}

async function refuseOtherNames(folder: URL, names: readonly string[]): Promise<void> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.lua')).map((file) => file.slice(0, -4));
  const missing = names.filter((name) => !files.includes(name));
  const unlisted = files.filter((name) => !names.includes(name));
  if (missing.length + unlisted.length === 0) return;
  throw new Error(
    `the Lua scripts of ${fileURLToPath(folder)} are not the ones listed: missing ${missing.join(', ') || 'none'}, not listed ${unlisted.join(', ') || 'none'}`,
  );
}

async function loadScript(redis: Redis, file: URL): Promise<Script> {
  const text = await readFile(file, 'utf8');
  const [sha] = await Promise.all(mastersOf(redis).map((server) => server.script('LOAD', text))).catch((cause) => {
    throw new Error(`the script ${fileURLToPath(file)} is broken: ${messageOf(cause)}`, { cause });
  });
  return async (keys, args = []) => {
    try {
      return await redis.evalsha(String(sha), keys.length, ...keys, ...args);
    } catch (error) {
      if (!messageOf(error).startsWith('NOSCRIPT')) throw error;
      return redis.eval(text, keys.length, ...keys, ...args); // a server that was flushed, restarted or added knows it then
    }
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const camelCase = (name: string): string => name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
