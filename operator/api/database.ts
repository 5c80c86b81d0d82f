import Type from 'typebox';
import { host, reference, rules, shaped } from './schema.ts';
import { embedded, oneOf, port, staysWhere, tls } from './server.ts';

const isSchemaName = shaped(
  '^[A-Za-z0-9_$-]+$',
  'must be the name of a schema: letters, digits, underscores, dollars and dashes',
);

export const Database = Type.Object(
  {
    embedded: embedded('MySQL-compatible server', { size: '10Gi', ephemeral: false }),
    external: Type.Optional(
      Type.Object(
        {
          host: host('Host name of the MySQL-compatible server.'),
          port: port(3306),
          database: Type.String({
            minLength: 1,
            maxLength: 64,
            ...rules(isSchemaName),
            description: 'Name of an existing, empty schema that belongs to this platform.',
          }),
          tls: tls('The server'),
          credentialsSecretRef: reference('Secret with the keys username and password; the user may create tables.'),
        },
        {
          description: 'A MySQL-compatible server that you run: MySQL, MariaDB, RDS, PolarDB, TiDB, Vitess.',
          ...rules({
            rule: "!has(self.tls) || !self.host.matches('^[0-9.]+$')",
            message:
              'database.external.host must be a name with tls: a certificate is looked at for a name, not for an address',
          }),
        },
      ),
    ),
  },
  {
    default: { embedded: {} },
    description: 'Where rows are kept. Exactly one of embedded and external.',
    ...rules(oneOf('database', 'external'), staysWhere('database', 'external')),
  },
);
