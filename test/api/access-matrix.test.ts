import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { assignment } from './access/assignment.ts';
import { accessPage, renderAccess } from './access/document.ts';
import { endpoints } from './access/endpoints.ts';
import { logout } from './access/logout.ts';
import { logs } from './access/logs.ts';
import { withoutToken } from './access/without-token.ts';
import { startWorld } from './access/world.ts';

describe('access', function () {
  this.timeout(120_000);
  let world: Awaited<ReturnType<typeof startWorld>>;
  before(async () => {
    world = await startWorld();
  });
  after(() => world?.stop());

  it('is what the page says', () => {
    assert.equal(readFileSync(accessPage, 'utf8'), renderAccess(), 'run: node test/api/access/document.ts');
  });

  withoutToken(() => world);

  describe('to things of others', () => {
    for (const { method, path, others, attack } of endpoints)
      if (attack) it(`${method} ${path} ${others}`, () => attack(world));
  });

  assignment(() => world);
  logout(() => world);
  logs(() => world);
});
