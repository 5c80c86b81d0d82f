import assert from 'node:assert/strict';
import { type UploadRows, type UploadState, uploadState } from './upload-state.ts';

describe('the state of an upload', () => {
  const cases: [string, Partial<UploadRows>, UploadState][] = [
    ['that Kafka does not know of', { work: 'queued', isSent: false }, { state: 'received', percent: 0 }],
    ['that waits', { work: 'queued' }, { state: 'queued', percent: 0 }],
    ['that waits for another attempt', { work: 'queued', percent: 40 }, { state: 'queued', percent: 0 }],
    ['that is worked on', { work: 'processing', percent: 35 }, { state: 'processing', percent: 35 }],
    ['that can be watched', { video: 'ready', work: 'processing', percent: 60 }, { state: 'ready', percent: 60 }],
    ['that is whole', { video: 'ready', work: 'done', percent: 100 }, { state: 'ready', percent: 100 }],
    [
      'whose other sizes could not be made',
      { video: 'ready', work: 'done', percent: 45 },
      { state: 'ready', percent: 100 },
    ],
    ['of a video that was always there', { video: 'ready', work: undefined }, { state: 'ready', percent: 100 }],
    [
      'that failed',
      { video: 'failed', work: 'failed', reason: 'The video is too long.', percent: 12 },
      { state: 'failed', percent: 0, reason: 'The video is too long.' },
    ],
  ];
  for (const [what, rows, expected] of cases) {
    it(`is told of one ${what}`, () => {
      assert.deepEqual(
        uploadState({ video: 'processing', reason: '', work: 'queued', percent: 0, isSent: true, ...rows }),
        expected,
      );
    });
  }
});
