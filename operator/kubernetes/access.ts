import type { ConnectionOptions } from 'node:tls';

/** What a TLS connection to the API server needs. */
export type TlsMaterial = Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'servername' | 'rejectUnauthorized'>;

/** How to be let in, at this moment. `tls` stays the same object for as long as connections made with it stay good. */
export interface Credentials {
  tls: TlsMaterial;
  headers: Record<string, string>;
}

/** An API server and the right to use it. */
export interface ClusterAccess {
  server: URL;
  /** `refresh` reads anew, after the server refused what was cached. */
  credentials: (how?: { refresh?: boolean }) => Promise<Credentials>;
}

/** A server and certificates that never change: for tests and tools. */
export const fixedAccess = (server: URL, credentials: Credentials): ClusterAccess => ({
  server,
  credentials: async () => credentials,
});

/** Remembers what `read` answers for a minute; keeps the old answer while a new one cannot be read. */
export function remembered(read: () => Promise<Credentials>, monotonicMs: () => number): ClusterAccess['credentials'] {
  const freshForMs = 60_000;
  let known: { credentials: Credentials; readAtMs: number } | undefined;
  let reading: Promise<Credentials> | undefined;

  const readAnew = async (): Promise<Credentials> => {
    try {
      const next = await read();
      const tls = known && isSameTls(known.credentials.tls, next.tls) ? known.credentials.tls : next.tls;
      known = { credentials: { ...next, tls }, readAtMs: monotonicMs() };
    } catch (error) {
      if (!known) throw error;
    }
    return known.credentials;
  };

  return async ({ refresh = false } = {}) => {
    if (known && !refresh && monotonicMs() - known.readAtMs < freshForMs) return known.credentials;
    reading ??= readAnew().finally(() => {
      reading = undefined;
    });
    return reading;
  };
}

const isSameTls = (a: TlsMaterial, b: TlsMaterial): boolean => JSON.stringify(a) === JSON.stringify(b);
