import Type from 'typebox';
import { authenticate, requireViewer, tokenOf } from '../../shared/http/authentication.ts';
import type { Context, Middleware } from '../../shared/http/context.ts';
import { parseInput } from '../../shared/http/input.ts';
import { addParameter } from '../../shared/http/parameters.ts';
import type { Tokens } from '../../shared/tokens.ts';
import type { Publish } from '../publish.ts';
import { discardRest } from '../uploads/discard-rest.ts';
import type { Receiver } from '../uploads/receive.ts';

interface Deps {
  receiver: Receiver;
  publish: Publish;
  tokens: Pick<Tokens, 'verify'>;
}

/** One line; the pattern counts code points, which is what the column counts, the length what people call characters. */
const Publication = Type.Object({
  title: Type.Optional(Type.String({ maxLength: 100, pattern: '^\\P{Cc}{0,255}$' })),
});

/** POST /douyin/publish/action/: the parts of the form may come in any order, the file before the token. */
export const publishAction = ({ receiver, publish, tokens }: Deps): Middleware => {
  const identify = (ctx: Context) => authenticate(tokens)(ctx, async () => undefined);

  return answeringAfterTheBody(async (ctx) => {
    const { title = '', ...upload } = await receiver.receive(ctx.req, {
      onField: (name, value) => addParameter(ctx.state.parameters, name, value),
      expectFile: async () => {
        if (tokenOf(ctx) === undefined) return; // it may follow the file
        await identify(ctx);
        requireViewer(ctx);
      },
      accept: async () => {
        await identify(ctx);
        return { authorId: requireViewer(ctx), ...parseInput(ctx, Publication) };
      },
    });
    await publish({ title, ...upload });
    ctx.body = { status_code: 0, status_msg: 'ok' };
  });
};

/** A client that is refused early gets its answer when it has sent its body, or after a moment. */
const answeringAfterTheBody =
  (handler: Middleware): Middleware =>
  async (ctx, next) => {
    try {
      await handler(ctx, next);
    } catch (error) {
      if (!(await discardRest(ctx.req))) ctx.set('connection', 'close');
      throw error;
    }
  };
