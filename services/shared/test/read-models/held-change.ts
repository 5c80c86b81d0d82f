import assert from 'node:assert/strict';

/** A change that is committed, and of which Redis has not been told. */
export interface HeldChange {
  /** Goes on to tell. */
  tell(): Promise<unknown>;
  /** Ends as the process would that dies now. */
  die(): Promise<void>;
}

/** Runs a change that stops right after its commit, as one does whose process is slow or dies. */
export async function holdChange<State>(
  change: (write: () => Promise<State>) => Promise<unknown>,
  write: () => Promise<State>,
): Promise<HeldChange> {
  const committed = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const done = change(async () => {
    const state = await write();
    committed.resolve();
    await released.promise;
    return state;
  });
  await Promise.race([committed.promise, done]);
  return {
    tell: () => {
      released.resolve();
      return done;
    },
    die: async () => {
      released.reject(new Error('the process is gone'));
      await assert.rejects(done);
    },
  };
}
