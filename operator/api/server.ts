import Type, { type Static } from 'typebox';
import { integer, objectName, quantity, reference, rules, section, shaped } from './schema.ts';

interface StorageDefaults {
  size: string;
  ephemeral: boolean;
  /** Nothing is lost with the data: where it lies may change. */
  disposable?: boolean;
}

const staysPut = {
  rule: 'self.ephemeral == oldSelf.ephemeral',
  message: 'storage.ephemeral cannot change: the data would stay behind. Create a new platform instead',
};

const neverShrinks = {
  // What is no amount, and was taken once, can be put right, and until then stays as it is.
  rule: '!isQuantity(string(oldSelf)) || quantity(string(self)).compareTo(quantity(string(oldSelf))) >= 0',
  message: 'storage.size cannot shrink: volumes only grow. Keep the old size or a larger one',
};

const classNeedsVolume = {
  rule: '!self.ephemeral || !has(self.className)',
  message: 'storage.className has no effect with ephemeral: remove it, or set storage.ephemeral to false',
};

const storage = (defaults: StorageDefaults) =>
  section(
    {
      size: quantity(
        {
          default: defaults.size,
          description:
            'Size of the volume, which may grow where the storage class can expand volumes; with ephemeral, how much of the disk of its node the pod may take.',
        },
        neverShrinks,
      ),
      className: Type.Optional(
        objectName('Storage class of the volume; the default class of the cluster when absent.'),
      ),
      ephemeral: Type.Boolean({
        default: defaults.ephemeral,
        description: 'Keep the data in the pod instead of on a volume: it is lost with the pod.',
      }),
    },
    {
      description: 'Where the embedded server keeps its data.',
      ...rules(
        {
          rule: "(has(self.className) ? self.className : '') == (has(oldSelf.className) ? oldSelf.className : '')",
          message: 'storage.className cannot change: a volume cannot move to another class. Create a new platform',
        },
        classNeedsVolume,
        ...(defaults.disposable ? [] : [staysPut]),
      ),
    },
  );

/** `embedded: {}`: one server that the operator runs inside the platform, with its storage. */
export const embedded = (server: string, defaults: StorageDefaults) =>
  Type.Optional(
    Type.Object(
      { storage: storage(defaults) },
      { description: `One ${server} inside the platform, for evaluation and development, not for production.` },
    ),
  );

/** `embedded and external`, `embedded, s3 and oss`. */
const listed = (forms: readonly string[]): string => `${forms.slice(0, -1).join(', ')} and ${forms.at(-1)}`;

/** Rule: a dependency is described in exactly one of its forms. */
export const oneOf = (field: string, ...others: readonly string[]) => ({
  rule: `[${['embedded', ...others].map((form) => `has(self.${form})`)}].exists_one(given, given)`,
  message: `${field} needs exactly one of ${listed(['embedded', ...others])}: write 'embedded: {}' or describe the server under '${others.join("' or '")}'`,
});

/** Rule: a dependency with data that counts keeps its form. */
export const staysWhere = (field: string, ...others: readonly string[]) => ({
  rule: others.map((form) => `has(self.${form}) == has(oldSelf.${form})`).join(' && '),
  message: `${field} cannot switch between ${listed(['embedded', ...others])}: its data would stay behind. Create a new platform and move the data`,
});

/** Rule: an optional field keeps its first value for good, `because` of a reason that the message gives. */
export const immutable = (field: string, name: string, because: string) => ({
  rule: `(has(self.${name}) ? self.${name} : '') == (has(oldSelf.${name}) ? oldSelf.${name} : '')`,
  message: `${field}.${name} cannot be set, changed or removed later: ${because}. Create a new platform instead`,
});

const isPrefix = shaped(
  '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$',
  'must be of lower-case letters, digits, dots and dashes, and begin and end with a letter or digit',
);

/** A prefix that keeps the names of platforms apart on a shared server. */
export const prefix = (what: string) =>
  Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 100,
      ...rules(isPrefix),
      description: `What every ${what} starts with, so that platforms can share a server. Default: <namespace>.<name>. Immutable.`,
    }),
  );

/** How connections are secured to a server that people run themselves. */
const Tls = (server: string) =>
  Type.Object(
    {
      caSecretRef: Type.Optional(
        reference(
          'Secret with the key ca.crt, the certificates of the authority in PEM; those that the system knows when absent.',
        ),
      ),
    },
    {
      description: `${server} is spoken to by TLS, and must have a certificate for its host name. Write tls: {} for a known authority.`,
    },
  );
export type Tls = Static<ReturnType<typeof Tls>>;

export const tls = (server: string) => Type.Optional(Tls(server));

/** Port of a server, with the one that its kind listens on as the default. */
export const port = (preset: number) =>
  integer({ minimum: 1, maximum: 65535, default: preset, description: 'Port of the server.' });
