/** What the rows say of an upload; `work` is undefined for a video that was not uploaded here. */
export interface UploadRows {
  video: 'processing' | 'ready' | 'failed';
  reason: string;
  work: 'queued' | 'processing' | 'done' | 'failed' | undefined;
  percent: number;
  /** Whether the transcoders have been asked for the work: not before Kafka could be reached. */
  isSent: boolean;
}

/** How an upload stands, as its author is told. */
export interface UploadState {
  state: 'received' | 'queued' | 'processing' | 'ready' | 'failed';
  /** How far the work is, which goes on for a while after a video is ready: other sizes are made then. */
  percent: number;
  /** Why it failed, in a sentence. */
  reason?: string;
}

/** A video that can be watched is ready, whatever is still to be made of it. Pure. */
export function uploadState({ video, reason, work, percent, isSent }: UploadRows): UploadState {
  if (video === 'failed') return { state: 'failed', percent: 0, reason };
  if (video === 'ready') return { state: 'ready', percent: work === 'processing' || work === 'queued' ? percent : 100 };
  if (work === 'processing') return { state: 'processing', percent };
  return { state: isSent ? 'queued' : 'received', percent: 0 };
}
