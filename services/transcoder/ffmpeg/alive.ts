import { readConfig } from '../../shared/config.ts';
import { createMediaTools } from '../media/tools.ts';

/** For the probes of the container: ends with 0 when the process answers on its socket. */
await createMediaTools({ socketPath: readConfig('ffmpeg').FFMPEG_SOCKET }).check();
