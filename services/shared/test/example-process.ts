/** A process for the test of the life cycle; its argument says what goes wrong in it. */
import { setTimeout as pause } from 'node:timers/promises';
import { createApp } from '../http/app.ts';
import { runProcess } from '../lifecycle.ts';

const [mishap] = process.argv.slice(2);

await runProcess({
  component: 'auth',
  timing: { drainDelayMs: 300, drainTimeoutMs: 800, stopTimeoutMs: 500 },
  start: async ({ logger, metrics, health, serve }) => {
    if (mishap === 'start-fails') throw new Error('the key ring is\n  broken');
    if (mishap === 'start-hangs') await pause(60_000);
    health.check('a dependency', () => mishap !== 'dependency-away');
    const app = createApp({ logger, metrics });
    app.use(async (ctx) => {
      const waitMs = Number(ctx.state.parameters.get('ms') ?? 0);
      await pause(waitMs);
      ctx.body = { waitMs };
    });
    await serve(app);
    if (mishap === 'rejection') setTimeout(() => void Promise.reject(new Error('nobody caught this')), 100);
    return {
      stop: async () => {
        logger.info('the own stop runs');
        if (mishap === 'stop-hangs') await pause(60_000);
      },
    };
  },
});
