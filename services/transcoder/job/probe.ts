import { probeArguments } from '../media/arguments.ts';
import { type MediaFacts, parseFacts, probedEntries } from '../media/facts.ts';
import { MediaToolError } from '../media/media-tool-error.ts';
import { type RefusalReason, tooManyPixels, tooManyTracks } from '../media/policy.ts';
import type { MediaTools } from '../media/tools.ts';
import { notAVideo, Refusal } from './refusal.ts';

const wallClockMs = 30_000;

/** What a file says about itself; a Refusal when it says nothing that may be believed. */
export async function probe(
  file: string,
  { tools, maxPixels, signal }: { tools: Pick<MediaTools, 'runFfprobe'>; maxPixels: number; signal: AbortSignal },
): Promise<MediaFacts> {
  try {
    const args = probeArguments(file, { maxPixels, entries: probedEntries });
    return parseFacts(await tools.runFfprobe(args, { signal, wallClockMs }));
  } catch (error) {
    if (!(error instanceof MediaToolError) || !error.isVerdict) throw error;
    throw new Refusal(reasonOf(error.log, maxPixels), { cause: error });
  }
}

/** ffprobe gives up over one stream that it may not open: which limit it met is worth telling. */
function reasonOf(log: string, maxPixels: number): RefusalReason {
  const [, width, height] = /Picture size (\d{1,9})x(\d{1,9}) exceeds specified max pixel count/.exec(log) ?? [];
  if (width && height) return tooManyPixels({ width: Number(width), height: Number(height) }, maxPixels);
  if (log.includes('exceeds max_streams')) return tooManyTracks;
  const [, codec] = /Codec \((\w{1,32})\) not on whitelist/.exec(log) ?? [];
  if (!codec) return notAVideo;
  return { code: 'codec', sentence: `A track of the file is stored as ${codec}, which is not accepted.` };
}
