import { type Clock, sleep } from './clock.ts';
import { withDeadline } from './deadline.ts';
import { ConnectionError, DeadlineError, KubernetesError, type Status } from './errors.ts';
import { retryAfterSeconds, retryDelayMs } from './retry.ts';
import type { HttpAnswer, HttpRequest, Transport } from './transport.ts';

/** Options of every call. */
export interface CallOptions {
  /** Ends the call, its retries included. */
  signal?: AbortSignal | undefined;
  /** For the call with its retries. */
  deadlineSeconds?: number | undefined;
  /** False: fail at once, whatever the failure. */
  retry?: boolean | undefined;
}

/** One call of the API, before it becomes an HTTP request. */
export interface ApiCall {
  method: HttpRequest['method'];
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  contentType?: string;
  accept?: string;
  /** Repeating it leaves the cluster as sending it once. */
  repeatable: boolean;
  /** The server's messages may quote what must not be logged. */
  confidential?: boolean;
}

export interface CallerOptions {
  transport: Transport;
  clock: Clock;
  random: () => number;
  /** Told of each answer; `code` is `<error>` when there was none. */
  onAnswer: (method: string, code: string) => void;
}

const defaultDeadlineSeconds = 30;

/** Sends calls, parses answers, and repeats what may be repeated for as long as the deadline allows. */
export interface Caller {
  call: (call: ApiCall, options?: CallOptions, beforeTry?: () => void) => Promise<unknown>;
  open: (call: ApiCall, signal: AbortSignal) => Promise<HttpAnswer>;
}

export function createCaller({ transport, clock, random, onAnswer }: CallerOptions): Caller {
  const open = async (call: ApiCall, purpose: 'call' | 'watch', signal: AbortSignal): Promise<HttpAnswer> => {
    const answer = await send(call, purpose, signal);
    if (answer.status < 300) return answer;
    throw await failureOf(call, answer);
  };

  const send = async (call: ApiCall, purpose: 'call' | 'watch', signal: AbortSignal): Promise<HttpAnswer> => {
    try {
      const answer = await transport.send(purpose, requestOf(call), signal);
      onAnswer(call.method, String(answer.status));
      return answer;
    } catch (error) {
      onAnswer(call.method, '<error>');
      throw signal.aborted ? signal.reason : new ConnectionError(describe(call), error);
    }
  };

  const tryOnce = async (call: ApiCall, signal: AbortSignal): Promise<unknown> => {
    const answer = await open(call, 'call', signal);
    return parseBody(call, await textOf(call, answer));
  };

  /** Tries until it succeeds, fails for good, or the signal ends it; `onFailure` hears why a try failed. */
  const tryRepeatedly = async (call: ApiCall, tries: Tries, signal: AbortSignal): Promise<unknown> => {
    for (let failures = 1; ; failures += 1) {
      signal.throwIfAborted();
      tries.before?.();
      try {
        return await tryOnce(call, signal);
      } catch (error) {
        tries.onFailure(error);
        const delayMs = tries.retry
          ? retryDelayMs(error, { repeatable: call.repeatable, failures }, random())
          : undefined;
        if (delayMs === undefined) throw error;
        await sleep(clock, delayMs, signal);
      }
    }
  };

  return {
    open: (call, signal) => open(call, 'watch', signal),
    call: async (call, { signal, deadlineSeconds = defaultDeadlineSeconds, retry = true } = {}, before) => {
      let last: unknown;
      const onFailure = (error: unknown) => {
        last = error;
      };
      const deadline = { call: describe(call), seconds: deadlineSeconds, clock, signal };
      try {
        return await withDeadline(deadline, (callSignal) =>
          tryRepeatedly(call, { retry, before, onFailure }, callSignal),
        );
      } catch (error) {
        throw error instanceof DeadlineError ? new DeadlineError(deadline.call, deadlineSeconds, last) : error;
      }
    },
  };
}

interface Tries {
  retry: boolean;
  before: (() => void) | undefined;
  onFailure: (error: unknown) => void;
}

const describe = ({ method, path }: ApiCall): string => `${method} ${path}`;

function requestOf({ method, path, query = {}, body, contentType = 'application/json', accept }: ApiCall): HttpRequest {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
  return {
    method,
    path: parameters.size > 0 ? `${path}?${parameters}` : path,
    headers: {
      accept: accept ?? 'application/json',
      ...(body === undefined ? {} : { 'content-type': contentType }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  };
}

async function textOf(call: ApiCall, answer: HttpAnswer): Promise<string> {
  try {
    return await answer.text();
  } catch (error) {
    throw new ConnectionError(describe(call), error);
  }
}

function parseBody(call: ApiCall, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which may be a Secret.
    throw new ConnectionError(describe(call), new Error('the answer is not JSON, or was cut off'));
  }
}

async function failureOf(call: ApiCall, answer: HttpAnswer): Promise<KubernetesError> {
  const status = parseStatus(await textOf(call, answer).catch(() => ''));
  return new KubernetesError(
    describe(call),
    { ...status, code: answer.status },
    {
      retryAfterSeconds: retryAfterSeconds(answer.headers['retry-after']),
      confidential: call.confidential ?? false,
    },
  );
}

/** The Status in the text; an empty one when something else answered, a proxy for example. */
function parseStatus(text: string): Status {
  try {
    const parsed = JSON.parse(text) as { kind?: string } & Status;
    return parsed.kind === 'Status' ? parsed : {};
  } catch {
    return {};
  }
}
