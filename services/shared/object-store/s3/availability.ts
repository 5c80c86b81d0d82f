import { ApiError } from '../../errors.ts';
import { hasStatus } from './connection.ts';

const waitingIsOver = new Set(['TimeoutError', 'SlowDown', 'ServiceUnavailable', 'InternalError']);

/** A store that cannot answer now is `unavailable` for everybody who asks; other errors stay what they are. */
export async function orUnavailable<Result>(asked: Promise<Result>): Promise<Result> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Error && (waitingIsOver.has(error.name) || hasStatus(error, 500, 502, 503, 504))) {
      throw new ApiError('unavailable', undefined, { cause: error });
    }
    throw error;
  }
}
