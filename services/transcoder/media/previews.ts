/** Where a player's time line finds its stills: in one picture, row by row. */
export interface PreviewGrid {
  everySeconds: number;
  count: number;
  columns: number;
  rows: number;
  /** Of one still. */
  width: number;
  height: number;
}

const maxStills = 100;
/** So much of its time a still has to be shown to be worth one. */
const leastShare = 0.1;
const columns = 10;
const longSidePixels = 160;

interface Video {
  width: number;
  height: number;
  durationSeconds: number;
  keyframeSeconds: number;
}

/** A still of each keyframe, so that nothing between them is decoded; of fewer where a video is long. Pure. */
export function previewGrid({ width, height, durationSeconds, keyframeSeconds }: Video): PreviewGrid {
  const everySeconds = keyframeSeconds * Math.max(1, Math.ceil(durationSeconds / keyframeSeconds / maxStills));
  const count = Math.max(1, Math.ceil(durationSeconds / everySeconds - leastShare));
  const factor = Math.min(1, longSidePixels / Math.max(width, height));
  const even = (pixels: number) => Math.max(2, 2 * Math.round((pixels * factor) / 2));
  return {
    ...{ everySeconds, count, columns: Math.min(columns, count), rows: Math.ceil(count / columns) },
    ...{ width: even(width), height: even(height) },
  };
}

/** The WebVTT file that tells which part of the picture belongs to which time. */
export function previewsVtt(picture: string, grid: PreviewGrid, durationSeconds: number): string {
  const { everySeconds, count, columns, width, height } = grid;
  const cues = Array.from({ length: count }, (_, index) => {
    const [from, to] = [index * everySeconds, Math.min((index + 1) * everySeconds, durationSeconds)];
    const [x, y] = [(index % columns) * width, Math.floor(index / columns) * height];
    return `${timeOf(from)} --> ${timeOf(to)}\n${picture}#xywh=${x},${y},${width},${height}\n`;
  });
  return ['WEBVTT\n', ...cues].join('\n');
}

const timeOf = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(11, 23);
