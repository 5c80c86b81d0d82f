import type { Finding } from '../api/conditions.ts';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { WarmUpStatus } from '../api/warm-up.ts';
import type { Children } from '../children.ts';
import { ports, warmUpJob } from '../components.ts';
import type { ImageDefaults } from '../images.ts';
import { type JobState, jobState } from '../progress.ts';
import { settingsConfigMapFor } from '../resources/config-map.ts';
import { jobFor } from '../resources/job.ts';
import { settingsSecretFor } from '../resources/secret.ts';
import { apiServiceFor } from '../resources/service.ts';
import { type Facts, settingsFor } from '../resources/settings.ts';
import type { AskCache, CacheAnswer } from '../warm-up/ask.ts';
import { judgeWarmth, type Warmth } from '../warm-up/judge.ts';
import { wantedRun } from '../warm-up/run.ts';

interface Context {
  facts: Facts;
  children: Children;
  images: ImageDefaults;
  askCache: AskCache;
  now: Date;
}

interface Warming {
  finding: Finding;
  status?: WarmUpStatus;
}

/**
 * Has the cache filled when there is a reason to, and tells how far that is. Nothing waits for it: a cold cache is slow,
 * not wrong. A Job whose work was lost with the cache is left out, so that it is pruned, and made again by the next pass.
 */
export async function warmUp(platform: TiktokLite, context: Context): Promise<Warming> {
  const { children, facts, images, askCache } = context;
  const run = wantedRun(platform, images, context.now);
  const settings = settingsFor(platform, 'warmup', { ...facts, warmUpRun: run });
  const manifest = jobFor(platform, warmUpJob, run, images);
  const live = children.jobOf(manifest.metadata.name);
  const job = live && jobState(live);
  const answer = await askCache(await addressOfVideo(platform, children));
  const warmth = judgeWarmth(run, job, answer);
  await children.apply(settingsConfigMapFor(platform, 'warmup', settings));
  await children.apply(settingsSecretFor(platform, 'warmup', settings));
  if (warmth !== 'lost' && (live || warmth !== 'warm')) await children.apply(manifest);
  return {
    finding: { ...findingOf(warmth, job, manifest.metadata.name), ...(isGate(platform) ? {} : { advisory: true }) },
    ...(typeof answer === 'object' ? { status: statusOf(answer) } : {}),
  };
}

/** The Service is there already: applied again it only tells its address. */
async function addressOfVideo(platform: TiktokLite, children: Children): Promise<{ host: string; port: number }> {
  const { spec } = await children.apply(apiServiceFor(platform, 'video'));
  return { host: spec?.clusterIP ?? '', port: ports.health };
}

/** Only a platform that has never been complete waits. */
const isGate = ({ spec, status }: TiktokLite): boolean => spec.warmup.beforeReady && status?.version === undefined;

function findingOf(warmth: Warmth, job: JobState | undefined, name: string): Finding {
  const type = 'CacheWarm';
  const failures = job && 'failures' in job ? job.failures : 0;
  switch (warmth) {
    case 'warm':
      return { type, status: 'True', reason: 'CacheWarm', message: 'the cache holds what is likely to be asked for' };
    case 'lost':
      return { type, status: 'False', reason: 'CacheLost', message: 'the cache was emptied: it is filled again' };
    case 'failed':
      return {
        ...{ type, status: 'False', reason: 'WarmUpFailed', failed: true },
        message: `the Job ${name} failed ${failures} times and gave up: \`kubectl logs job/${name}\` says why; delete the Job to try again`,
      };
    case 'running': {
      const troubles = failures > 0 ? `, after ${failures} failed attempts: \`kubectl logs job/${name}\` says why` : '';
      return { type, status: 'False', reason: 'WarmingUp', message: `the Job ${name} fills the cache${troubles}` };
    }
  }
}

function statusOf({ run, progress }: Exclude<CacheAnswer, string>): WarmUpStatus {
  const { users, videos, startedAtMs, finishedAtMs } = progress;
  const time = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
  const finished = finishedAtMs === undefined ? {} : { finishedAt: time(finishedAtMs) };
  return { run, users, videos, startedAt: time(startedAtMs), ...finished };
}
