import Router from '@koa/router';
import type { DefaultContext } from 'koa';
import { createApp } from '../shared/http/app.ts';
import type { RequestState } from '../shared/http/context.ts';
import { routesOf } from '../shared/http/routes.ts';
import type { Logger } from '../shared/logger.ts';
import type { Metrics } from '../shared/metrics.ts';
import type { Tokens } from '../shared/tokens.ts';
import type { Publish } from './publish.ts';
import type { Publications } from './repositories/publications.ts';
import { publishAction } from './routes/publish-action.ts';
import { upload } from './routes/upload.ts';
import type { Admit } from './uploads/admission.ts';
import type { Receiver } from './uploads/receive.ts';

export interface PublishAppOptions {
  logger: Logger;
  metrics: Metrics;
  tokens: Pick<Tokens, 'verify'>;
  admit: Admit;
  receiver: Receiver;
  publish: Publish;
  publications: Pick<Publications, 'find'>;
}

/** The API of uploads. */
export function createPublishApp({ logger, metrics, ...deps }: PublishAppOptions) {
  const path = '/douyin/publish/action/';
  const router = new Router<RequestState, DefaultContext>()
    .post(path, publishAction(deps))
    .get('/v1/uploads/:id', upload(deps));
  return createApp({ logger, metrics, streamedPaths: [path] }).use(routesOf(router));
}
