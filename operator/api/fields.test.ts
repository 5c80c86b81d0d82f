import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import Value from 'typebox/value';
import { buildPlatform } from '../testing/build-platform.ts';
import { type Effect, effectOf } from '../testing/fields/effect.ts';
import { fieldsOfSpec } from '../testing/fields/leaves.ts';
import type { Proof } from '../testing/fields/proof.ts';
import { proofs } from '../testing/fields/proofs/index.ts';
import { fieldOf, withField } from '../testing/fields/set-field.ts';
import { recordRollout } from '../testing/record-children.ts';
import { Spec } from './tiktok-lite.ts';

const root = new URL('../../', import.meta.url);

/** A pattern stands for whatever it matches. */
const expectedOf = (makes: Effect, effect: Effect): Effect =>
  Object.fromEntries(
    Object.entries(makes).map(([where, wanted]) => [
      where,
      wanted instanceof RegExp && wanted.test(textOf(effect[where])) ? effect[where] : wanted,
    ]),
  );

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

describe('a field of the object', () => {
  it('has a proof that it does something: see "Add a setting to the object" in CONTRIBUTING.md', () => {
    assert.deepEqual(Object.keys(proofs).sort(), fieldsOfSpec().sort());
  });

  for (const [field, proof] of Object.entries(proofs)) {
    if ('file' in proof) {
      it(`${field} does what ${proof.file} shows`, () => {
        const test = readFileSync(new URL(proof.file, root), 'utf8');
        assert.ok(test.includes(`it('${proof.title}'`), `${proof.file} has no test with the title "${proof.title}"`);
        assert.ok(test.includes(field.split('.').at(-1) ?? ''), `${proof.file} does not name ${field}`);
      });
    } else {
      it(`${field} changes exactly what it is for`, async () => {
        const effect = await effectOfField(field, proof);
        assert.deepEqual(effect, expectedOf(proof.makes, effect));
        assert.notDeepEqual(effect, {});
      });
    }
  }
});

async function effectOfField(field: string, { given = {}, to }: Proof): Promise<Effect> {
  const without = buildPlatform(given);
  const having = buildPlatform(withField(without.spec, field, to));
  assert.notDeepEqual(fieldOf(without.spec, field), to, `the object has ${field} without it too`);
  assert.ok(Value.Check(Spec, having.spec), `the object may not have ${field}: ${JSON.stringify(to)}`);
  return effectOf(await recordRollout(without), await recordRollout(having));
}
