import assert from 'node:assert/strict';
import { probeArguments } from './arguments.ts';
import { firstCommand, fragmentCommand, othersCommand } from './encode-commands.ts';
import { loudnessCommand } from './loudness.ts';
import type { Plan } from './plan.ts';
import { previewGrid } from './previews.ts';
import { coverCommand, previewsCommand } from './still-commands.ts';

const rendition = (width: number, height: number, maxKilobitsPerSecond: number) => ({
  ...{ name: `${height}p`, width, height, maxKilobitsPerSecond },
});
const plan: Plan = {
  videoIndex: 0,
  audioIndex: 1,
  renditions: {
    first: rendition(1280, 720, 3_000),
    others: [rendition(1920, 1080, 6_000), rendition(854, 480, 1_400), rendition(640, 360, 800)],
  },
  frameRate: { over: 30000, under: 1001 },
  keyframeSeconds: 2,
  isInterlaced: false,
  hdr: undefined,
  durationSeconds: 15,
  readSeconds: 601,
  wallClockMs: 1,
};
const machine = { maxPixels: 9_000_000, threads: 2 };
const work = { plan, input: '/in', machine, encoding: { preset: 'veryfast', quality: 23 } };
const first = (changes: Partial<Plan> = {}, gain = 0) =>
  firstCommand({ ...work, plan: { ...plan, ...changes } }, '/out', gain);
const firstOptions = (changes: Partial<Plan> = {}, gain = 0) => first(changes, gain).outputs[0]?.options ?? [];
const others = (changes: Partial<Plan> = {}) =>
  othersCommand({ ...work, plan: { ...plan, ...changes } }, ['/1080', '/480', '/360']).outputs;
const grid = previewGrid({ width: 720, height: 1280, durationSeconds: 15, keyframeSeconds: 2 });
const optionOf = (args: readonly string[], option: string) => args[args.indexOf(option) + 1];

describe('arguments of ffmpeg', () => {
  const cover = { input: '/in', cover: '/cover', small: '/small', thumb: '/thumb' };
  const opening = {
    probing: [...probeArguments('/in', { maxPixels: 9_000_000, entries: 'format=duration' })],
    'making the first size': first().inputOptions,
    'making the others': othersCommand(work, []).inputOptions,
    'cutting into fragments': fragmentCommand('/in', { video: '/v', audio: '/a' }, machine).inputOptions,
    'measuring how loud it is': loudnessCommand({ input: '/in', lines: '/l', audioIndex: 1, readSeconds: 9 }, machine)
      .inputOptions,
    'making a cover': coverCommand(cover, 1, machine).inputOptions,
    'making previews': previewsCommand({ input: '/in', output: '/p' }, grid, machine).inputOptions,
  };
  for (const [what, args] of Object.entries(opening)) {
    it(`open a file within limits when ${what}`, () => {
      assert.equal(optionOf(args, '-protocol_whitelist'), 'file');
      assert.equal(optionOf(args, '-format_whitelist'), 'mov,matroska,webm,avi,flv,mpegts');
      assert.match(optionOf(args, '-codec_whitelist') ?? '', /^h264,hevc,/);
      assert.equal(optionOf(args, '-max_pixels'), '9000000');
      for (const option of ['-max_streams', '-probesize', '-analyzeduration', '-max_alloc'])
        assert.ok(args.includes(option));
    });
  }

  const valuesOf = (options: readonly string[], option: string) =>
    options.filter((_, index) => options[index - 1] === option);

  it('name the tracks, leave everything else out and bound the rate', () => {
    const options = firstOptions();
    assert.deepEqual(valuesOf(options, '-map'), ['0:0', '0:1']);
    assert.equal(optionOf(options, '-map_metadata'), '-1');
    assert.deepEqual([optionOf(options, '-preset'), optionOf(options, '-crf')], ['veryfast', '23']);
    assert.deepEqual([optionOf(options, '-maxrate'), optionOf(options, '-bufsize')], ['3000k', '6000k']);
    assert.equal(optionOf(options, '-g'), '60');
    assert.equal(optionOf(options, '-movflags'), '+faststart');
  });

  it('make all other sizes of one decoding, with keyframes at the same frames and no sound', () => {
    const outputs = others();
    const [sound, pictures] = [outputs.at(-1), outputs.slice(0, -1)];
    assert.deepEqual([sound?.file, optionOf(sound?.options ?? [], '-map')], ['-', '0:1']);
    assert.deepEqual(
      pictures.map(({ file, options }) => [file, optionOf(options, '-map'), optionOf(options, '-maxrate')]),
      [
        ['/1080', '[v0]', '6000k'],
        ['/480', '[v1]', '1400k'],
        ['/360', '[v2]', '800k'],
      ],
    );
    assert.deepEqual(new Set(pictures.map(({ options }) => optionOf(options, '-g'))), new Set(['60']));
    for (const { options } of pictures) assert.ok(options.includes('-an'));
    assert.equal(
      optionOf(outputs[0]?.options ?? [], '-filter_complex'),
      [
        '[0:0]fps=30000/1001,scale=1920:1080:flags=bicubic,setsar=1,format=yuv420p,split=3[v0][s1][s2]',
        '[s1]scale=854:480:flags=bicubic,setsar=1[v1]',
        '[s2]scale=640:360:flags=bicubic,setsar=1[v2]',
      ].join(';'),
    );
  });

  it('split nothing where there is one other size', () => {
    const renditions = { first: rendition(854, 480, 1_400), others: [rendition(640, 360, 800)] };
    const [output] = others({ renditions });
    assert.match(optionOf(output?.options ?? [], '-filter_complex') ?? '', /format=yuv420p\[v0\]$/);
  });

  it('convert colours of HDR after scaling, and make whole pictures of halves first', () => {
    const filterOf = (changes: Partial<Plan>) => optionOf(firstOptions(changes), '-vf') ?? '';
    assert.equal(filterOf({}), 'fps=30000/1001,scale=1280:720:flags=bicubic,setsar=1,format=yuv420p');
    assert.match(filterOf({ hdr: 'smpte2084' }), /scale=1280:720.*,zscale=tin=smpte2084.*tonemap=.*format=yuv420p$/);
    assert.match(filterOf({ isInterlaced: true }), /^yadif/);
  });

  it('map no sound where there is none', () => {
    assert.ok(firstOptions({ audioIndex: undefined }).includes('-an'));
    assert.ok(!firstOptions({ audioIndex: undefined }).includes('aac'));
    assert.equal(fragmentCommand('/in', { video: '/v', audio: undefined }, machine).outputs.length, 1);
  });

  it('make sound louder with a limiter behind, and leave it alone without need', () => {
    assert.match(optionOf(firstOptions({}, 6.5), '-af') ?? '', /^volume=6.5dB,alimiter=/);
    assert.ok(!firstOptions().includes('-af'));
  });
});
