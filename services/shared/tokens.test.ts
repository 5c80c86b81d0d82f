import assert from 'node:assert/strict';
import { createSecretKey } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { createRevocations } from './sessions/revocations.ts';
import { createTokens } from './tokens.ts';

const secretA = 'a'.repeat(32);
const secretB = 'b'.repeat(32);
const ring = (...keys: [kid: string, secret: string][]) =>
  JSON.stringify(keys.map(([kid, secret]) => ({ kid, secret })));

describe('tokens', () => {
  const keys = ring(['a', secretA]);
  const tokens = createTokens({ keys });

  it('name the user that they were issued to', () => {
    assert.equal(tokens.verify(tokens.issue(9_007_199_254_740_991)), 9_007_199_254_740_991);
  });

  it('are all different', () => {
    assert.notEqual(tokens.issue(1), tokens.issue(1));
  });

  it('outlive a rotation as long as their key is in the ring, and not longer', () => {
    const old = tokens.issue(7);
    assert.equal(createTokens({ keys: ring(['b', secretB], ['a', secretA]) }).verify(old), 7);
    assert.equal(createTokens({ keys: ring(['b', secretB]) }).verify(old), undefined);
  });

  it('expire, also when they have been verified before', () => {
    let nowMs = 1_800_000_000_000;
    const shortLived = createTokens({ keys, lifetimeSeconds: 60, now: () => nowMs });
    const token = shortLived.issue(7);
    assert.equal(shortLived.verify(token), 7);
    nowMs += 59_000;
    assert.equal(shortLived.verify(token), 7);
    nowMs += 1_000;
    assert.equal(shortLived.verify(token), undefined);
  });

  it('are refused from the moment at which they are revoked, also when they have been verified before', () => {
    const revocations = createRevocations();
    const guarded = createTokens({ keys, revocations });
    const [one, other, later] = [guarded.issue(7), guarded.issue(7), guarded.issue(7, 1)];
    const session = guarded.read(one);
    assert.ok(session && session.userId === 7 && session.generation === 0);
    revocations.add([session]);
    assert.deepEqual([one, other, later].map(guarded.verify), [undefined, 7, 7]);
    revocations.add([{ ...session, tokenId: '', generation: 1 }]);
    assert.deepEqual([one, other, later].map(guarded.verify), [undefined, undefined, 7]);
    assert.equal(guarded.verify(guarded.issue(8)), 8);
  });

  describe('that are not ours are refused:', () => {
    const key = createSecretKey(secretA, 'utf8');
    const good = {
      algorithm: 'HS256',
      keyid: 'a',
      issuer: 'tiktok-lite',
      audience: 'tiktok-lite-api',
      subject: '7',
    } as const;
    const signed = (options: jwt.SignOptions) => jwt.sign({}, key, { ...good, jwtid: 'x', expiresIn: 60, ...options });
    const unsigned = (header: object) =>
      `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${signed({}).split('.')[1]}.`;
    const refused: Record<string, string> = {
      empty: '',
      'no token at all': 'abc',
      'without a signature': signed({}).replace(/[^.]*$/, ''),
      'changed payload': signed({}).replace(/\.[^.]+\./, `.${Buffer.from('{"sub":"8"}').toString('base64url')}.`),
      'algorithm none': unsigned({ alg: 'none', typ: 'JWT', kid: 'a' }),
      'another algorithm': signed({ algorithm: 'HS512' }),
      'unknown kid': signed({ keyid: 'z' }),
      'kid of the prototype': signed({ keyid: '__proto__' }),
      'another issuer': signed({ issuer: 'someone' }),
      'another audience': signed({ audience: 'something' }),
      'a subject that is no id': signed({ subject: '7.5' }),
      'without expiry': jwt.sign({}, key, { ...good, jwtid: 'x' }),
      'without jti': jwt.sign({}, key, { ...good, expiresIn: 60 }),
      'endless text': `${signed({})}${'a'.repeat(10_000)}`,
    };
    for (const [what, token] of Object.entries(refused)) {
      it(what, () => assert.equal(tokens.verify(token), undefined));
    }
    it('while the same with nothing wrong is accepted', () => assert.equal(tokens.verify(signed({})), 7));
  });

  it('need a key ring of the right form, and an error about it shows no secret', () => {
    const broken = [
      '',
      'hidden',
      '[]',
      '[{"kid":"a","secret":"hidden"}]',
      ring(['a', 'hidden'.repeat(9)], ['a', secretB]),
    ];
    for (const text of broken) {
      assert.throws(
        () => createTokens({ keys: text }),
        (error: Error) => /AUTH_SIGNING_KEYS/.test(error.message) && !error.message.includes('hidden'),
      );
    }
  });
});
