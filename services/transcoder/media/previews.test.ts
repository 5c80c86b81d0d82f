import assert from 'node:assert/strict';
import { previewGrid, previewsVtt } from './previews.ts';

describe('previews along a time line', () => {
  it('are one for each keyframe of a short video, in rows of ten', () => {
    assert.deepEqual(previewGrid({ width: 720, height: 1280, durationSeconds: 24.3, keyframeSeconds: 2 }), {
      ...{ everySeconds: 2, count: 13, columns: 10, rows: 2 },
      ...{ width: 90, height: 160 },
    });
  });

  it('are a hundred of a long video at most, and one of the shortest', () => {
    const { everySeconds, count } = previewGrid({
      width: 1280,
      height: 720,
      durationSeconds: 3600,
      keyframeSeconds: 2,
    });
    assert.deepEqual([everySeconds, count], [36, 100]);
    const { columns, rows } = previewGrid({ width: 1280, height: 720, durationSeconds: 0.03, keyframeSeconds: 2 });
    assert.deepEqual([columns, rows], [1, 1]);
  });

  it('are found by their time', () => {
    const grid = previewGrid({ width: 1280, height: 720, durationSeconds: 23.5, keyframeSeconds: 2 });
    const cues = previewsVtt('3-previews.jpg', grid, 23.5).split('\n\n');
    assert.equal(cues[0], 'WEBVTT');
    assert.equal(cues[1], '00:00:00.000 --> 00:00:02.000\n3-previews.jpg#xywh=0,0,160,90');
    assert.equal(cues[12], '00:00:22.000 --> 00:00:23.500\n3-previews.jpg#xywh=160,90,160,90\n');
  });
});
