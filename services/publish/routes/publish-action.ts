import Type from 'typebox';
import { authenticate, requireViewer, tokenOf } from '../../shared/http/authentication.ts';
import type { Context, Middleware } from '../../shared/http/context.ts';
import { parseInput, WireLine } from '../../shared/http/input.ts';
import { addParameter } from '../../shared/http/parameters.ts';
import type { Tokens } from '../../shared/tokens.ts';
import type { Publish } from '../publish.ts';
import type { Admission, Admit } from '../uploads/admission.ts';
import { discardRest } from '../uploads/discard-rest.ts';
import type { Receiver } from '../uploads/receive.ts';

interface Deps {
  receiver: Receiver;
  publish: Publish;
  tokens: Pick<Tokens, 'verify'>;
  admit: Admit;
}

const Publication = Type.Object({ title: Type.Optional(WireLine({ minLength: 1, maxLength: 100 })) });

/** POST /douyin/publish/action/: the parts of the form may come in any order, the file before the token. */
export const publishAction = ({ receiver, publish, tokens, admit }: Deps): Middleware => {
  const identify = async (ctx: Context): Promise<number> => {
    await authenticate(tokens)(ctx, async () => undefined);
    return requireViewer(ctx);
  };
  const receive = (ctx: Context, admission: Admission) =>
    receiver.receive(ctx.req, {
      onField: (name, value) => addParameter(ctx.state.parameters, name, value),
      expectFile: async () => {
        if (tokenOf(ctx) !== undefined) await identify(ctx); // else it may follow the file
        await admission.begin();
      },
      accept: async (fileBytes) => {
        const accepted = { authorId: await identify(ctx), ...parseInput(ctx, Publication) };
        await admission.finish(fileBytes);
        return accepted;
      },
    });

  return answeringAfterTheBody(async (ctx) => {
    const admission = admit(ctx);
    try {
      const { title = '', ...upload } = await receive(ctx, admission);
      await publish({ title, ...upload });
      ctx.body = { status_code: 0, status_msg: 'ok' };
    } finally {
      admission.end();
    }
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
