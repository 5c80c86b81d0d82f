/**
 * Every failure that a client can see. `http` is the status outside `/douyin`, `wire` the `status_code` inside it; a row with
 * `keepsStatus` keeps its HTTP status there too. Codes are stable: clients may depend on them.
 */
export const errorCodes = {
  invalid_request: { http: 400, wire: 40001, message: 'the request is not valid' },
  token_invalid: {
    http: 401,
    wire: 40101,
    message: 'the token is missing, invalid or expired: log in and send the new one',
  },
  login_failed: { http: 401, wire: 40102, message: 'the username or the password is wrong' },
  route_not_found: { http: 404, wire: 40400, message: 'there is no such route' },
  video_not_found: { http: 404, wire: 40401, message: 'there is no such video' },
  user_not_found: { http: 404, wire: 40402, message: 'there is no such user' },
  comment_not_found: { http: 404, wire: 40403, message: 'there is no such comment of yours, or on a video of yours' },
  upload_not_found: { http: 404, wire: 40404, message: 'there is no such upload of yours' },
  method_not_allowed: { http: 405, wire: 40500, message: 'the route does not answer this method' },
  username_taken: { http: 409, wire: 40901, message: 'the username is taken: choose another one' },
  content_too_large: { http: 413, wire: 41301, message: 'the request is too large', keepsStatus: true },
  not_a_video: {
    http: 415,
    wire: 41501,
    message: 'the file is not a video that can be played: send MP4, MOV, MKV, WebM, AVI or FLV',
  },
  upload_incomplete: { http: 400, wire: 40002, message: 'the upload ended early: send it again' },
  too_many_requests: { http: 429, wire: 42901, message: 'too many requests: try again later', keepsStatus: true },
  internal: { http: 500, wire: 50000, message: 'something went wrong on the server' },
  unavailable: { http: 503, wire: 50300, message: 'the server cannot answer now: try again', keepsStatus: true },
  not_saved: { http: 503, wire: 50301, message: 'the action is not known to be saved: repeat it', keepsStatus: true },
} as const satisfies Record<string, { http: number; wire: number; message: string; keepsStatus?: true }>;

export type ErrorCode = keyof typeof errorCodes;

/** A failure with a code of the table; its message is for the client and says what to do. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message?: string, options: { cause?: unknown; retryAfterSeconds?: number } = {}) {
    super(message ?? errorCodes[code].message, 'cause' in options ? { cause: options.cause } : {});
    this.name = 'ApiError';
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds ?? (needsRetryAfter(code) ? 1 : undefined);
  }
}

const needsRetryAfter = (code: ErrorCode): boolean => errorCodes[code].http === 429 || errorCodes[code].http === 503;

/** What the client is told: an ApiError as it is, a dependency that cannot answer now → unavailable, anything else → internal; the cause kept. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(isTemporary(error) ? 'unavailable' : 'internal', undefined, { cause: error });
}

const temporaryCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'PROTOCOL_CONNECTION_LOST',
  'ER_CON_COUNT_ERROR',
  'ER_SERVER_SHUTDOWN',
  'ER_LOCK_DEADLOCK',
  'ER_LOCK_WAIT_TIMEOUT',
  'ER_OPTION_PREVENTS_STATEMENT', // read-only while another server takes over
]);
const temporaryNames = new Set(['KnexTimeoutError', 'MaxRetriesPerRequestError']);
const temporaryMessages = [
  'Command timed out', // ioredis: no reply in time
  'Connection is closed.', // ioredis: lost while a command was on its way
  "Stream isn't writeable", // ioredis: not connected, and commands do not wait for a connection
  "Can't add new command when connection is in closed state", // mysql2
  'LOADING ', // Redis reads its data after a restart
  'READONLY ', // a Redis replica that is about to take over
  'CLUSTERDOWN ',
  "Cluster isn't ready", // ioredis: no node of the cluster can be reached
  'None of startup nodes is available',
  'Failed to refresh slots cache',
  'MOVED ',
  'Too many Cluster redirections', // slots are on their way to another node
  'All keys in the pipeline should belong to the same slots allocation group',
  'TRYAGAIN ',
];

/** Whether waiting may cure a failure: its server cannot be reached or cannot answer now, as opposed to a mistake of ours. */
export function isTemporary(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof ApiError) return errorCodes[error.code].http === 503;
  if ('code' in error && typeof error.code === 'string' && temporaryCodes.has(error.code)) return true;
  return temporaryNames.has(error.name) || temporaryMessages.some((message) => error.message.startsWith(message));
}
