import type { TiktokLite } from '../api/tiktok-lite.ts';
import { type ImageDefaults, imageFor } from '../images.ts';
import { shortHash } from '../resources/names.ts';
import { lastDue } from './last-due.ts';

/** Another value of it starts another warm-up. */
export const warmUpAnnotation = 'tiktoklite.dev/warm-up';

/** The name of the warm-up that is wanted now: another one for each reason to load again. */
export function wantedRun(platform: TiktokLite, images: ImageDefaults, now: Date): string {
  const { schedule, onUpgrade, users, videos, feed } = platform.spec.warmup;
  const reasons = [
    [users, videos, feed, platform.spec.feed.cacheSize],
    onUpgrade ? imageFor('services', platform, images) : '',
    platform.metadata.annotations?.[warmUpAnnotation] ?? '',
    schedule === undefined ? '' : (lastDue(schedule, now)?.toISOString() ?? ''),
  ];
  return shortHash(JSON.stringify(reasons));
}
