import type { ConnectionOptions, RowDataPacket } from 'mysql2/promise';
import { tlsOptions } from '../../services/shared/settings.ts';
import { ServerError } from './failure.ts';
import { mayCreateTables } from './grants.ts';
import type { DatabaseTarget } from './target.ts';

/** Logs in to the schema, and looks at what the user may do. A schema that is not there is made later, by a user who may. */
export async function checkDatabase(target: DatabaseTarget, patienceMs: number): Promise<void> {
  const { database, username: user, password, tls } = target;
  const [address] = target.addresses;
  const ssl = tlsOptions(tls);
  const server: ConnectionOptions = {
    ...{ ...address, user, password, connectTimeout: patienceMs },
    ...(ssl && { ssl: { ...ssl, verifyIdentity: true } }),
  };
  let absence: Error | undefined;
  const grants = await grantsOn({ ...server, database }, patienceMs).catch((error: Error & { code?: string }) => {
    if (error.code !== 'ER_BAD_DB_ERROR') throw error;
    absence = error;
    return grantsOn(server, patienceMs);
  });
  if (mayCreateTables(grants, database)) return;
  throw absence ?? new ServerError('PermissionMissing', `the user ${user} may not create tables in ${database}`);
}

async function grantsOn(options: ConnectionOptions, patienceMs: number): Promise<string[]> {
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection(options);
  connection.on('error', () => undefined); // what is asked next fails with it
  try {
    const sql = 'SHOW GRANTS FOR CURRENT_USER()';
    const [rows] = await connection.query<RowDataPacket[]>({ sql, timeout: patienceMs });
    return rows.map((row) => String(Object.values(row)[0]));
  } finally {
    connection.destroy();
  }
}
