import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';

/** How long a process may go on after its last test: what a failed test left open must not stop a run of all suites. */
const patienceMs = 60_000;

const giveUp = (): void => {
  console.error(`the tests are over and this still runs: ${process.getActiveResourcesInfo().join(', ')}`);
  process.exit(1);
};

/**
 * Mocha's spec reporter that also appends one `passed failed` line to the file named by TEST_TALLY,
 * so that a run of several mocha processes can be summed up.
 */
class TallyReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.once('end', () => {
      const file = process.env.TEST_TALLY;
      if (file) appendFileSync(file, `${this.stats.passes} ${this.stats.failures}\n`);
      setTimeout(giveUp, patienceMs).unref();
    });
  }
}

// biome-ignore lint/style/noDefaultExport: mocha loads a reporter by its default export
export default TallyReporter;
