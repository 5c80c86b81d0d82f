import { type HostileFile, texts } from '../hostile-file.ts';

const hls = (...lines: string[]): string =>
  ['#EXTM3U', '#EXT-X-VERSION:3', '#EXT-X-TARGETDURATION:1', ...lines, '#EXT-X-ENDLIST', ''].join('\n');
const segment = (url: string): string => `#EXTINF:1,\n${url}`;

/** Lists and scripts that lead a reader of videos to other files and to other servers. */
export const playlists: readonly HostileFile[] = [
  ...texts(
    {
      'playlist-of-a-local-file.mp4': ({ canary }) => hls(segment(canary.stream)),
      'playlist-of-a-server.mp4': ({ trap }) => hls(segment(`http://${trap}/segment.ts`)),
      'script-ffconcat.mp4': ({ canary }) => `ffconcat version 1.0\nfile '${canary.stream}'\nduration 1\n`,
      'pictures.svg.mp4': ({ canary, trap }) =>
        `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><image href="file://${canary.text}"/><image href="http://${trap}/x.png"/></svg>`,
    },
    { isBrief: true },
  ),
  ...texts({
    'playlist-that-concatenates.mp4': ({ canary, trap }) =>
      hls(segment(`concat:http://${trap}/head.txt|file://${canary.text}`)),
    'playlist-of-a-part-of-a-file.mp4': ({ canary }) => hls(segment(`subfile,,start,0,end,64,,:${canary.text}`)),
    'playlist-with-a-key-file.mp4': ({ canary }) =>
      hls(`#EXT-X-KEY:METHOD=AES-128,URI="file://${canary.text}"`, segment(canary.stream)),
    'playlist-with-data.mp4': () => hls(segment('data:video/mp2t;base64,R0AAEAAAsA0AAcEAAAAB8AAqsQSy')),
    'playlist-of-a-pipe.mp4': () => hls(segment('pipe:0')),
    'playlist-of-playlists.mp4': ({ canary, trap }) =>
      `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nfile://${canary.text}\n#EXT-X-STREAM-INF:BANDWIDTH=2\nhttp://${trap}/a.m3u8\n`,
    'playlist-behind-a-mark.mp4': ({ canary }) => `\uFEFF${hls(segment(canary.stream))}`,
    'playlist-behind-a-box.mp4': ({ canary }) => `\0\0\0\x10ftypisom\0\0\0\0${hls(segment(canary.stream))}`,
    'playlist-of-parts.mp4': ({ canary, trap }) =>
      `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT1S"><Period><AdaptationSet mimeType="video/mp4"><BaseURL>http://${trap}/</BaseURL><Representation id="1" bandwidth="1"><SegmentList><SegmentURL media="file://${canary.stream}"/></SegmentList></Representation></AdaptationSet></Period></MPD>`,
    'playlist-of-a-cinema.mp4': ({ canary }) =>
      `<?xml version="1.0"?><CompositionPlaylist xmlns="http://www.smpte-ra.org/schemas/2067-3/2016"><Id>urn:uuid:0</Id><ContentTitle>${canary.text}</ContentTitle></CompositionPlaylist>`,
    'script-without-a-head.mp4': ({ canary }) => `file '${canary.stream}'\n`,
    'script-of-metadata.mp4': ({ canary }) =>
      `;FFMETADATA1\ntitle=x\n[CHAPTER]\nSTART=0\nEND=1\ntitle=${canary.text}\n`,
    'script-avisynth.mp4': ({ canary }) => `Version()\nDirectShowSource("${canary.stream}")\n`,
    'script-of-a-filter.mp4': ({ canary }) => `movie=${canary.stream}\n`,
    'index-of-subtitles.mp4': ({ canary }) =>
      `# VobSub index file, v7 (do not modify this line!)\nsize: 64x64\nid: en, index: 0\ntimestamp: 00:00:00:000, filepos: 000000000\n${canary.text}\n`,
    'session-description.mp4': ({ trap }) =>
      `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video ${trap.split(':')[1]} RTP/AVP 96\na=rtpmap:96 H264/90000\n`,
    'reference-of-windows.mp4': ({ trap }) => `[Reference]\nRef1=http://${trap}/x.asf\nRef2=mmst://${trap}/x.asf\n`,
    'reference-asx.mp4': ({ trap }) => `<asx version="3.0"><entry><ref href="http://${trap}/x.wmv"/></entry></asx>`,
    'reference-rtsp.mp4': ({ trap }) => `rtsptext\nrtsp://${trap}/x.mov\n`,
    'page.html.mp4': ({ trap }) => `<!DOCTYPE html><video src="http://${trap}/x.mp4" autoplay></video>`,
  }),
];
