/**
 * Transcoding, measured: what it takes longer than the bare commands of ffmpeg, how soon a video can be watched, and how
 * alike its sizes are to it.
 * Usage: node bench/transcode/run.ts [--parts first,overhead,likeness] [--rounds 3] [--pairs 9] [--seconds 60] [--clips phone]
 */
import { parseArgs } from 'node:util';
import { stopBackends } from '../../test/backends/index.ts';
import { measureFirstPlayable } from './first-playable.ts';
import { measureLikeness } from './likeness.ts';
import { measureOverhead } from './overhead.ts';

const { values } = parseArgs({
  options: {
    parts: { type: 'string', default: 'first,overhead,likeness' },
    rounds: { type: 'string', default: '3' },
    pairs: { type: 'string', default: '9' },
    seconds: { type: 'string', default: '60' },
    clips: { type: 'string', default: '' },
  },
});

const parts: Readonly<Record<string, () => Promise<void>>> = {
  first: () => measureFirstPlayable(Number(values.rounds)),
  overhead: () => measureOverhead(Number(values.pairs), Number(values.seconds)),
  likeness: () => measureLikeness((name) => values.clips.split(',').some((part) => name.includes(part))),
};

try {
  for (const name of values.parts.split(',')) {
    const measure = parts[name];
    if (!measure) throw new Error(`there is no part ${name}: take ${Object.keys(parts).join(', ')}`);
    await measure();
  }
} finally {
  await stopBackends();
}
