import type { Context } from '../../shared/http/context.ts';
import type { RateLimits } from '../../shared/rate-limits/rate-limits.ts';
import type { Places } from './places.ts';

/** What one upload takes of what its user, or its address, may upload. */
export interface Admission {
  /** Before the file is taken. A caller who is not known yet counts as their address. */
  begin(): Promise<void>;
  /** Once the whole file is there and the caller is known. */
  finish(fileBytes: number): Promise<void>;
  /** Gives the places back. */
  end(): void;
}

export type Admit = (ctx: Context) => Admission;

export type UploadLimits = RateLimits<'uploads' | 'uploaded megabytes'>;

const megabytesOf = (bytes: number): number => Math.ceil(bytes / 1024 ** 2);

/** Admits uploads: some at the same time, some a day, some megabytes a day. Each is asked for as early as it is known. */
export const createAdmit =
  ({ limits, places }: { limits: UploadLimits; places: Places }): Admit =>
  (ctx) => {
    const network = limits.networkOf(ctx);
    const held: (() => void)[] = [];
    let hasEnded = false;
    const declaredBytes = Number(ctx.req.headers['content-length'] ?? 0);
    let admission: Promise<unknown> | undefined;
    let isSizeCounted = false;

    const hold = async (holder: string) => {
      const giveBack = await places.hold(holder);
      if (hasEnded) giveBack();
      else held.push(giveBack);
    };
    const countSize = async (bytes: number) => {
      if (isSizeCounted) return;
      isSizeCounted = true;
      await limits.take(ctx, 'uploaded megabytes', { pieces: megabytesOf(bytes) });
    };
    const admitUser = () => {
      admission ??= Promise.all([limits.take(ctx, 'uploads'), hold(`user:${ctx.state.viewerId}`)]);
      return admission;
    };
    return {
      begin: async () => {
        if (network === undefined) return;
        if (ctx.state.viewerId === undefined) return hold(`network:${network}`);
        await admitUser();
        if (declaredBytes > 0) await countSize(declaredBytes);
      },
      finish: async (fileBytes) => {
        if (network === undefined) return;
        await admitUser();
        await countSize(fileBytes);
      },
      end: () => {
        hasEnded = true;
        for (const giveBack of held.splice(0)) giveBack();
      },
    };
  };
