import assert from 'node:assert/strict';
import { parseFacts } from './facts.ts';

const video = { index: 1, codec_type: 'video', codec_name: 'h264', width: 1920, height: 1080 };

describe('facts about a file', () => {
  it('pass over covers and take the first moving picture', () => {
    const cover = { ...video, index: 0, codec_name: 'png', disposition: { attached_pic: 1 } };
    assert.equal(parseFacts(JSON.stringify({ streams: [cover, video] })).video?.index, 1);
    assert.equal(parseFacts(JSON.stringify({ streams: [cover] })).video, undefined);
  });

  it('read rotation, shape of pixels and rate', () => {
    const turned = {
      ...video,
      sample_aspect_ratio: '4:3',
      avg_frame_rate: '30000/1001',
      side_data_list: [{}, { rotation: -90 }],
    };
    const facts = parseFacts(JSON.stringify({ streams: [turned], format: { duration: '15.5', nb_streams: 3 } }));
    assert.deepEqual([facts.durationSeconds, facts.streamCount], [15.5, 3]);
    assert.deepEqual(facts.video?.frameRate, { over: 30000, under: 1001 });
    assert.equal(facts.video?.rotationDegrees, -90);
    assert.equal(facts.video?.pixelAspect, 4 / 3);
  });

  it('read how colours, half pictures and channels are stored', () => {
    const film = {
      ...video,
      color_transfer: 'smpte2084',
      field_order: 'tt',
      side_data_list: [{ rotation: 90 }, { dv_profile: 5 }],
    };
    const sound = { index: 0, codec_type: 'audio', codec_name: 'aac', channels: 6 };
    const facts = parseFacts(JSON.stringify({ streams: [sound, film] }));
    assert.deepEqual(
      [facts.video?.transfer, facts.video?.fieldOrder, facts.video?.dolbyVisionProfile, facts.audio?.channels],
      ['smpte2084', 'tt', 5, 6],
    );
  });

  it('say that they do not know where the file does not say', () => {
    const vague = { ...video, sample_aspect_ratio: '0:1', avg_frame_rate: '0/0' };
    const facts = parseFacts(JSON.stringify({ streams: [vague], format: { duration: 'N/A' } }));
    assert.equal(facts.durationSeconds, undefined);
    assert.equal(facts.video?.frameRate, undefined);
    assert.equal(facts.video?.pixelAspect, 1);
    assert.equal(facts.audio, undefined);
  });
});
