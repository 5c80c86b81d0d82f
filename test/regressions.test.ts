import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../', import.meta.url));
const page = readFileSync(join(repository, 'docs/regressions.md'), 'utf8');

const upTo = (count: number, start = ''): string[] =>
  Array.from({ length: count }, (_, index) => `${start}${index + 1}`);
const marks = [...'ABCDEFG', ...upTo(20), ...upTo(7, 'R')];

/** The proofs of each mark: files, and parts of the names of tests that must stand in them. */
const rows = new Map(
  [...page.matchAll(/^\| (\w+) \| [^|]+ \| ([^|]+) \|$/gm)].map(([, mark = '', proofs = '']) => [mark, proofs]),
);

/** `one.ts`, `other.ts` “a name”, “another name” */
const proofsOf = (text: string) =>
  text.split('; ').map((proof) => ({
    files: [...proof.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file),
    names: [...proof.matchAll(/“([^”]+)”/g)].map(([, name = '']) => name),
  }));

const contentOf = (file: string) => readFileSync(join(repository, file), 'utf8');

/** The marks that names of tests carry: `it('… [4, R1]'`. */
const carried = (file: string): string[] =>
  [...contentOf(file).matchAll(/\bit\([^\n]*\[([A-G\dR, ]+)\]['`]/g)].flatMap(([, list = '']) => list.split(', '));

describe('the list of what must not come back', () => {
  it('has a row for each letter and number, in order', () => {
    assert.deepEqual([...rows.keys()], marks);
  });

  for (const mark of marks)
    it(`names tests that are there for ${mark}`, () => {
      for (const { files, names } of proofsOf(rows.get(mark) ?? '')) {
        assert.ok(files.length > 0);
        for (const file of files)
          for (const name of names) assert.ok(contentOf(file).includes(name), `${file} has no test “${name}”`);
      }
    });

  it('has a test over HTTP for each', () => {
    const files = globSync('test/api/**/*.ts', { cwd: repository });
    const found = new Set(files.flatMap(carried));
    assert.deepEqual(
      marks.filter((mark) => !found.has(mark)),
      [],
    );
    assert.deepEqual(
      [...found].filter((mark) => !marks.includes(mark)),
      [],
    );
  });
});
