import Type from 'typebox';
import { ApiError } from '../../shared/errors.ts';
import { authenticate, requireViewer } from '../../shared/http/authentication.ts';
import type { Middleware } from '../../shared/http/context.ts';
import { parsePath, WireId } from '../../shared/http/input.ts';
import type { Tokens } from '../../shared/tokens.ts';
import type { Publications } from '../repositories/publications.ts';
import { uploadState } from '../upload-state.ts';

interface Deps {
  tokens: Pick<Tokens, 'verify'>;
  publications: Pick<Publications, 'find'>;
}

const Path = Type.Object({ id: WireId });

/** GET /v1/uploads/{id}: how an upload stands, for its author; the id is that of its video. */
export const upload =
  ({ tokens, publications }: Deps): Middleware =>
  async (ctx) => {
    await authenticate(tokens)(ctx, async () => undefined);
    const authorId = requireViewer(ctx);
    const { id } = parsePath(ctx, Path);
    const rows = await publications.find({ videoId: id, authorId });
    if (!rows) throw new ApiError('upload_not_found');
    ctx.set('cache-control', 'no-store');
    ctx.body = { id, ...uploadState(rows) };
  };
