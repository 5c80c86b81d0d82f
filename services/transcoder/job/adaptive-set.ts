import { type FragmentedFile, headBytes, readFragmentedFile } from '../media/hls/fragmented-file.ts';
import { masterPlaylist, mediaPlaylist, type VariantFile } from '../media/hls/playlists.ts';
import type { Plan } from '../media/plan.ts';
import { previewGrid, previewsVtt } from '../media/previews.ts';
import { openResult } from '../media/result-file.ts';
import type { Encoder, Picture } from './encoder.ts';
import type { Outputs } from './outputs.ts';

interface AdaptiveSet {
  plan: Plan;
  encoder: Encoder;
  outputs: Outputs;
  original: string;
  /** The first size, as a progressive file. */
  first: { name: string; picture: Picture };
  onProgress: (seconds: number) => void;
}

/** What the launcher lets ffmpeg write into one file. */
const maxTrackBytes = 4 * 1024 ** 3;

const audioName = 'audio';
const masterName = 'master.m3u8';
const previews = { picture: 'previews.jpg', times: 'previews.vtt' };
export const smallCoverName = 'cover-small.jpg';

/**
 * Makes the other sizes and what leads to all of them, and puts it beside the first one; the master playlist comes last, so
 * whoever finds it finds everything. Resolves to its path.
 */
export async function makeAdaptiveSet({
  plan,
  encoder,
  outputs,
  original,
  first,
  onProgress,
}: AdaptiveSet): Promise<string> {
  const { fileOf, nameOf } = outputs;
  const others = plan.renditions.others.map(({ name }) => name);
  const firstName = plan.renditions.first.name;
  const hasSound = plan.audioIndex !== undefined;

  if (others.length > 0)
    await encoder.others(plan, { input: original, outputs: others.map((name) => fileOf(`${name}.m4v`)) }, onProgress);
  await encoder.fragment(fileOf(first.name), {
    video: fileOf(`${firstName}.m4v`),
    audio: hasSound ? fileOf(`${audioName}.m4a`) : undefined,
  });

  /** Puts a fragmented file with its playlist. */
  const putTrack = async (name: string, extension: string): Promise<{ uri: string; file: FragmentedFile }> => {
    const [media, list] = [`${name}.${extension}`, `${name}.m3u8`];
    const file = await readTrack(fileOf(media));
    await outputs.putFile(media);
    await outputs.putText(list, mediaPlaylist(nameOf(media), file));
    return { uri: nameOf(list), file };
  };
  const putVariant = async (name: string): Promise<VariantFile> => {
    const picture = await encoder.inspect(fileOf(`${name}.m4v`));
    return { ...picture, ...(await putTrack(name, 'm4v')) };
  };

  const variants: VariantFile[] = [];
  for (const name of [firstName, ...others]) variants.push(await putVariant(name));
  const audio = hasSound ? await putTrack(audioName, 'm4a') : undefined;
  await putPreviews({ plan, encoder, outputs, first });
  const beside = { previews: nameOf(previews.times), 'cover-small': nameOf(smallCoverName) };
  await outputs.putText(masterName, masterPlaylist({ variants, audio, beside }));
  return outputs.pathOf(masterName);
}

async function putPreviews({
  plan,
  encoder,
  outputs,
  first,
}: Pick<AdaptiveSet, 'plan' | 'encoder' | 'outputs' | 'first'>): Promise<void> {
  const grid = previewGrid({ ...first.picture, keyframeSeconds: plan.keyframeSeconds });
  const files = { input: outputs.fileOf(first.name), output: outputs.fileOf(previews.picture) };
  await encoder.previews(files, grid);
  await outputs.putFile(previews.picture);
  const times = previewsVtt(outputs.nameOf(previews.picture), grid, first.picture.durationSeconds);
  await outputs.putText(previews.times, times);
}

async function readTrack(path: string): Promise<FragmentedFile> {
  const file = await openResult(path, { maxBytes: maxTrackBytes });
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, headBytes)), 0, undefined, 0);
    return readFragmentedFile(buffer.subarray(0, bytesRead), size);
  } finally {
    await file.close();
  }
}
