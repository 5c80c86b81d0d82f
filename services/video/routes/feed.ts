import Type from 'typebox';
import { viewerOf } from '../../shared/http/authentication.ts';
import type { Middleware } from '../../shared/http/context.ts';
import { parseInput, WireTime, wireTimeToMs } from '../../shared/http/input.ts';
import type { ReadModels } from '../../shared/read-models/index.ts';
import type { PresentVideoList } from '../present-video-list.ts';

const FeedQuery = Type.Object({ latest_time: Type.Optional(WireTime) });

interface Deps {
  models: Pick<ReadModels, 'feed'>;
  presentVideoList: PresentVideoList;
  feedPageSize: number;
}

/** GET /douyin/feed/: the newest videos before a time; `next_time` asks for the next page, 0 for the newest again. */
export const feed =
  ({ models, presentVideoList, feedPageSize }: Deps): Middleware =>
  async (ctx) => {
    const { latest_time } = parseInput(ctx, FeedQuery);
    const page = await models.feed.page({ beforeMs: wireTimeToMs(latest_time), limit: feedPageSize });
    const videoList = await presentVideoList(page.entries, viewerOf(ctx));
    ctx.type = 'application/json';
    ctx.body = `{"status_code":0,"status_msg":"ok","video_list":${videoList},"next_time":${page.nextTimeMs}}`;
  };
