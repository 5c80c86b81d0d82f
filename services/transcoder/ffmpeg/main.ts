import { runSidecar } from '../../shared/lifecycle.ts';
import { serveFfmpeg } from './serve.ts';

/** What this process and ffmpeg make may be changed by the group that they share with the worker. */
const groupMayWrite = 0o002;

await runSidecar({
  component: 'ffmpeg',
  start: async ({ config, logger }) => {
    process.umask(groupMayWrite);
    return serveFfmpeg({ socketPath: config.FFMPEG_SOCKET, folder: config.FFMPEG_FOLDER, logger });
  },
});
