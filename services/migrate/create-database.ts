import { connectDatabase, databaseAnswers } from '../shared/mysql/database.ts';
import type { SettingsOf } from '../shared/settings.ts';

/** Makes the schema that the settings name, where the server is there and it is not, if the user may. */
export async function createDatabaseIfAbsent(settings: SettingsOf<'migrate'>): Promise<'created' | 'was there'> {
  const db = connectDatabase(settings);
  try {
    await databaseAnswers(db)();
    return 'was there';
  } catch (error) {
    if (!isAbsent(error)) throw error;
  } finally {
    await db.destroy();
  }
  await create(settings);
  return 'created';
}

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ER_BAD_DB_ERROR';

async function create(settings: SettingsOf<'migrate'>): Promise<void> {
  const { DATABASE_NAME: name, DATABASE_USER: user } = settings;
  const server = connectDatabase({ ...settings, DATABASE_NAME: '' });
  try {
    await server.raw('CREATE DATABASE IF NOT EXISTS ?? CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci', [name]);
  } catch (cause) {
    const hint = `create the database ${name} by hand, or let the user ${user} create it`;
    throw new Error(`the database ${name} is not there and cannot be created: ${hint}`, { cause });
  } finally {
    await server.destroy();
  }
}
