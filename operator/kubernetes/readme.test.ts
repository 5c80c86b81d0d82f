import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('./', import.meta.url));
const readme = readFileSync(join(folder, 'README.md'), 'utf8');
const files = readdirSync(folder).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));

describe('the README of the machinery', () => {
  it('says what each file is for, and names none that is gone', () => {
    const table = readme.slice(readme.indexOf('## What each file is for'));
    const named = [...table.matchAll(/`([a-z-]+\.ts)`/g)].map(([, name]) => name);
    assert.deepEqual(named.toSorted(), files.toSorted());
  });

  it('calls in its example only what the files export', async () => {
    const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const machinery = new Set<string>();
    for (const file of files) for (const name of Object.keys(await import(join(folder, file)))) machinery.add(name);
    const defined = [...example.matchAll(/(?:const|function) (\w+)/g)].map(([, name]) => name);
    const own = ['deploymentFor', 'hostname', 'randomUUID', 'keyOf', ...defined];
    const called = [...example.matchAll(/(?<![.\w])([a-z]\w+)(?:<\w+[^>()]*>)?\(/g)].map(([, name = '']) => name);
    const unknown = called.filter(
      (name) => !machinery.has(name) && !own.includes(name) && name !== 'if' && name !== 'for',
    );
    assert.deepEqual(unknown, []);
    assert.ok(called.includes('createReflector') && called.includes('runWorkers'));
  });
});
