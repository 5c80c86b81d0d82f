import { setTimeout as pause } from 'node:timers/promises';
import { readConfig } from './config.ts';
import { createHealth, type Health, serveHealth } from './health.ts';
import { type App, type ServedApp, type ServeOptions, serveApp } from './http/server.ts';
import { createLogger, type Logger } from './logger.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import type { ComponentName, SettingsOf } from './settings.ts';

/** What a process is handed at start. */
export interface ProcessContext<Component extends ComponentName> {
  config: SettingsOf<Component>;
  logger: Logger;
  metrics: Metrics;
  health: Health;
  /** Answers HTTP on `HTTP_PORT`. On a stop its requests are drained before the process's own `stop` is called. */
  serve(app: App, options?: Pick<ServeOptions, 'requestTimeoutMs'>): Promise<void>;
}

/** What a started process hands back: `stop` stops its consumers first and closes its pools last. */
export interface StartedProcess {
  stop(): Promise<void>;
}

export interface ProcessDescription<Component extends ComponentName> {
  component: Component;
  start(context: ProcessContext<Component>): Promise<StartedProcess>;
  timing?: Partial<StopTiming>;
}

export interface StopTiming {
  /** From "not ready" to the end of accepting: the time in which load balancers turn away. */
  drainDelayMs: number;
  /** How long requests that are being answered may still take. */
  drainTimeoutMs: number;
  /** How long the process's own `stop` may take: a transcoder finishes its job. */
  stopTimeoutMs: number;
}

const defaultTiming: StopTiming = { drainDelayMs: 3_000, drainTimeoutMs: 15_000, stopTimeoutMs: 10_000 };

/**
 * The life of a process: settings → log → health → start; on SIGTERM not ready, no more keep-alive → short wait → stop accepting → drain →
 * its own stop → exit 0. A start that fails says why in one line and exits 1.
 */
export async function runProcess<Component extends ComponentName>(
  description: ProcessDescription<Component>,
): Promise<void> {
  const { config, logger } = beginProcess(description.component);
  const signalled = firstSignal(logger);
  const metrics = createMetrics(description.component);
  const health = createHealth();
  const served: ServedApp[] = [];
  const serve: ProcessContext<Component>['serve'] = async (app, options) => {
    served.push(await serveApp(app, { port: portOf(config, 'HTTP_PORT'), logger, ...options }));
  };
  try {
    await serveHealth({ port: portOf(config, 'HEALTH_PORT'), health, metrics });
    const start = description.start({ config, logger, metrics, health, serve });
    const running = await Promise.race([start, signalled.then(() => undefined)]);
    if (!running) return exitWhileStarting(logger);
    health.started();
    logger.info('started');
    await signalled;
    health.draining();
    await stopInOrder(running, served, { ...defaultTiming, ...description.timing });
    logger.info('stopped');
    process.exit(0);
  } catch (error) {
    exitWithFailure(logger, error);
  }
}

/** A process in the pod of another one, which is reached only from there: the same settings, log and signals, without ports. */
export async function runSidecar<Component extends ComponentName>(description: {
  component: Component;
  start(context: { config: SettingsOf<Component>; logger: Logger }): Promise<StartedProcess>;
}): Promise<void> {
  const { config, logger } = beginProcess(description.component);
  const signalled = firstSignal(logger);
  try {
    const running = await description.start({ config, logger });
    logger.info('started');
    await signalled;
    await running.stop();
    logger.info('stopped');
    process.exit(0);
  } catch (error) {
    exitWithFailure(logger, error);
  }
}

/** A run that ends by itself, as a Job does: the same settings, log and exit codes, without probes. */
export async function runJob<Component extends ComponentName>(description: {
  component: Component;
  run(context: { config: SettingsOf<Component>; logger: Logger }): Promise<void>;
}): Promise<void> {
  const { config, logger } = beginProcess(description.component);
  try {
    await description.run({ config, logger });
    process.exit(0);
  } catch (error) {
    exitWithFailure(logger, error);
  }
}

function beginProcess<Component extends ComponentName>(component: Component) {
  try {
    const config = readConfig(component);
    const logger = createLogger({ component, level: config.LOG_LEVEL });
    const die = (error: unknown) => {
      logger.fatal({ error }, 'an error that nobody handles: the process ends and has to be started again');
      process.exit(1);
    };
    process.on('uncaughtException', die);
    process.on('unhandledRejection', die);
    return { config, logger };
  } catch (error) {
    return exitWithFailure(createLogger({ component, level: 'info' }), error);
  }
}

const portOf = (config: object, name: 'HTTP_PORT' | 'HEALTH_PORT'): number => {
  const port: unknown = Object.entries(config).find(([setting]) => setting === name)?.[1];
  if (typeof port === 'number') return port;
  throw new Error(`this component lists no ${name} in settingsOf, so it cannot serve`);
};

/** Resolves on the first SIGTERM or SIGINT; the second one ends the process at once. */
const firstSignal = (logger: Logger): Promise<void> =>
  new Promise((resolve) => {
    let signals = 0;
    const receive = (signal: string) => {
      signals += 1;
      if (signals > 1) process.exit(1);
      logger.info({ signal }, 'stopping');
      resolve();
    };
    process.on('SIGTERM', receive);
    process.on('SIGINT', receive);
  });

async function stopInOrder(running: StartedProcess, served: readonly ServedApp[], timing: StopTiming): Promise<void> {
  for (const server of served) server.retire();
  if (served.length > 0) await pause(timing.drainDelayMs);
  await Promise.all(served.map((server) => server.drain(timing.drainTimeoutMs)));
  const { stopTimeoutMs } = timing;
  const late = pause(stopTimeoutMs, undefined, { ref: false }).then(() => {
    throw new Error(`the process did not stop within ${stopTimeoutMs} ms: what it held is left to time out`);
  });
  await Promise.race([running.stop(), late]);
}

function exitWhileStarting(logger: Logger): never {
  logger.info('stopped before the start was complete');
  process.exit(0);
}

function exitWithFailure(logger: Logger, error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error);
  logger.fatal({ error }, `the process ends: ${reason.replaceAll(/\s*\n\s*/g, ' ')}`);
  process.exit(1);
}
