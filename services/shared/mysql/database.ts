import knexPackage, { type Knex } from 'knex';
import type { Connection, ConnectionOptions, TypeCastField } from 'mysql2';
import { type SettingsOf, tlsOptions } from '../settings.ts';

export type { Knex } from 'knex';
export { transact } from './transact.ts';

const { knex } = knexPackage;

type DatabaseSettings = Pick<
  SettingsOf<'migrate'>,
  | 'DATABASE_HOST'
  | 'DATABASE_PORT'
  | 'DATABASE_NAME'
  | 'DATABASE_USER'
  | 'DATABASE_PASSWORD'
  | 'DATABASE_TLS'
  | 'DATABASE_POOL_SIZE'
>;

/**
 * A pool in which affected rows are changed rows, integers are exact JavaScript numbers, times are UTC and
 * transactions are READ COMMITTED. Connections are made when they are needed.
 */
export const connectDatabase = (settings: DatabaseSettings): Knex =>
  knex({
    client: 'mysql2',
    connection: {
      host: settings.DATABASE_HOST,
      port: settings.DATABASE_PORT,
      database: settings.DATABASE_NAME,
      user: settings.DATABASE_USER,
      password: settings.DATABASE_PASSWORD,
      ...securedBy(settings.DATABASE_TLS),
      charset: 'utf8mb4',
      timezone: 'Z',
      connectTimeout: 5_000,
      supportBigNumbers: true,
      typeCast: readExactIntegers,
      // With FOUND_ROWS, mysql2's default, an UPDATE that changes nothing looks like one that changed a row.
      flags: ['-FOUND_ROWS', '-LOCAL_FILES'],
    },
    pool: {
      min: 0,
      max: settings.DATABASE_POOL_SIZE,
      idleTimeoutMillis: 60_000,
      reapIntervalMillis: 10_000,
      afterCreate: (connection: Connection, done: (error: unknown, connection: Connection) => void) => {
        setUpSession(connection).then(
          () => done(null, connection),
          (error: unknown) => done(error, connection),
        );
      },
    },
    acquireConnectionTimeout: 5_000,
    log: silent, // what fails is told to whoever asked, and would be printed here a second time
  });

/** Who answers must have a certificate for the host that was asked for, which mysql2 does not ask by itself. */
function securedBy(setting: string): Pick<ConnectionOptions, 'ssl'> {
  const tls = tlsOptions(setting);
  return tls ? { ssl: { ...tls, verifyIdentity: true } } : {};
}

/** A readiness check: one statement that touches no table. */
export const databaseAnswers = (db: Knex) => async (): Promise<void> => {
  await db.raw('SELECT 1');
};

const ignore = () => undefined;
const silent = { warn: ignore, error: ignore, deprecate: ignore, debug: ignore };

const sqlMode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO';

/** The same session on MySQL and MariaDB, whatever the server's defaults are. */
async function setUpSession(connection: Connection): Promise<void> {
  const session = connection.promise();
  await session.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
  await session.query("SET time_zone = '+00:00', innodb_lock_wait_timeout = 10, sql_mode = ?", [sqlMode]);
}

/** A BIGINT above 2^53 would be rounded in silence: it is refused instead, with the column's name. */
export function readExactIntegers(field: TypeCastField, next: () => unknown): unknown {
  if (field.type !== 'LONGLONG') return next();
  const text = field.string();
  if (text === null) return null;
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(
    `${field.table}.${field.name} holds ${text}, which is beyond the integers that can be read exactly`,
  );
}
