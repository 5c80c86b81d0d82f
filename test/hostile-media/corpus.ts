import { boxes } from './files/boxes.ts';
import { matroskas } from './files/matroska.ts';
import { streams } from './files/mpegts.ts';
import { playlists } from './files/playlists.ts';
import { avis } from './files/riff.ts';
import { sizes } from './files/sizes.ts';
import { strangers } from './files/strangers.ts';
import type { HostileFile } from './hostile-file.ts';

/** Every hostile file, made by code: nothing of them is stored. */
export const corpus: readonly HostileFile[] = [
  ...playlists,
  ...boxes,
  ...matroskas,
  ...avis,
  ...streams,
  ...sizes,
  ...strangers,
];
