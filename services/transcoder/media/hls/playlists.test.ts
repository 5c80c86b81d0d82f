import assert from 'node:assert/strict';
import type { FragmentedFile } from './fragmented-file.ts';
import { masterPlaylist, meanBitsPerSecond, mediaPlaylist, peakBitsPerSecond } from './playlists.ts';

const segments = (...list: [durationSeconds: number, bytes: number][]) => {
  let offset = 1_000;
  return list.map(([durationSeconds, bytes]) => {
    const segment = { durationSeconds, bytes, offset };
    offset += bytes;
    return segment;
  });
};
const video: FragmentedFile = {
  initBytes: 800,
  codec: 'avc1.640020',
  segments: segments([2, 50_000], [2, 75_000], [0.5, 9_000]),
};
const audio: FragmentedFile = { initBytes: 700, codec: 'mp4a.40.2', segments: segments([2, 32_000], [2.5, 40_000]) };
const at30 = { over: 30, under: 1 };

describe('a media playlist', () => {
  it('leads to parts of one file', () => {
    assert.equal(
      mediaPlaylist('3-720p.m4v', video),
      [
        ...[
          '#EXTM3U',
          '#EXT-X-VERSION:7',
          '#EXT-X-TARGETDURATION:2',
          '#EXT-X-MEDIA-SEQUENCE:0',
          '#EXT-X-PLAYLIST-TYPE:VOD',
        ],
        '#EXT-X-MAP:URI="3-720p.m4v",BYTERANGE="800@0"',
        ...['#EXTINF:2.000000,', '#EXT-X-BYTERANGE:50000@1000', '3-720p.m4v'],
        ...['#EXTINF:2.000000,', '#EXT-X-BYTERANGE:75000@51000', '3-720p.m4v'],
        ...['#EXTINF:0.500000,', '#EXT-X-BYTERANGE:9000@126000', '3-720p.m4v'],
        ...['#EXT-X-ENDLIST', ''],
      ].join('\n'),
    );
  });
});

describe('the rates of a size', () => {
  it('are the largest of any part that is long enough to count, and the mean', () => {
    assert.equal(peakBitsPerSecond(video.segments), 300_000);
    assert.equal(meanBitsPerSecond(video.segments), Math.ceil((8 * 134_000) / 4.5));
  });

  it('count a short end together with what is before it', () => {
    const ending = segments([2, 10_000], [0.1, 90_000]);
    assert.equal(peakBitsPerSecond(ending), Math.ceil((8 * 100_000) / 2.1));
  });

  it('are the mean of a video that is shorter than what counts', () => {
    assert.equal(peakBitsPerSecond(segments([0.2, 5_000])), 200_000);
  });
});

describe('a master playlist', () => {
  const variants = [
    { uri: '3-720p.m3u8', file: video, width: 720, height: 1280, frameRate: at30 },
    { uri: '3-360p.m3u8', file: video, width: 360, height: 640, frameRate: { over: 24000, under: 1001 } },
  ];

  it('tells of each size what was measured, its sound included', () => {
    const text = masterPlaylist({
      variants,
      audio: { uri: '3-audio.m3u8', file: audio },
      beside: { previews: '3-previews.vtt' },
    });
    assert.equal(
      text,
      [
        ...['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS'],
        '#EXT-X-SESSION-DATA:DATA-ID="dev.tiktoklite.previews",VALUE="3-previews.vtt"',
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="original",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="3-audio.m3u8"',
        '#EXT-X-STREAM-INF:BANDWIDTH=428000,AVERAGE-BANDWIDTH=366223,CODECS="avc1.640020,mp4a.40.2",RESOLUTION=720x1280,FRAME-RATE=30.000,AUDIO="audio"',
        '3-720p.m3u8',
        '#EXT-X-STREAM-INF:BANDWIDTH=428000,AVERAGE-BANDWIDTH=366223,CODECS="avc1.640020,mp4a.40.2",RESOLUTION=360x640,FRAME-RATE=23.976,AUDIO="audio"',
        '3-360p.m3u8',
        '',
      ].join('\n'),
    );
  });

  it('names no sound where there is none', () => {
    const text = masterPlaylist({ variants, audio: undefined, beside: {} });
    assert.doesNotMatch(text, /AUDIO=|TYPE=AUDIO|mp4a/);
    assert.match(text, /BANDWIDTH=300000,/);
  });
});
