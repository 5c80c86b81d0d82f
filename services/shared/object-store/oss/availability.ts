import { ApiError } from '../../errors.ts';
import { isNotFound, isOssError } from './connection.ts';

/** OSS that cannot answer now is `unavailable` for everybody who asks; other errors stay what they are. */
export async function orUnavailable<Result>(asked: Promise<Result>): Promise<Result> {
  try {
    return await asked;
  } catch (error) {
    if (isOssError(error) && (error.status < 0 || error.status >= 500))
      throw new ApiError('unavailable', undefined, { cause: error });
    throw error;
  }
}

/** The same, with undefined for what is not there. */
export async function orAbsent<Result>(asked: Promise<Result>): Promise<Result | undefined> {
  try {
    return await orUnavailable(asked);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
