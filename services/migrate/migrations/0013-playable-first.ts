import { addColumns } from './migration.ts';

/**
 * A video can be watched before all of its sizes are made: where the playlist of all lies, how far the work is, whose
 * outputs the video's row names, and which event of the outbox asks for the work. Processes of before write none of them;
 * their videos have one size, as ever.
 */
export const playableFirst = addColumns('0013-playable-first', {
  video: { hls_path: "VARCHAR(255) NOT NULL DEFAULT ''" },
  upload: {
    percent: 'TINYINT NOT NULL DEFAULT 0',
    published_fence: 'BIGINT NOT NULL DEFAULT 0',
    event_id: 'BIGINT NOT NULL DEFAULT 0',
  },
});
