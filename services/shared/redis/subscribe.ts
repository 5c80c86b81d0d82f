import type { Redis as Server } from 'ioredis';
import { mastersOf, type Redis, retryStrategy } from './connect.ts';

interface Listener {
  onMessage(text: string): void;
  /** The channel is heard from now on; what was said before may have been missed. Called again after each loss. */
  onJoined(): void;
  /** The channel was heard and is not any more. */
  onLost(): void;
}

export interface Subscription {
  /** Whether the channel is heard now. */
  isJoined(): boolean;
  close(): void;
}

/**
 * Hears what is published on a channel, on a connection of its own to a server chosen at random (a cluster passes messages
 * on to all of its nodes). A lost connection is replaced for ever, on a cluster by one to another node.
 */
export function subscribe(redis: Redis, channel: string, { onMessage, onJoined, onLost }: Listener): Subscription {
  let connection: Server | undefined;
  let isJoined = false;
  let isClosed = false;
  let attempts = 0;
  let retry: NodeJS.Timeout | undefined;

  const again = () => {
    const wasJoined = isJoined;
    isJoined = false;
    connection = undefined;
    if (isClosed) return;
    if (wasJoined) onLost();
    retry = setTimeout(join, retryStrategy(attempts));
    retry.unref();
    attempts += 1;
  };
  const join = () => {
    const masters = mastersOf(redis);
    const server = masters[Math.floor(Math.random() * masters.length)];
    if (!server) return again(); // the nodes of the cluster are not known yet
    const joining = server.duplicate({ lazyConnect: true, enableReadyCheck: false, retryStrategy: () => null });
    connection = joining;
    joining.on('error', () => undefined);
    joining.on('message', (_channel, text) => onMessage(text));
    joining.once('end', again);
    joining
      .connect()
      .then(() => joining.subscribe(channel))
      .then(() => {
        isJoined = true;
        attempts = 0;
        onJoined();
      })
      .catch(() => joining.disconnect());
  };
  join();
  return {
    isJoined: () => isJoined,
    close: () => {
      isClosed = true;
      clearTimeout(retry);
      connection?.disconnect();
    },
  };
}
