import { setTimeout as pause } from 'node:timers/promises';
import type { Exchange, Fault } from './proxy.ts';

type OnRequest = NonNullable<Fault['onRequest']>;

const refuse = (
  { response }: Exchange,
  status: { code: number; reason: string },
  headers: Record<string, string> = {},
): true => {
  const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: 'refused by a test', ...status };
  response.writeHead(status.code, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  return true;
};

const expired = { code: 410, reason: 'Expired' };
const internal = { code: 500, reason: 'InternalError' };
const overloaded = { code: 429, reason: 'TooManyRequests' };
const unavailable = { code: 503, reason: 'ServiceUnavailable' };

const onWatch =
  (answer: (exchange: Exchange) => true): OnRequest =>
  (exchange) =>
    exchange.kind === 'watch' && answer(exchange);

/** A watch whose position is gone makes the client list; `answer` then spoils that list. */
const onList =
  (answer: (exchange: Exchange) => boolean | Promise<boolean>): OnRequest =>
  (exchange) => {
    if (exchange.kind === 'watch') return refuse(exchange, expired);
    return exchange.kind === 'list' && answer(exchange);
  };

const onCall =
  (answer: (exchange: Exchange) => boolean | Promise<boolean>): OnRequest =>
  (exchange) =>
    exchange.kind === 'call' && answer(exchange);

const reset = ({ response }: Exchange): true => {
  response.socket?.resetAndDestroy();
  return true;
};

const answerWithText =
  (body: string) =>
  ({ response }: Exchange): true => {
    response.end(body);
    return true;
  };

const errorEvent = (status: { code: number; reason: string }): string =>
  `${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', status: 'Failure', ...status } })}\n`;

/** Passes the real answer on with `send` instead of as it is. */
const answerWith =
  (send: (exchange: Exchange, body: string) => void | Promise<void>) =>
  async (exchange: Exchange): Promise<true> => {
    const answer = await exchange.forward();
    const body = await answer.body.text();
    exchange.response.writeHead(answer.statusCode, { 'content-type': 'application/json' });
    await send(exchange, body);
    return true;
  };

const trickle = answerWith(async ({ response }, body) => {
  const size = Math.max(1, Math.ceil(body.length / 50));
  for (let at = 0; at < body.length; at += size) {
    response.write(body.slice(at, at + size));
    await pause(4);
  }
  response.end();
});

const truncated = answerWith(({ response }, body) => void response.end(body.slice(0, body.length / 2)));

/** What can go wrong with a watch. */
export const watchFaults: readonly Fault[] = [
  {
    name: 'a watch is refused with 429',
    cutsWatches: true,
    onRequest: onWatch((it) => refuse(it, overloaded, { 'retry-after': '1' })),
  },
  { name: 'a watch is refused with 500', cutsWatches: true, onRequest: onWatch((it) => refuse(it, internal)) },
  { name: 'a watch is refused with 503', cutsWatches: true, onRequest: onWatch((it) => refuse(it, unavailable)) },
  { name: 'a watch is refused with 410', cutsWatches: true, onRequest: onWatch((it) => refuse(it, expired)) },
  { name: 'a watch is reset before its answer', cutsWatches: true, onRequest: onWatch(reset) },
  {
    name: 'a watch is answered by something else',
    cutsWatches: true,
    onRequest: onWatch(answerWithText('<html>')),
  },
  { name: 'a watch ends at once', cutsWatches: true, onRequest: onWatch(answerWithText('')) },
  { name: 'a watch is reset at an event', onLine: (_, stream) => stream.reset() },
  { name: 'a watch ends before an event', onLine: (_, stream) => stream.end() },
  { name: 'a watch falls silent', onLine: (_, stream) => stream.silence() },
  {
    name: 'an event is cut off',
    onLine: (line, stream) => {
      stream.write(line.slice(0, line.length / 2));
      stream.end();
    },
  },
  {
    name: 'an event is garbled',
    onLine: (line, stream) => stream.write(`${line.slice(0, 20)}\u0000${line.slice(30)}\n`),
  },
  { name: 'an event comes twice', onLine: (line, stream) => stream.write(`${line}\n${line}\n`) },
  {
    name: 'an event comes byte by byte',
    onLine: (line, stream) => {
      for (const byte of Buffer.from(`${line}\n`)) stream.write(Buffer.of(byte));
    },
  },
  { name: 'an event says that the position is gone', onLine: (_, stream) => stream.write(errorEvent(expired)) },
  { name: 'an event says that the server failed', onLine: (_, stream) => stream.write(errorEvent(internal)) },
];

/** What can go wrong with a list, which follows a watch whose position is gone. */
export const listFaults: readonly Fault[] = [
  {
    name: 'a list is refused with 429',
    cutsWatches: true,
    onRequest: onList((it) => refuse(it, overloaded, { 'retry-after': '1' })),
  },
  { name: 'a list is refused with 500', cutsWatches: true, onRequest: onList((it) => refuse(it, internal)) },
  { name: 'a list is cut off', cutsWatches: true, onRequest: onList(truncated) },
  { name: 'a list comes slowly', cutsWatches: true, onRequest: onList(trickle) },
  {
    name: 'a list is stale',
    cutsWatches: true,
    onRequest: onList(({ response, remembered }) => {
      const stale = remembered();
      if (stale) response.writeHead(200, { 'content-type': 'application/json' }).end(stale);
      return stale !== undefined;
    }),
  },
];

/** What can go wrong with a call: a read or a write of one object. */
export const callFaults: readonly Fault[] = [
  { name: 'a call is refused with 429', onRequest: onCall((it) => refuse(it, overloaded, { 'retry-after': '1' })) },
  { name: 'a call is refused with 500', onRequest: onCall((it) => refuse(it, internal)) },
  { name: 'a call is refused with 503', onRequest: onCall((it) => refuse(it, unavailable)) },
  { name: 'a call is reset before it is done', onRequest: onCall(reset) },
  {
    name: 'a call is done and its answer is lost',
    onRequest: onCall(async (exchange) => {
      await (await exchange.forward()).body.text();
      return reset(exchange);
    }),
  },
  { name: 'the answer to a call is cut off', onRequest: onCall(truncated) },
  { name: 'the answer to a call comes slowly', onRequest: onCall(trickle) },
  {
    name: 'a call hangs for a while',
    onRequest: onCall(async (exchange) => {
      await pause(1_000);
      return reset(exchange);
    }),
  },
];
