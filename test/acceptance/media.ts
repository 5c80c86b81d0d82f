import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Makes a real MP4 with moving pictures and sound; `seed` makes each different. */
export async function makeClip(file: string, { seconds = 15, size = '1920x1080', seed = 1 } = {}): Promise<void> {
  const picture = `testsrc2=size=${size}:rate=30:duration=${seconds},hue=h=${(seed * 47) % 360}`;
  await run('ffmpeg', [
    ...['-y', '-loglevel', 'error', '-f', 'lavfi', '-i', picture],
    ...['-f', 'lavfi', '-i', `sine=frequency=${220 + seed * 40}:duration=${seconds}`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-shortest', file],
  ]);
}

export interface Stream {
  codec_type: string;
  codec_name: string;
  width?: number;
  height?: number;
}

export interface Facts {
  durationSeconds: number;
  streams: Stream[];
}

/** What ffprobe says about a file or URL. */
export async function probe(source: string): Promise<Facts> {
  const { stdout } = await run('ffprobe', ['-v', 'error', '-show_format', '-show_streams', '-of', 'json', source]);
  const { format, streams } = JSON.parse(stdout) as { format: { duration: string }; streams: Stream[] };
  return { durationSeconds: Number(format.duration), streams };
}

/** Names of an MP4's top-level boxes in order: `moov` before `mdat` means that it plays while it loads. */
export function topLevelBoxes(bytes: Buffer): string[] {
  const names: string[] = [];
  for (let offset = 0; offset + 8 <= bytes.length; ) {
    const size = bytes.readUInt32BE(offset);
    names.push(bytes.toString('latin1', offset + 4, offset + 8));
    const length = size === 1 ? Number(bytes.readBigUInt64BE(offset + 8)) : size;
    if (length < 8) break;
    offset += length;
  }
  return names;
}

/** Mean brightness (0 black … 255 white) of a picture. */
export async function meanLuma(picture: string): Promise<number> {
  const { stdout } = await run(
    'ffmpeg',
    ['-loglevel', 'error', '-i', picture, '-vf', 'scale=32:32,format=gray', '-frames:v', '1', '-f', 'rawvideo', '-'],
    { encoding: 'buffer' },
  );
  return stdout.reduce((sum, value) => sum + value, 0) / stdout.length;
}
