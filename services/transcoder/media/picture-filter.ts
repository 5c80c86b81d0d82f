import type { Plan } from './plan.ts';

/**
 * The filters from a decoded picture to the one that is encoded: whole pictures at a steady rate, scaled before colours are
 * converted, which costs the more the larger the picture is. Made of numbers and names of ours only.
 */
export const pictureFilter = ({ isInterlaced, frameRate: { over, under }, width, height, hdr }: Plan): string =>
  [
    ...(isInterlaced ? ['yadif=deint=interlaced'] : []),
    `fps=${over}/${under}`,
    `scale=${width}:${height}:flags=bicubic`,
    ...(hdr ? forOrdinaryScreens(hdr) : []),
    'setsar=1',
    'format=yuv420p',
  ].join(',');

/** In linear light, with paper white at 100 nits, and then as BT.709. */
const forOrdinaryScreens = (transfer: string): string[] => [
  `zscale=tin=${transfer}:pin=bt2020:min=bt2020nc:t=linear:npl=100`,
  'format=gbrpf32le',
  'tonemap=hable',
  'zscale=p=bt709:t=bt709:m=bt709:r=tv',
];
