import { type Command, type Machine, type Output, onlyWhatIsMapped, readForeign } from './arguments.ts';
import type { PreviewGrid } from './previews.ts';

/** Side of the small grey picture by which a cover is judged. */
export const thumbSide = 32;

/** Short side of the small cover, for lists. */
const smallShortSide = 360;

interface CoverFiles {
  input: string;
  cover: string;
  small: string;
  thumb: string;
}

const still = ['-map', '0:v:0', '-an', ...onlyWhatIsMapped, '-frames:v', '1'];
const jpeg = ['-c:v', 'mjpeg', '-q:v', '3', '-update', '1', '-f', 'image2'];

/** The most typical frame of the second after a position: as JPEG in two sizes, and small and grey to be judged. */
export function coverCommand({ input, ...files }: CoverFiles, atSeconds: number, machine: Machine): Command {
  const typical = (file: string, filter: string, form: string[]): Output => ({
    file,
    options: [...still, '-vf', `thumbnail=n=24,${filter}`, ...form],
  });
  return {
    input,
    inputOptions: [...readForeign(machine), '-ss', atSeconds.toFixed(3)],
    outputs: [
      typical(files.cover, 'format=yuvj420p', jpeg),
      typical(files.small, `${withShortSide(smallShortSide)},format=yuvj420p`, jpeg),
      typical(files.thumb, `scale=${thumbSide}:${thumbSide}:flags=area,format=gray`, [
        '-c:v',
        'rawvideo',
        '-f',
        'rawvideo',
      ]),
    ],
  };
}

/** Commas inside an expression are escaped: they would end the filter. */
const withShortSide = (pixels: number): string =>
  `scale=w='if(gt(iw\\,ih)\\,-2\\,min(iw\\,${pixels}))':h='if(gt(iw\\,ih)\\,min(ih\\,${pixels})\\,-2)'`;

/** One picture with small stills of a video's keyframes, side by side, for a player's time line. */
export function previewsCommand(
  { input, output }: { input: string; output: string },
  grid: PreviewGrid,
  machine: Machine,
): Command {
  const { everySeconds, columns, rows, width, height } = grid;
  const filter = `fps=1/${everySeconds}:start_time=0:round=near:eof_action=pass,scale=${width}:${height},tile=${columns}x${rows},format=yuvj420p`;
  return {
    input,
    inputOptions: [...readForeign(machine), '-skip_frame', 'nokey'],
    outputs: [{ file: output, options: [...still, '-vf', filter, ...jpeg] }],
  };
}
