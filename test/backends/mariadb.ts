import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { createAuthority } from './certificates.ts';
import { freePort, type RunningServer, runToEnd, serverDirectory, startServer } from './child-server.ts';

export interface MariaDb extends RunningServer {
  host: string;
  port: number;
  user: string;
  password: string;
  /** Who has signed the certificate with which it speaks TLS to those who want to, in PEM. */
  authority: string;
}

const fast = [
  ...['--innodb-flush-log-at-trx-commit=0', '--innodb-flush-method=nosync', '--skip-innodb-doublewrite'],
  '--innodb-buffer-pool-size=64M',
];
const durable = ['--innodb-flush-log-at-trx-commit=1', '--innodb-buffer-pool-size=1G'];

const host = '127.0.0.1';
const user = 'tester';

/** A real MariaDB. Its data lives as long as the test run, so it need not be durable, except where that is measured. */
export async function startMariaDb({ isDurable = false } = {}): Promise<MariaDb> {
  const directory = serverDirectory('mariadb');
  const dataDirectory = join(directory, 'data');
  const port = await freePort();
  const password = randomBytes(12).toString('hex');
  const initFile = join(directory, 'init.sql');
  writeFileSync(
    initFile,
    `CREATE USER '${user}'@'${host}' IDENTIFIED BY '${password}';\nGRANT ALL ON *.* TO '${user}'@'${host}' WITH GRANT OPTION;\n`,
  );

  const authority = createAuthority(directory);
  const { certFile, keyFile } = authority.issue('mariadb', { addresses: ['DNS:localhost'] });
  const asUser = process.getuid?.() === 0 ? ['--user=root'] : [];
  const storage = [
    `--datadir=${dataDirectory}`,
    `--innodb-log-file-size=${isDurable ? 256 : 16}M`,
    `--tmpdir=${directory}`,
    ...asUser,
  ];
  runToEnd('mariadb-install-db', [
    '--no-defaults',
    '--skip-test-db',
    '--auth-root-authentication-method=normal',
    ...storage,
  ]);
  const program = {
    name: 'MariaDB',
    package: 'mariadb-server',
    command: 'mariadbd',
    args: [
      ...['--no-defaults', ...storage, `--init-file=${initFile}`],
      ...[`--bind-address=${host}`, `--port=${port}`, `--socket=${join(directory, 'socket')}`, '--skip-name-resolve'],
      ...['--character-set-server=utf8mb4', '--collation-server=utf8mb4_unicode_ci', '--max-connections=500'],
      ...(isDurable ? durable : fast),
      ...[`--ssl-cert=${certFile}`, `--ssl-key=${keyFile}`],
      '--skip-performance-schema',
    ],
    probe: async () => (await createConnection({ host, port, user, password })).end(),
  };
  return { ...(await startServer(program, directory)), host, port, user, password, authority: authority.cert };
}
