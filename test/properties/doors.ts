import { AssertionError } from 'node:assert';
import { errorCodes } from '../../services/shared/errors.ts';
import { type Answer, type ApiClient, createApiClient, type Parameters } from '../api/client.ts';
import type { RouteName } from '../api/wire.ts';
import type { PlatformUnderTest } from '../platform/index.ts';
import type { Chance } from './chance.ts';
import { replicas } from './plan.ts';

/** What comes of a request. */
export type Reply<Name extends RouteName> =
  | { kind: 'acknowledged'; answer: Answer<Name> }
  | { kind: 'refused'; code: number; message: string }
  /** Nobody knows whether it was carried out: the process died, or says so itself. */
  | { kind: 'lost'; why: string };

/** A way to a service: the gateway, or one of its replicas. */
export interface Door {
  name: string;
  ask<Name extends RouteName>(name: Name, parameters: Parameters, caller?: { token: string }): Promise<Reply<Name>>;
  publish(parts: readonly (readonly [string, string | Blob])[]): Promise<Reply<'publish'>>;
}

export type Api = 'user' | 'video' | 'publish';

export interface Doors {
  /** Every replica of a service. */
  of(api: Api): readonly Door[];
  /** The gateway, or some replica, which may be dead. */
  some(api: Api, chance: Chance): Door;
}

/** The ways into a platform. */
export function createDoors(platform: Pick<PlatformUnderTest, 'url' | 'addressOf'>): Doors {
  const gateway = createDoor('gateway', platform.url);
  const doorsOf = (api: Api) =>
    Array.from({ length: replicas[api] }, (_, index) => createDoor(`${api}-${index}`, platform.addressOf(api, index)));
  const doors = { user: doorsOf('user'), video: doorsOf('video'), publish: doorsOf('publish') };
  return {
    of: (api) => doors[api],
    some: (api, chance) => (chance.happens(0.5) ? gateway : chance.pick(doors[api])),
  };
}

const doubtful: readonly number[] = [errorCodes.unavailable.wire, errorCodes.not_saved.wire];

function createDoor(name: string, url: string): Door {
  const client: ApiClient = createApiClient(url);
  return {
    name,
    ask: (route, parameters, caller) => replyOf(client.call(route, parameters, caller)),
    publish: (parts) => replyOf(client.publish(parts)),
  };
}

async function replyOf<Name extends RouteName>(answering: Promise<Answer<Name>>): Promise<Reply<Name>> {
  try {
    const answer = await answering;
    const { status_code: code, status_msg: message } = answer;
    if (code === 0) return { kind: 'acknowledged', answer };
    return doubtful.includes(code) ? { kind: 'lost', why: message } : { kind: 'refused', code, message };
  } catch (error) {
    if (!isLostConnection(error)) throw error;
    return { kind: 'lost', why: String(error.cause ?? error) };
  }
}

/** What `fetch` throws when the connection is refused or breaks; an answer that is wrong is another matter. */
const isLostConnection = (error: unknown): error is Error =>
  error instanceof TypeError && !(error instanceof AssertionError);
