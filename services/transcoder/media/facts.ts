/** What a file says about itself; numbers and names only, never a text that its author chose. */
export interface MediaFacts {
  durationSeconds: number | undefined;
  streamCount: number;
  /** The first moving picture; covers do not count. */
  video: VideoFacts | undefined;
  audio: { index: number; codec: string } | undefined;
}

export interface VideoFacts {
  index: number;
  codec: string;
  /** As stored, before rotation and with pixels that need not be square. */
  width: number;
  height: number;
  rotationDegrees: number;
  /** Width of a pixel divided by its height. */
  pixelAspect: number;
  frameRate: Ratio | undefined;
}

export interface Ratio {
  over: number;
  under: number;
}

interface ProbedStream {
  index?: number;
  codec_type?: string;
  codec_name?: string;
  width?: number;
  height?: number;
  sample_aspect_ratio?: string;
  avg_frame_rate?: string;
  disposition?: { attached_pic?: number };
  side_data_list?: { rotation?: number }[];
}

interface Probed {
  streams?: ProbedStream[];
  format?: { duration?: string; nb_streams?: number };
}

/** The entries that ffprobe is asked for; tags are not among them. */
export const probedEntries = [
  'stream=index,codec_type,codec_name,width,height,sample_aspect_ratio,avg_frame_rate',
  'stream_disposition=attached_pic',
  'stream_side_data=rotation',
  'format=duration,nb_streams',
].join(':');

/** Reads what ffprobe printed as JSON. */
export function parseFacts(json: string): MediaFacts {
  const { streams = [], format = {} }: Probed = JSON.parse(json);
  const video = streams.find((stream) => stream.codec_type === 'video' && stream.disposition?.attached_pic !== 1);
  const audio = streams.find((stream) => stream.codec_type === 'audio');
  return {
    durationSeconds: positive(Number(format.duration)),
    streamCount: format.nb_streams ?? streams.length,
    video: video && videoFacts(video),
    audio: audio && { index: audio.index ?? 0, codec: audio.codec_name ?? 'unknown' },
  };
}

const videoFacts = (stream: ProbedStream): VideoFacts => {
  const aspect = parseRatio(stream.sample_aspect_ratio, ':');
  return {
    index: stream.index ?? 0,
    codec: stream.codec_name ?? 'unknown',
    width: stream.width ?? 0,
    height: stream.height ?? 0,
    rotationDegrees: stream.side_data_list?.find(({ rotation }) => rotation !== undefined)?.rotation ?? 0,
    pixelAspect: aspect ? aspect.over / aspect.under : 1,
    frameRate: parseRatio(stream.avg_frame_rate, '/'),
  };
};

/** "30000/1001" or "4:3"; undefined for the forms in which ffprobe says that it does not know. */
function parseRatio(text: string | undefined, separator: string): Ratio | undefined {
  const [over, under] = (text ?? '').split(separator).map((part) => positive(Number(part)));
  return over !== undefined && under !== undefined ? { over, under } : undefined;
}

const positive = (value: number): number | undefined => (Number.isFinite(value) && value > 0 ? value : undefined);
