import assert from 'node:assert/strict';
import { coverCommand, encodeCommand, probeArguments } from './arguments.ts';
import type { Plan } from './plan.ts';

const plan: Plan = {
  videoIndex: 0,
  audioIndex: 1,
  width: 1280,
  height: 720,
  frameRate: { over: 30000, under: 1001 },
  keyframeSeconds: 2,
  isInterlaced: false,
  hdr: undefined,
  maxVideoKilobitsPerSecond: 3_000,
  readSeconds: 601,
  wallClockMs: 1,
};
const machine = { maxPixels: 9_000_000, threads: 2 };
const files = { input: '/in', output: '/out' };
const optionOf = (args: readonly string[], option: string) => args[args.indexOf(option) + 1];

describe('arguments of ffmpeg', () => {
  const opening = {
    probing: [...probeArguments('/in', { maxPixels: 9_000_000, entries: 'format=duration' })],
    encoding: encodeCommand(plan, files, machine).inputOptions,
    'making a cover': coverCommand({ ...files, thumb: '/thumb' }, 1, machine).inputOptions,
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

  it('name the tracks, leave everything else out and bound the rate', () => {
    const [output] = encodeCommand(plan, files, machine).outputs;
    const options = output?.options ?? [];
    assert.deepEqual(
      options.filter((_, index) => options[index - 1] === '-map'),
      ['0:0', '0:1'],
    );
    assert.equal(optionOf(options, '-map_metadata'), '-1');
    assert.equal(optionOf(options, '-maxrate'), '3000k');
    assert.equal(optionOf(options, '-bufsize'), '6000k');
    assert.equal(optionOf(options, '-g'), '60');
    assert.equal(optionOf(options, '-movflags'), '+faststart');
  });

  it('convert colours of HDR after scaling, and make whole pictures of halves first', () => {
    const filterOf = (changes: Partial<Plan>) =>
      optionOf(encodeCommand({ ...plan, ...changes }, files, machine).outputs[0]?.options ?? [], '-vf') ?? '';
    assert.equal(filterOf({}), 'fps=30000/1001,scale=1280:720:flags=bicubic,setsar=1,format=yuv420p');
    assert.match(filterOf({ hdr: 'smpte2084' }), /scale=1280:720.*,zscale=tin=smpte2084.*tonemap=.*format=yuv420p$/);
    assert.match(filterOf({ isInterlaced: true }), /^yadif/);
  });

  it('map no sound where there is none', () => {
    const [output] = encodeCommand({ ...plan, audioIndex: undefined }, files, machine).outputs;
    assert.ok(output?.options.includes('-an'));
    assert.ok(!output?.options.includes('aac'));
  });
});
