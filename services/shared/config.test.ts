import assert from 'node:assert/strict';
import { readConfig } from './config.ts';
import { authEnvironment as environment } from './test/auth-environment.ts';

const messageOf = (env: NodeJS.ProcessEnv): string => {
  try {
    readConfig('auth', env);
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return '';
};

describe('readConfig', () => {
  it('turns texts into values and fills in the defaults', () => {
    const config = readConfig('auth', environment);
    assert.equal(config.AUTH_ACCESS_TOKEN_SECONDS, 2_592_000);
    assert.equal(config.DATABASE_PORT, 3306);
    assert.equal(config.LOG_LEVEL, 'info');
  });

  it('ignores names that are not ours', () => {
    assert.doesNotThrow(() => readConfig('auth', { ...environment, PATH: '/bin', NODE_OPTIONS: '' }));
  });

  it('names every mistake at once: missing, misspelt, malformed', () => {
    const message = messageOf({ ...environment, DATABASE_HOST: undefined, HTTP_PORTT: '1', HTTP_PORT: '80a' });
    assert.match(message, /DATABASE_HOST is missing \(host name of the MySQL-compatible server\)/);
    assert.match(message, /HTTP_PORTT is not a setting of auth/);
    assert.match(message, /HTTP_PORT must be a whole number from 1 to 65535, not "80a"/);
  });

  it('refuses a setting that another component reads', () => {
    assert.match(messageOf({ ...environment, FEED_PAGE_SIZE: '30' }), /FEED_PAGE_SIZE is not a setting of auth/);
  });

  it('refuses an empty value and one outside its enumeration', () => {
    const message = messageOf({ ...environment, DATABASE_NAME: '', LOG_LEVEL: 'loud' });
    assert.match(message, /DATABASE_NAME is missing/);
    assert.match(message, /LOG_LEVEL must be one of debug, info, warn, error, not "loud"/);
  });

  it('shows no secret, even next to a mistake', () => {
    const message = messageOf({ ...environment, AUTH_MIN_PASSWORD_LENGTH: '99' });
    assert.match(message, /AUTH_MIN_PASSWORD_LENGTH/);
    assert.doesNotMatch(message, /nobody may read/);
  });
});
