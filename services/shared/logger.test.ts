import assert from 'node:assert/strict';
import { createLogger } from './logger.ts';

describe('a log line', () => {
  const lines: string[] = [];
  const logger = createLogger({ component: 'auth', level: 'info' }, { write: (line) => void lines.push(line) });
  const logged = (fields: object) => {
    lines.length = 0;
    logger.info(fields, 'message');
    return JSON.parse(lines[0] ?? '{}');
  };

  it('names its component, its level in words and its time', () => {
    const line = logged({});
    assert.deepEqual([line.component, line.level, line.msg], ['auth', 'info', 'message']);
    assert.ok(Date.parse(line.time) > 0);
  });

  it('writes what its level asks for, and nothing below', () => {
    const written: string[] = [];
    const quiet = createLogger({ component: 'auth', level: 'warn' }, { write: (line) => void written.push(line) });
    quiet.info({}, 'below');
    quiet.warn({}, 'asked for');
    assert.deepEqual(
      written.map((line) => JSON.parse(line).msg),
      ['asked for'],
    );
  });

  it('keeps the cause of an error, and none of the secrets that drivers put on theirs', () => {
    const cause = Object.assign(new Error('Duplicate entry'), { code: 'ER_DUP_ENTRY', sql: "INSERT … 'a password'" });
    const line = logged({ error: new Error('cannot register', { cause }) });
    assert.equal(line.error.cause.code, 'ER_DUP_ENTRY');
    assert.equal(line.error.cause.message, 'Duplicate entry');
    assert.doesNotMatch(lines[0] ?? '', /a password/);
  });

  it('hides fields that hold secrets', () => {
    logged({ password: 'hidden words', body: { token: 'hidden words' } });
    assert.doesNotMatch(lines[0] ?? '', /hidden words/);
  });
});
