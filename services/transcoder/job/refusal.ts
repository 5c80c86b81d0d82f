import type { RefusalReason } from '../media/policy.ts';

/** A file that will never become a video: trying again changes nothing. The message is for its author. */
export class Refusal extends Error {
  readonly code: string;

  constructor({ code, sentence }: RefusalReason, options: { cause?: unknown } = {}) {
    super(sentence, options);
    this.name = 'Refusal';
    this.code = code;
  }
}

export const notAVideo: RefusalReason = { code: 'not-a-video', sentence: 'The file is not a video that can be read.' };

export const damaged: RefusalReason = {
  code: 'damaged',
  sentence: 'The file is damaged: its pictures cannot be decoded.',
};

export const originalIsGone: RefusalReason = {
  code: 'original-gone',
  sentence: 'The uploaded file is not there any more: upload it again.',
};
