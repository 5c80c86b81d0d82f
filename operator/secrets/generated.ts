import type { TiktokLiteSpec } from '../api/tiktok-lite.ts';

type Values = Record<string, string>;

/** Random bytes as text that any configuration takes as it is. */
export type RandomText = (bytes: number) => string;

/** A Secret that the operator makes up once and then only guards. */
export interface GeneratedSecret {
  name: 'database' | 'cache' | 'object-store' | 'signing-keys';
  /** Whether the platform needs it; one that is no longer needed stays where it is. */
  wanted: (spec: TiktokLiteSpec) => boolean;
  /** What it must hold. */
  keys: readonly string[];
  generate: (random: RandomText) => Values;
  /** The embedded server whose volume can only be opened with it: such a Secret is never made up a second time. */
  opensVolumeOf?: 'mysql';
}

const passwordBytes = 24;

/** Every generated Secret, with what comes after the platform's name. */
export const generatedSecrets: readonly GeneratedSecret[] = [
  {
    name: 'database',
    wanted: ({ database }) => database.embedded !== undefined,
    keys: ['username', 'password', 'rootPassword'],
    generate: (random) => ({
      username: 'tiktok_lite',
      password: random(passwordBytes),
      rootPassword: random(passwordBytes),
    }),
    opensVolumeOf: 'mysql',
  },
  {
    name: 'cache',
    wanted: ({ cache }) => cache.embedded !== undefined,
    keys: ['password'],
    generate: (random) => ({ password: random(passwordBytes) }),
  },
  {
    name: 'object-store',
    wanted: ({ objectStore }) => objectStore.embedded !== undefined,
    keys: ['accessKeyId', 'secretAccessKey'],
    generate: (random) => ({ accessKeyId: random(15), secretAccessKey: random(30) }),
  },
  {
    name: 'signing-keys',
    wanted: () => true,
    keys: ['keys'],
    generate: (random) => ({ keys: JSON.stringify([{ kid: random(6), secret: random(48) }]) }),
  },
];
