import type { Rendition } from './ladder.ts';
import type { Plan } from './plan.ts';

/**
 * The filters from a decoded picture to the one that is encoded: whole pictures at a steady rate, scaled before colours are
 * converted, which costs the more the larger the picture is. Made of numbers and names of ours only.
 */
export const pictureFilter = ({ isInterlaced, frameRate: { over, under }, hdr }: Plan, size: Rendition): string =>
  [
    ...(isInterlaced ? ['yadif=deint=interlaced'] : []),
    `fps=${over}/${under}`,
    scaleTo(size),
    ...(hdr ? forOrdinaryScreens(hdr) : []),
    'setsar=1',
    'format=yuv420p',
  ].join(',');

/** The same for several sizes at once, out of one decoding: the largest, and the others out of that one; as [v0], [v1]… */
export function splitFilter(plan: Plan, sizes: readonly Rendition[]): string {
  const [largest, ...smaller] = sizes;
  if (!largest) throw new Error('a video needs a size');
  const copies = smaller.map((_, index) => `[s${index + 1}]`);
  const split = smaller.length === 0 ? '[v0]' : `,split=${sizes.length}[v0]${copies.join('')}`;
  const scaled = smaller.map((size, index) => `[s${index + 1}]${scaleTo(size)},setsar=1[v${index + 1}]`);
  return [`[0:${plan.videoIndex}]${pictureFilter(plan, largest)}${split}`, ...scaled].join(';');
}

const scaleTo = ({ width, height }: Rendition): string => `scale=${width}:${height}:flags=bicubic`;

/** In linear light, with paper white at 100 nits, and then as BT.709. */
const forOrdinaryScreens = (transfer: string): string[] => [
  `zscale=tin=${transfer}:pin=bt2020:min=bt2020nc:t=linear:npl=100`,
  'format=gbrpf32le',
  'tonemap=hable',
  'zscale=p=bt709:t=bt709:m=bt709:r=tv',
];
