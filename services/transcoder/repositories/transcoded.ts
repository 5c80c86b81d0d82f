/** What a transcode has made, as the video's row shows it. */
export interface Transcoded {
  playPath: string;
  coverPath: string;
  width: number;
  height: number;
  durationMs: number;
}
