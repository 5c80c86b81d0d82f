/** The API server's own words for a failure (meta/v1 Status), as far as we use them. */
export interface Status {
  code?: number;
  reason?: string;
  message?: string;
  details?: {
    name?: string;
    kind?: string;
    retryAfterSeconds?: number;
    causes?: { reason?: string; field?: string }[];
  };
}

const longestMessage = 1000;

/** The API server refused or failed a call. Carries no body and no header, so that it can be logged. */
export class KubernetesError extends Error {
  override readonly name = 'KubernetesError';
  readonly code: number;
  readonly reason: string;
  readonly status: Status;
  readonly retryAfterSeconds: number | undefined;

  /** `call` says what was tried: `PATCH /apis/apps/v1/…`. `confidential` keeps the server's words, which may quote values, out of the message. */
  constructor(call: string, status: Status, { retryAfterSeconds, confidential = false }: ErrorDetails = {}) {
    const code = status.code ?? 0;
    const reason = status.reason || reasonOf(code);
    const words = confidential || !status.message ? '' : `: ${status.message.slice(0, longestMessage)}`;
    super(`${call} failed with ${code} ${reason}${words}`);
    this.code = code;
    this.reason = reason;
    this.status = confidential ? withoutMessage(status) : status;
    this.retryAfterSeconds = retryAfterSeconds ?? status.details?.retryAfterSeconds;
  }
}

interface ErrorDetails {
  retryAfterSeconds?: number | undefined;
  confidential?: boolean;
}

function withoutMessage({ code, reason }: Status): Status {
  return { ...(code === undefined ? {} : { code }), ...(reason === undefined ? {} : { reason }) };
}

/** Reasons of answers that carry no Status: they come from proxies and from the server's outer layers. */
const reasons: Record<number, string> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Gone',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};
const reasonOf = (code: number): string => reasons[code] ?? 'Unknown';

/** The server did not take the connection, or did not finish the handshake. */
export class ConnectTimeoutError extends Error {
  override readonly name = 'ConnectTimeoutError';

  constructor(seconds: number) {
    super(`there was no connection within ${seconds} s`);
  }
}

/** The server could not be reached, or the connection broke before it had answered. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  /** Nothing was sent, so that repeating cannot do anything twice. */
  readonly unsent: boolean;

  constructor(call: string, cause: unknown) {
    super(`${call} failed: ${cause instanceof Error ? cause.message || cause.name : String(cause)}`, { cause });
    const code = codeOf(cause);
    this.unsent = code === 'ECONNREFUSED' || code === 'ENOTFOUND' || cause instanceof ConnectTimeoutError;
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/** The call did not end within its deadline. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';

  constructor(call: string, deadlineSeconds: number, cause?: unknown) {
    super(`${call} did not end within ${deadlineSeconds} s`, { cause });
  }
}

/** Repeating cannot help: somebody has to change the object. The queue does not retry it. */
export class TerminalError extends Error {
  override readonly name: string = 'TerminalError';
}

const hasCode = (error: unknown, code: number): boolean => error instanceof KubernetesError && error.code === code;

export const isNotFound = (error: unknown): boolean => hasCode(error, 404);

/** A precondition failed, another manager owns a field, or the object exists already. */
export const isConflict = (error: unknown): boolean => hasCode(error, 409);

export const isAlreadyExists = (error: unknown): boolean =>
  error instanceof KubernetesError && error.reason === 'AlreadyExists';

/** The resource version is too old to continue from: list again. */
export const isExpired = (error: unknown): boolean =>
  error instanceof KubernetesError && (error.code === 410 || error.reason === 'Expired' || error.reason === 'Gone');

/** The server will never take this object as it is: invalid, unknown field, or a changed immutable field. */
export const isInvalid = (error: unknown): boolean => hasCode(error, 422) || hasCode(error, 400);
