/** An object that the API server refuses, and everything that its author reads. */
export interface Refusal {
  /** What is wrong. */
  what: string;
  spec: object;
  says: string;
}

/** A change that is refused, of an object that is there. */
export interface RefusedChange {
  what: string;
  before: object;
  after: object;
  says: string;
}

const external = { host: 'db.example.org', database: 'clips', credentialsSecretRef: { name: 'login' } };

/** Servers elsewhere, as a careful author describes them. */
export const elsewhere = {
  database: { external },
  cache: { external: { host: 'redis.example.org', passwordSecretRef: { name: 'password' } } },
  kafka: { external: { brokers: ['kafka.example.org:9092'] } },
  s3: {
    endpoint: 'https://s3.example.org',
    originalsBucket: 'clips-originals',
    mediaBucket: 'clips-media',
    credentialsSecretRef: { name: 'keys' },
  },
  media: 'https://cdn.example.org',
};
