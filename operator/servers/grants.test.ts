import assert from 'node:assert/strict';
import { mayCreateTables } from './grants.ts';

describe('a user of MySQL', () => {
  for (const [may, what, grants] of [
    [true, 'everything everywhere', ['GRANT ALL PRIVILEGES ON *.* TO `root`@`%` WITH GRANT OPTION']],
    [
      true,
      'everything in the schema',
      ['GRANT USAGE ON *.* TO `a`@`%`', 'GRANT ALL PRIVILEGES ON `my_clips`.* TO `a`@`%`'],
    ],
    [true, 'CREATE among others', ['GRANT SELECT, INSERT, CREATE, DROP ON `my_clips`.* TO `a`@`%`']],
    [true, 'CREATE at the end', ['GRANT SELECT, CREATE ON `my_clips`.* TO `a`@`%`']],
    [true, 'a name with an escaped underscore', ['GRANT CREATE ON `my\\_clips`.* TO `a`@`%`']],
    [true, 'a pattern', ['GRANT CREATE ON `my%`.* TO `a`@`%`']],
    [true, 'a role, which is not looked into', ['GRANT USAGE ON *.* TO `a`@`%`', 'GRANT `writers`@`%` TO `a`@`%`']],
    [false, 'nothing', ['GRANT USAGE ON *.* TO `a`@`%`']],
    [false, 'reading', ['GRANT SELECT ON `my_clips`.* TO `a`@`%`']],
    [false, 'CREATE VIEW alone', ['GRANT SELECT, CREATE VIEW ON `my_clips`.* TO `a`@`%`']],
    [false, 'another schema', ['GRANT ALL PRIVILEGES ON `clips`.* TO `a`@`%`']],
    [false, 'one table', ['GRANT CREATE ON `my_clips`.`video` TO `a`@`%`']],
    [false, 'a name with an escaped underscore, of another', ['GRANT CREATE ON `my\\_c.ips`.* TO `a`@`%`']],
  ] as const) {
    it(`${may ? 'may' : 'may not'} create tables with ${what}`, () => {
      assert.equal(mayCreateTables(grants, 'my_clips'), may);
    });
  }
});
