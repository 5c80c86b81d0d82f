import assert from 'node:assert/strict';
import { hash } from '@node-rs/argon2';
import { createPasswords, type Passwords } from './passwords.ts';

describe('passwords', () => {
  let passwords: Passwords;
  before(async () => {
    passwords = await createPasswords();
  });

  it('fit the hash that was made of them, and no other does', async () => {
    const stored = await passwords.hash('pässwörd 密码');
    assert.equal(await passwords.fits('pässwörd 密码', stored), true);
    assert.equal(await passwords.fits('passwörd 密码', stored), false);
  });

  it('never fit where there is no hash, not even the decoy', async () => {
    assert.equal(await passwords.fits('the password of nobody', undefined), false);
  });

  it('cost the same time whether there is a hash or not', async () => {
    const stored = await passwords.hash('x');
    const timed = async (hashed: string | undefined) => {
      const times: number[] = [];
      for (let round = 0; round < 9; round += 1) {
        const startedMs = performance.now();
        await passwords.fits('y', hashed);
        times.push(performance.now() - startedMs);
      }
      return times.sort((one, other) => one - other)[4] ?? 0;
    };
    const [withHash, without] = [await timed(stored), await timed(undefined)];
    assert.ok(without > withHash * 0.6 && without < withHash * 1.7, `${withHash} ms and ${without} ms`);
  });

  it('know a hash of other costs, to be replaced at the next login', async () => {
    assert.equal(passwords.isOutdated(await passwords.hash('x')), false);
    assert.equal(passwords.isOutdated(await hash('x', { memoryCost: 4096, timeCost: 3, parallelism: 1 })), true);
  });
});
