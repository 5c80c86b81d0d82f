import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { Children } from '../children.ts';
import { migration } from '../components.ts';
import type { ImageDefaults } from '../images.ts';
import { jobState } from '../progress.ts';
import { settingsConfigMapFor } from '../resources/config-map.ts';
import { jobFor } from '../resources/job.ts';
import { settingsSecretFor } from '../resources/secret.ts';
import { type Facts, settingsFor, settingsHash } from '../resources/settings.ts';
import type { DataIds } from './start-servers.ts';
import { type Done, StalledError, WaitError } from './step.ts';

/** Brings the database to what this version of the services expects; until then the old version goes on serving. */
export async function migrate(
  platform: TiktokLite,
  facts: Facts,
  { children, images, dataIds }: { children: Children; images: ImageDefaults; dataIds: DataIds },
): Promise<Done> {
  const settings = settingsFor(platform, 'migrate', facts);
  await children.apply(settingsConfigMapFor(platform, 'migrate', settings));
  await children.apply(settingsSecretFor(platform, 'migrate', settings));
  // A database or a store that has lost its data is made ready again, by another Job.
  const inputHash = [settingsHash(settings), dataIds.mysql, dataIds['object-store']].join(' ');
  const live = await children.apply(jobFor(platform, migration, inputHash, images));
  const { name } = live.metadata;
  const job = jobState(live);
  if (job.state === 'complete') return { reason: 'Migrated', message: `the Job ${name} is complete`, value: undefined };
  const why = job.failures > 0 ? await whyItFailed(children, name) : '';
  if (job.state === 'failed') {
    throw new StalledError(
      'MigrationFailed',
      `the Job ${name} failed ${job.failures} times and gave up: ${why}; delete the Job to try again`,
    );
  }
  const failures = job.failures > 0 ? `, after ${job.failures} failed attempts: ${why}` : '';
  const message = `the Job ${name} runs${failures}`;
  throw new WaitError('Migrating', await children.withTroubles(message, [{ name: 'migrate' }]));
}

const whyItFailed = async (children: Children, job: string): Promise<string> =>
  (await children.lastWordsOf('migrate')) ?? `\`kubectl logs job/${job}\` says why`;
