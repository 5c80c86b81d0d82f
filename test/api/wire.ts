import Type, { type Static } from 'typebox';

// What the official API promises, written down a second time: a change of the services' own schemas must not change the test.

const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const TimeMs = Type.Integer({ minimum: 1e12, maximum: 1e13 });
const Url = Type.String({ pattern: '^https?://' });

const userFields = {
  id: Id,
  name: Type.String({ minLength: 1 }),
  follow_count: Count,
  follower_count: Count,
  is_follow: Type.Boolean(),
  avatar: Type.String(),
  background_image: Type.String(),
  signature: Type.String(),
  total_favorited: Count,
  work_count: Count,
  favorite_count: Count,
};

export const User = Type.Object(userFields);
export type User = Static<typeof User>;

export const FriendUser = Type.Object({
  ...userFields,
  message: Type.String(),
  msgType: Type.Union([Type.Literal(0), Type.Literal(1)]),
});
export type FriendUser = Static<typeof FriendUser>;

export const Video = Type.Object({
  id: Id,
  author: User,
  play_url: Url,
  cover_url: Url,
  favorite_count: Count,
  comment_count: Count,
  is_favorite: Type.Boolean(),
  title: Type.String(),
  hls_url: Type.String(),
  state: Type.Union([Type.Literal('processing'), Type.Literal('ready'), Type.Literal('failed')]),
  reason: Type.Optional(Type.String()),
  width: Count,
  height: Count,
  duration_ms: Count,
  created_at: TimeMs,
});
export type Video = Static<typeof Video>;

export const Comment = Type.Object({
  id: Id,
  user: User,
  content: Type.String({ minLength: 1 }),
  create_date: Type.String({ pattern: '^(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$' }),
  created_at: TimeMs,
});
export type Comment = Static<typeof Comment>;

export const Message = Type.Object({
  id: Id,
  to_user_id: Id,
  from_user_id: Id,
  content: Type.String({ minLength: 1 }),
  create_time: TimeMs,
});
export type Message = Static<typeof Message>;

const nextCursor = { next_cursor: Type.Optional(Id) };
const Videos = Type.Object({ video_list: Type.Array(Video), ...nextCursor });
const Users = Type.Object({ user_list: Type.Array(User), ...nextCursor });
const Session = Type.Object({ user_id: Id, token: Type.String({ minLength: 1 }) });
const Nothing = Type.Object({});

/** Every route of the official API: what a success carries, and what of it a failure still carries, in its empty form. */
export const routes = {
  feed: {
    method: 'GET',
    path: '/douyin/feed/',
    success: Type.Object({ video_list: Type.Array(Video, { maxItems: 30 }), next_time: Count }),
    empty: { video_list: [], next_time: 0 },
  },
  register: { method: 'POST', path: '/douyin/user/register/', success: Session, empty: { user_id: 0, token: '' } },
  login: { method: 'POST', path: '/douyin/user/login/', success: Session, empty: { user_id: 0, token: '' } },
  user: { method: 'GET', path: '/douyin/user/', success: Type.Object({ user: User }), empty: { user: { id: 0 } } },
  publish: { method: 'POST', path: '/douyin/publish/action/', success: Nothing, empty: {} },
  publishList: { method: 'GET', path: '/douyin/publish/list/', success: Videos, empty: { video_list: [] } },
  favorite: { method: 'POST', path: '/douyin/favorite/action/', success: Nothing, empty: {} },
  favoriteList: { method: 'GET', path: '/douyin/favorite/list/', success: Videos, empty: { video_list: [] } },
  comment: {
    method: 'POST',
    path: '/douyin/comment/action/',
    success: Type.Object({ comment: Type.Optional(Comment) }),
    empty: {},
  },
  commentList: {
    method: 'GET',
    path: '/douyin/comment/list/',
    success: Type.Object({ comment_list: Type.Array(Comment), ...nextCursor }),
    empty: { comment_list: [] },
  },
  relation: { method: 'POST', path: '/douyin/relation/action/', success: Nothing, empty: {} },
  followList: { method: 'GET', path: '/douyin/relation/follow/list/', success: Users, empty: { user_list: [] } },
  followerList: { method: 'GET', path: '/douyin/relation/follower/list/', success: Users, empty: { user_list: [] } },
  friendList: {
    method: 'GET',
    path: '/douyin/relation/friend/list/',
    success: Type.Object({ user_list: Type.Array(FriendUser), ...nextCursor }),
    empty: { user_list: [] },
  },
  chat: {
    method: 'GET',
    path: '/douyin/message/chat/',
    success: Type.Object({ message_list: Type.Array(Message) }),
    empty: { message_list: [] },
  },
  message: { method: 'POST', path: '/douyin/message/action/', success: Nothing, empty: {} },
} as const;

export type RouteName = keyof typeof routes;
export const routeNames = Object.keys(routes) as RouteName[];

export type Payload<Name extends RouteName> = Static<(typeof routes)[Name]['success']>;
