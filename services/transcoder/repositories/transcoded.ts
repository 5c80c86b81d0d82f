/** What a transcode has made, as the video's row shows it. */
export interface Transcoded {
  playPath: string;
  coverPath: string;
  /** Playlist that leads to all sizes; empty while there is only one. */
  hlsPath: string;
  width: number;
  height: number;
  durationMs: number;
}
