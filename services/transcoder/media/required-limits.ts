/** Options that each input of ffmpeg and ffprobe has to have before it, with what their value must look like. */
const required: Record<string, RegExp> = {
  '-protocol_whitelist': /^file$/,
  '-format_whitelist': /^[\w,]+$/,
  '-codec_whitelist': /^[\w,]+$/,
  '-max_pixels': /^\d+$/,
  '-max_streams': /^\d{1,2}$/,
  '-max_alloc': /^\d+$/,
};

/** Formats that lead to other files and servers, or run scripts: on no whitelist, and forced upon no input. */
const leading =
  /(^|,)(hls|applehttp|concat|dash|imf|sdp|rtsp|rtp|lavfi|image2|image2pipe|avisynth|vobsub|tee|data)(,|$)/;

/**
 * What is missing in a list of arguments, or should not be there; empty for one that may be run. Whoever starts a tool asks
 * this, so that a command that was built past the limits fails instead of running without them.
 */
export function missingLimits(args: readonly string[]): string[] {
  const inputs = inputGroups(args);
  if (inputs.length === 0) return ['an input'];
  return inputs.flatMap((options) => [
    ...Object.entries(required).flatMap(([name, pattern]) => {
      const values = valuesOf(options, name);
      return values.length === 1 && pattern.test(values[0] ?? '') ? [] : [`${name} before an input`];
    }),
    ...['-f', '-format_whitelist'].flatMap((name) =>
      valuesOf(options, name).some((value) => leading.test(value))
        ? [`${name} without formats that lead elsewhere`]
        : [],
    ),
  ]);
}

/** The options before each input. */
function inputGroups(args: readonly string[]): string[][] {
  const groups: string[][] = [];
  let start = 0;
  for (const [index, arg] of args.entries()) {
    if (arg !== '-i') continue;
    groups.push(args.slice(start, index));
    start = index + 2;
  }
  return groups;
}

const valuesOf = (options: readonly string[], name: string): string[] =>
  options.flatMap((option, index) => (option === name ? [options[index + 1] ?? ''] : []));
