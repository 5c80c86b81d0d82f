/** What a file says about itself; numbers and names only, never a text that its author chose. */
export interface MediaFacts {
  durationSeconds: number | undefined;
  streamCount: number;
  /** The first moving picture; covers do not count. */
  video: VideoFacts | undefined;
  audio: AudioFacts | undefined;
}

export interface AudioFacts {
  index: number;
  codec: string;
  /** 0 where the file does not say. */
  channels: number;
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
  /** ffprobe's name of the order in which half pictures come; `progressive` for whole ones. */
  fieldOrder: string | undefined;
  /** ffprobe's name of the curve by which brightness is stored. */
  transfer: string | undefined;
  dolbyVisionProfile: number | undefined;
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
  field_order?: string;
  color_transfer?: string;
  channels?: number;
  disposition?: { attached_pic?: number };
  side_data_list?: { rotation?: number; dv_profile?: number }[];
}

interface Probed {
  streams?: ProbedStream[];
  format?: { duration?: string; nb_streams?: number };
}

/** The entries that ffprobe is asked for; tags are not among them. */
export const probedEntries = [
  'stream=index,codec_type,codec_name,width,height,sample_aspect_ratio,avg_frame_rate,field_order,color_transfer,channels',
  'stream_disposition=attached_pic',
  'stream_side_data=rotation,dv_profile',
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
    audio: audio && { index: audio.index ?? 0, codec: audio.codec_name ?? 'unknown', channels: audio.channels ?? 0 },
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
    fieldOrder: stream.field_order,
    transfer: stream.color_transfer,
    dolbyVisionProfile: stream.side_data_list?.find(({ dv_profile }) => dv_profile !== undefined)?.dv_profile,
  };
};

/** "30000/1001" or "4:3"; undefined for the forms in which ffprobe says that it does not know. */
function parseRatio(text: string | undefined, separator: string): Ratio | undefined {
  const [over, under] = (text ?? '').split(separator).map((part) => positive(Number(part)));
  return over !== undefined && under !== undefined ? { over, under } : undefined;
}

const positive = (value: number): number | undefined => (Number.isFinite(value) && value > 0 ? value : undefined);
