import Type, { type Static } from 'typebox';
import { integer, rules, section, shaped } from './schema.ts';

/** A field of a cron schedule: numbers, ranges and steps of them, comma-separated. */
const cronField = (number: string): string => {
  const item = `(\\*|(${number})(-(${number}))?)(/[1-9][0-9]?)?`;
  return `${item}(,${item})*`;
};
const fields = ['[1-5]?[0-9]', '1?[0-9]|2[0-3]', '[1-9]|[12][0-9]|3[01]', '[1-9]|1[0-2]', '[0-6]'];
const cron = `^${fields.map(cronField).join(' ')}$`;

const isSchedule = shaped(
  cron,
  "must be the five fields of a cron schedule: write '0 4 * * *' for every day at four, for example",
);

/** The section `warmup` of the object. */
export const WarmUp = section(
  {
    users: integer({
      minimum: 0,
      maximum: 10_000_000,
      default: 100_000,
      description: 'Users to load: half of them those with most followers, the others those who logged in last.',
    }),
    videos: integer({ minimum: 0, maximum: 1_000_000, default: 3000, description: 'Newest videos to load.' }),
    feed: integer({
      minimum: 0,
      maximum: 100_000,
      default: 3000,
      description: 'Newest videos of the feed to load, each with its author.',
    }),
    schedule: Type.Optional(
      Type.String({
        minLength: 9,
        maxLength: 100,
        ...rules(isSchedule),
        description:
          'When to load what has gone missing, in UTC: minute, hour, day of the month, month and day of the week as cron writes them. Never when absent.',
      }),
    ),
    onUpgrade: Type.Boolean({ default: true, description: 'Load again for each version of the services.' }),
    beforeReady: Type.Boolean({
      default: false,
      description: 'Let the condition Ready wait for the first warm-up; later ones are never waited for.',
    }),
  },
  {
    description:
      'What is loaded into the cache before it is asked for: at install, after a loss of the cache, and when the annotation tiktoklite.dev/warm-up changes.',
  },
);

/** What the status tells of the last warm-up. */
export const WarmUpStatus = Type.Object(
  {
    run: Type.String({ maxLength: 63, description: 'Name of the warm-up; the Job ends with it.' }),
    users: Type.Integer({ format: 'int32', description: 'Users that are loaded.' }),
    videos: Type.Integer({ format: 'int32', description: 'Videos that are loaded.' }),
    startedAt: Type.String({ format: 'date-time', description: 'When it began.' }),
    finishedAt: Type.Optional(Type.String({ format: 'date-time', description: 'When it was complete.' })),
  },
  { description: 'The last warm-up of the cache.' },
);
export type WarmUpStatus = Static<typeof WarmUpStatus>;
