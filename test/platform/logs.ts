import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders = new Set<string>();
let aTestFailed = false;

/** A folder for what processes print. It goes at the end of the run, unless a test failed: then its path is shown. */
export function logFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tiktok-lite-logs-'));
  folders.add(folder);
  return folder;
}

/** The end of a log, for a message. */
export const endOf = (file: string): string => readFileSync(file, 'utf8').slice(-4_096);

process.once('exit', () => {
  for (const folder of folders) {
    if (aTestFailed) console.error(`the logs of the processes are in ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  }
});

// Under mocha this is a root hook; a script that uses a platform has no tests that fail.
if (typeof globalThis.afterEach === 'function') {
  afterEach(function () {
    aTestFailed ||= this.currentTest?.state === 'failed';
  });
}
