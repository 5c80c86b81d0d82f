import { access } from './areas/access.ts';
import { accounts } from './areas/accounts.ts';
import { boot } from './areas/boot.ts';
import { comments } from './areas/comments.ts';
import { cost } from './areas/cost.ts';
import { errors } from './areas/errors.ts';
import { feed } from './areas/feed.ts';
import { follows } from './areas/follows.ts';
import { likes } from './areas/likes.ts';
import { lists } from './areas/lists.ts';
import { messages } from './areas/messages.ts';
import { operation } from './areas/operation.ts';
import { parameters } from './areas/parameters.ts';
import { publishing } from './areas/publishing.ts';
import { recovery } from './areas/recovery.ts';
import { sessions } from './areas/sessions.ts';
import { apiUnderTest } from './platform.ts';

const areas = [
  accounts,
  sessions,
  feed,
  publishing,
  likes,
  comments,
  follows,
  messages,
  lists,
  parameters,
  access,
  cost,
  errors,
  operation,
];

/** The short form leaves the second round on the cluster out. */
const isFull = process.env.API_FORM === 'full';

// What passes once may have been helped by an empty platform: the second round meets what the first one left.
for (const [name, redis] of [
  ['one Redis', 'single'],
  ['a Redis Cluster', 'cluster'],
] as const) {
  describe(`the official API on ${name}`, function () {
    this.timeout(120_000);
    const api = apiUnderTest(redis);
    describe('at first', () => {
      for (const area of areas) area(api);
      if (redis === 'single') for (const area of [boot, recovery]) area(api);
    });
    if (redis === 'single' || isFull)
      describe('once more, without a reset', () => {
        for (const area of areas) area(api);
      });
  });
}
