import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freshTopicPrefix } from '../../../test/backends/index.ts';
import { topicName } from '../topics.ts';

const script = fileURLToPath(new URL('./idle-kafka-process.ts', import.meta.url));
const measuredSeconds = 5;

/** How often the main thread of a process has gone to sleep: each time something had woken it. */
const sleepsOf = (pid: number): number =>
  Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

describe('a process with Kafka connections and nothing to do', function () {
  this.timeout(90_000);

  it('sleeps', async () => {
    const settings = await freshTopicPrefix();
    const topic = topicName(settings.KAFKA_TOPIC_PREFIX, 'likes');
    const child = spawn(process.execPath, [script, settings.KAFKA_BROKERS, topic], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = child.pid ?? 0;
    await once(child.stdout, 'data');
    await pause(2_000);
    const before = sleepsOf(pid);
    await pause(measuredSeconds * 1_000);
    const wakeUpsPerSecond = (sleepsOf(pid) - before) / measuredSeconds;
    child.kill('SIGKILL');
    assert.ok(wakeUpsPerSecond < 15, `${wakeUpsPerSecond} wake-ups a second`);
  });
});
