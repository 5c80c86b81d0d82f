import { inOrder, swapIndexes } from './migration.ts';

/** The users who are most likely to be looked at, each kind a range of an index: the most followed, the last logged in. */
export const likeliestUsers = inOrder('0012-likeliest-users', [
  swapIndexes('0012-likeliest-users', 'user_counter', {
    add: { user_counter_followers: '(follower_count, user_id)' },
    drop: {},
  }),
  swapIndexes('0012-likeliest-users', 'credential', {
    add: { credential_activity: '(tokens_until, user_id)' },
    drop: {},
  }),
]);
