import Type from 'typebox';
import { choice, host, reference, rules } from './schema.ts';
import { embedded, immutable, oneOf, port, prefix, tls } from './server.ts';

export const Cache = Type.Object(
  {
    embedded: embedded('Redis', { size: '1Gi', ephemeral: true, disposable: true }),
    external: Type.Optional(
      Type.Object(
        {
          mode: choice(['standalone', 'cluster'], {
            default: 'standalone',
            description: 'One server, or a Redis Cluster, whose other nodes are found through the one that host names.',
          }),
          host: host('Host name of the Redis server.'),
          port: port(6379),
          tls: tls('Each server'),
          passwordSecretRef: reference('Secret with the key password.'),
        },
        { description: 'A Redis server or Redis Cluster that you run.' },
      ),
    ),
    keyPrefix: prefix('key'),
  },
  {
    default: { embedded: {} },
    description:
      'Where read models are kept; disposable, it fills again from the database. Exactly one of embedded and external, which may be switched.',
    ...rules(oneOf('cache', 'external'), immutable('cache', 'keyPrefix', 'likes on their way would be lost')),
  },
);
