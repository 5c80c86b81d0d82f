import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';

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
    });
  }
}

// biome-ignore lint/style/noDefaultExport: mocha loads a reporter by its default export
export default TallyReporter;
