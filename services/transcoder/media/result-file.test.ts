import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readResult } from './result-file.ts';

describe('a file that ffmpeg made', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tiktok-lite-results-'));
  const at = (name: string) => join(folder, name);
  after(() => rmSync(folder, { recursive: true }));
  const rejects = (name: string, reason: RegExp) => assert.rejects(readResult(at(name), { maxBytes: 10 }), reason);

  it('is read', async () => {
    writeFileSync(at('made'), '0123456789');
    assert.equal(String(await readResult(at('made'), { maxBytes: 10 })), '0123456789');
  });

  it('is not followed to another file', async () => {
    writeFileSync(at('secret'), 'secret');
    symlinkSync(at('secret'), at('link'));
    linkSync(at('secret'), at('second-name'));
    await rejects('link', /ELOOP/);
    await rejects('second-name', /no file of its own/);
  });

  it('is not waited for, nor taken for what it is not', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    mkdirSync(at('folder'));
    await rejects('pipe', /no file of its own/);
    await rejects('folder', /no file of its own/);
    await rejects('absent', /ENOENT/);
  });

  it('is not larger than expected', async () => {
    writeFileSync(at('large'), '0123456789a');
    await rejects('large', /11 bytes/);
  });
});
