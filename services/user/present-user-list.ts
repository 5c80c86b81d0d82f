import { type JsonParts, jsonArray } from '../shared/http/json-bytes.ts';
import type { ReadModels, Viewer } from '../shared/read-models/index.ts';
import { createUserBytes, createUserPresenter } from '../shared/read-models/user/present.ts';

interface PresenterOptions {
  models: Pick<ReadModels, 'users' | 'follows'>;
  mediaBaseUrl: string;
}

interface UserListOptions {
  /** Whom the caller is known to follow already; nobody is asked for them. */
  followed?: ReadonlySet<number>;
  /** More members of a user's object as JSON text, read beside the cards. */
  members?: Promise<ReadonlyMap<number, string>>;
}

/** Users as a JSON array, in order, as the caller sees them; those who do not exist are left out. */
export type PresentUserList = (
  userIds: readonly number[],
  viewer: Viewer,
  options?: UserListOptions,
) => Promise<Buffer>;

/** What a route that lists users needs. */
export interface UserListDeps {
  models: Pick<ReadModels, 'users' | 'follows' | 'viewer'>;
  presentUserList: PresentUserList;
  defaultListLimit: number;
}

const nobody: ReadonlySet<number> = new Set();

/** Cards and the caller's flags are read in one round trip and joined as bytes. */
export function createUserListPresenter({ models, mediaBaseUrl }: PresenterOptions): PresentUserList {
  const presentUser = createUserBytes(createUserPresenter(mediaBaseUrl));

  return async (userIds, viewer, { followed, members } = {}) => {
    const [users, followedByViewer, more] = await Promise.all([
      viewer.isTouched.then((isTouched) => models.users.glance(userIds, isTouched)),
      followed ?? (viewer.id === undefined ? nobody : models.follows.among(viewer.id, userIds)),
      members,
    ]);
    const presented = userIds.flatMap((id) => {
      const user = users.get(id);
      return user ? [withMembers(presentUser(user, followedByViewer.has(id)), more?.get(id))] : [];
    });
    return jsonArray(presented);
  };
}

const withMembers = (object: Buffer, members: string | undefined): JsonParts =>
  members === undefined ? [object] : [object.subarray(0, -1), Buffer.from(`,${members}}`)];
