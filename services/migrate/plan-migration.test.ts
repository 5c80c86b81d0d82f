import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { ownSchemaVersion, schemaComplaint } from '../shared/mysql/schema-version.ts';
import { migrations as released } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import { planMigration, targetOf } from './plan-migration.ts';

const nothing = async () => undefined;
const migration = (name: string, more: Partial<Migration> = {}): Migration => ({
  name,
  up: nothing,
  down: nothing,
  ...more,
});
const expand = migration('0001-one');
const other = migration('0002-two');
const contract = migration('0003-three', { servesFrom: 2 });

/** What a run of some migrations leaves behind. */
const left = (...migrations: Migration[]) => ({
  applied: migrations.map(({ name }) => name),
  schema: targetOf(migrations),
});
const plan = (own: Migration[], state: ReturnType<typeof left>) => {
  const made = planMigration({ migrations: own, ...state });
  return made.action === 'refuse' ? made.reason : made.action;
};

describe('the plan of a migration', () => {
  it('is to run what is missing, also on a new database', () => {
    assert.equal(plan([expand, other, contract], left()), 'run');
    assert.equal(plan([expand, other], left(expand)), 'run');
    assert.equal(plan([expand, other, contract], left(expand, other)), 'run');
    assert.equal(plan([expand], left(expand)), 'run');
  });

  it('is to leave a newer schema as it is while it still suits the image', () => {
    assert.equal(plan([expand], left(expand, other)), 'keep');
    assert.equal(plan([expand, other], left(expand, other, contract)), 'keep');
  });

  it('refuses a downgrade below what the schema suits', () => {
    assert.match(
      plan([expand], left(expand, other, contract)),
      /a downgrade: .* version 3, .* from version 2 on, and this one is 1: run a newer image/,
    );
  });

  it('refuses an upgrade that would take the schema away from processes that run', () => {
    assert.match(
      plan([expand, other, contract], left(expand)),
      /skips a version: .* version 1 may be running.* roll out an image of version 2 first/,
    );
  });

  it('refuses a database that other migrations have made', () => {
    assert.match(plan([expand, other], left(expand, migration('0002-else'))), /0002-else.* than this image knows/);
  });
});

describe('the version of a schema', () => {
  it('is that of the newest file of a migration, and each file is in the list, in order', () => {
    const files = readdirSync(new URL('./migrations/', import.meta.url)).filter((file) => /^\d/.test(file));
    assert.deepEqual(
      released.map(({ name }) => `${name}.ts`),
      files.sort(),
    );
    assert.equal(ownSchemaVersion(), targetOf(released).version);
  });

  for (const [own, version, servesFrom, suits] of [
    [3, 3, 0, true],
    [3, 4, 0, true],
    [3, 4, 3, true],
    [3, 4, 4, false],
    [3, 2, 0, false],
    [3, 0, 0, false],
  ] as const) {
    it(`${version} that serves from ${servesFrom} on ${suits ? 'suits' : 'does not suit'} an image of ${own}`, () => {
      const complaint = schemaComplaint(own, { version, servesFrom });
      if (suits) assert.equal(complaint, undefined);
      else
        assert.match(
          complaint ?? '',
          /^the database has schema version \d.*: (the migration has to run first|run a newer image)$/,
        );
    });
  }
});
