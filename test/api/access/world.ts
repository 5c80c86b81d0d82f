import { randomBytes } from 'node:crypto';
import { connectDatabase, type Knex } from '../../../services/shared/mysql/database.ts';
import { eventually } from '../../eventually.ts';
import { type PlatformUnderTest, startPlatform } from '../../platform/index.ts';
import { fillLibrary } from '../library.ts';
import { newName } from '../platform.ts';

/** Somebody with a password and a token. */
export interface Account {
  id: number;
  name: string;
  password: string;
  token: string;
}

export interface Reply {
  http: number;
  headers: Headers;
  body: Record<string, unknown>;
}

/** Where a token travels. */
export type Carrier = 'query' | 'form' | 'header';

export const carriersOf = (method: string): readonly Carrier[] =>
  method === 'GET' ? ['query', 'header'] : ['query', 'form', 'header'];

export interface Sending {
  /** What stands for `{id}` in the path. */
  id?: number;
  parameters?: Readonly<Record<string, string | number>>;
  token?: string | undefined;
  carrier?: Carrier;
  /** Sends a multipart form with this file. */
  file?: Blob | undefined;
}

/** A platform, and the people of the matrix: one who asks, one whose things are coveted, one whom both deal with. */
export interface World {
  readonly platform: PlatformUnderTest;
  readonly db: Knex;
  readonly keys: string;
  readonly asker: Account;
  readonly victim: Account;
  readonly other: Account;
  /** A video of nobody among them that everybody can see. */
  readonly videoId: number;
  /** The victim's comment on that video. */
  readonly commentId: number;
  /** A video of the asker that everybody can see. */
  readonly ownVideoId: number;
  /** The victim's video that is not ready. */
  readonly draftId: number;
  /** Everything that no log may show. */
  readonly secrets: Set<string>;
  /** Asks and takes the answer apart. */
  send(method: string, path: string, sending?: Sending): Promise<Reply>;
  /** Asks, and lets the answer be whatever it is. */
  post(method: string, path: string, sending: Sending): Promise<void>;
  register(name?: string): Promise<Account>;
  login(account: Account): Promise<string>;
}

/** What looks like a video to who reads its first bytes. */
export const someFile = (): Blob =>
  new Blob([Buffer.from('\0\0\0\x18ftypisom\0\0\x02\0isomiso2', 'latin1'), Buffer.alloc(500)]);

/** Starts the platform of the matrix, and gives everybody something to lose. */
export async function startWorld(): Promise<World & { stop(): Promise<void> }> {
  const keys = JSON.stringify([{ kid: 'matrix', secret: randomBytes(32).toString('hex') }]);
  let videoIds: readonly number[] = [];
  const platform = await startPlatform({
    replicas: { user: 2, video: 2, transcoder: 0 },
    settings: { AUTH_SIGNING_KEYS: keys },
    prepare: async (settings) => {
      const rows = connectDatabase(settings);
      ({ videoIds } = await fillLibrary(rows));
      await rows.destroy();
    },
  });
  const db = connectDatabase(platform.settings);
  const secrets = new Set<string>([
    keys,
    platform.settings.DATABASE_PASSWORD,
    platform.settings.CACHE_PASSWORD,
    '$argon2',
  ]);

  const send: World['send'] = async (method, path, sending = {}) => {
    if (sending.token) secrets.add(sending.token);
    const response = await fetch(requestOf(platform.url, method, path, sending));
    const text = await response.text();
    return { http: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
  };
  const post: World['post'] = async (method, path, sending) => {
    const response = await fetch(requestOf(platform.url, method, path, sending));
    await response.arrayBuffer();
  };
  const login = async ({ name, password }: Account): Promise<string> => {
    const { body } = await send('POST', '/douyin/user/login/', { parameters: { username: name, password } });
    secrets.add(String(body.token));
    return String(body.token);
  };
  const register = async (name = newName('matrix')): Promise<Account> => {
    const password = newName('password');
    const { body } = await send('POST', '/douyin/user/register/', { parameters: { username: name, password } });
    const account = { id: Number(body.user_id), name, password, token: String(body.token) };
    for (const secret of [password, account.token]) secrets.add(secret);
    return account;
  };
  const [asker, victim, other] = [await register(), await register(), await register()];
  const [videoId = 0, ownVideoId = 0] = videoIds;
  await db('video').where({ id: ownVideoId }).update({ author_id: asker.id }); // nobody has read it yet
  const act = (path: string, parameters: Sending['parameters']) =>
    send('POST', path, { token: victim.token, ...(parameters && { parameters }) });
  const comment = await act('/douyin/comment/action/', {
    video_id: videoId,
    action_type: 1,
    comment_text: 'of the victim',
  });
  await act('/douyin/message/action/', { to_user_id: other.id, action_type: 1, content: 'between us' });
  await act('/douyin/relation/action/', { to_user_id: other.id, action_type: 1 });
  await act('/douyin/favorite/action/', { video_id: videoId, action_type: 1 });
  await send('POST', '/douyin/publish/action/', {
    token: victim.token,
    file: someFile(),
    parameters: { title: 'draft' },
  });
  await eventually('the like to be written', () => db('favorite').where({ user_id: victim.id }).first());
  return {
    ...{ platform, db, keys, asker, victim, other, videoId, ownVideoId, secrets, send, post, register, login },
    commentId: (comment.body.comment as { id: number }).id,
    draftId: (await db('video').where({ author_id: victim.id }).first('id')).id,
    stop: async () => {
      await db.destroy();
      await platform.stop();
    },
  };
}

function requestOf(url: string, method: string, path: string, sending: Sending): Request {
  const { id, parameters = {}, token, carrier = 'query', file } = sending;
  const inQuery = new URLSearchParams();
  const inForm = file ? new FormData() : new URLSearchParams();
  const headers = new Headers();
  for (const [name, value] of Object.entries(parameters)) (file ? inForm : inQuery).append(name, String(value));
  if (token !== undefined && carrier === 'header') headers.set('authorization', `Bearer ${token}`);
  if (token !== undefined && carrier !== 'header') (carrier === 'form' ? inForm : inQuery).append('token', token);
  if (inForm instanceof FormData && file) inForm.append('data', file, 'a.mp4');
  const hasForm = method !== 'GET' && [...inForm.keys()].length > 0;
  return new Request(new URL(`${path.replace('{id}', String(id))}?${inQuery}`, url), {
    method,
    headers,
    ...(hasForm && { body: inForm }),
  });
}
