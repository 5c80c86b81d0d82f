import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders = new Set<string>();
let aTestFailed = false;

/** A folder for what processes print. It goes at the end of the run, unless something failed: then its path is shown. */
export function logFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tiktok-lite-logs-'));
  folders.add(folder);
  return folder;
}

/** The end of a log, for a message. */
export const endOf = (file: string): string => readFileSync(file, 'utf8').slice(-4_096);

process.once('exit', (exitCode) => {
  for (const folder of folders) {
    if (exitCode === 0 && !aTestFailed) rmSync(folder, { recursive: true, force: true });
    else console.error(`the logs of the processes are in ${folder}`);
  }
});

// Under mocha this is a root hook: mocha sets the exit code when this module has looked at it.
if (typeof globalThis.afterEach === 'function') {
  afterEach(function () {
    aTestFailed ||= this.currentTest?.state === 'failed';
  });
}
