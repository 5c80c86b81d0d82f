import Type from 'typebox';
import { viewerOf } from '../../shared/http/authentication.ts';
import type { Middleware } from '../../shared/http/context.ts';
import { parseInput, WireTime, wireTimeToMs } from '../../shared/http/input.ts';
import type { FeedPage, ReadModels, Viewer } from '../../shared/read-models/index.ts';
import { oncePer } from '../../shared/read-models/lookup/once-per.ts';
import { anybody } from '../../shared/read-models/touched/touched.ts';
import type { PresentVideoList } from '../present-video-list.ts';

const FeedQuery = Type.Object({ latest_time: Type.Optional(WireTime) });

interface Deps {
  models: Pick<ReadModels, 'feed' | 'viewer'>;
  presentVideoList: PresentVideoList;
  feedPageSize: number;
}

const start = Buffer.from('{"status_code":0,"status_msg":"ok","video_list":');

/** GET /douyin/feed/: the newest videos before a time; `next_time` asks for the next page, 0 for the newest again. */
export const feed = ({ models, presentVideoList, feedPageSize }: Deps): Middleware => {
  const present = async ({ entries, nextTimeMs }: FeedPage, viewer: Viewer): Promise<Buffer> =>
    Buffer.concat([start, await presentVideoList(entries, viewer), Buffer.from(`,"next_time":${nextTimeMs}}`)]);
  /** One answer for all anonymous callers, as long as the page is given to them. */
  const presentToAnybody = oncePer((page: FeedPage) => present(page, anybody));

  return async (ctx) => {
    const beforeMs = wireTimeToMs(parseInput(ctx, FeedQuery).latest_time);
    const viewer = models.viewer(viewerOf(ctx));
    const page = await models.feed.glance({ beforeMs, limit: feedPageSize });
    ctx.type = 'application/json';
    ctx.body = await (viewer.id === undefined ? presentToAnybody(page) : present(page, viewer));
  };
};
