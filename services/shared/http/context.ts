import type { DefaultContext, Middleware as KoaMiddleware, ParameterizedContext } from 'koa';
import type { ErrorCode } from '../errors.ts';

/** What the middlewares of `createApp` and `authenticate` know of a request. */
export interface RequestState {
  requestId: string;
  /** Query, urlencoded body and multipart fields as one: the first non-empty value of each name. */
  parameters: Parameters;
  /** The authenticated caller; undefined for an anonymous one. */
  viewerId?: number | undefined;
  /** Why the request failed, for the log and the metrics. */
  failure?: ErrorCode;
}

export type Parameters = Map<string, string>;
export type Context = ParameterizedContext<RequestState, DefaultContext, unknown>;
export type Middleware = KoaMiddleware<RequestState, DefaultContext, unknown>;
