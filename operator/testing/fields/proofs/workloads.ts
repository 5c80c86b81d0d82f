import type { Effect } from '../effect.ts';
import { type GivenSpec, type Proof, type Proofs, told } from '../proof.ts';

const variable = { env: [{ name: 'A', value: '1' }] };

/** Proofs of what can be said of the pods of any component: `amounts` is where its processor time and memory are. */
function podProofs(field: string, deployment: string, given: GivenSpec, amounts: string): Proofs {
  const template = `Deployment demo-${deployment} spec template`;
  const env = `${template} spec containers ${deployment} env`;
  const amount = (kind: string, name: string, to: string): Proof => ({
    to,
    makes: { [`${template} spec ${amounts} resources ${kind} ${name}`]: to },
  });
  return {
    [`${field}.replicas`]: { to: 3, makes: { [`Deployment demo-${deployment} spec replicas`]: 3 } },
    [`${field}.resources.requests.cpu`]: amount('requests', 'cpu', '123m'),
    [`${field}.resources.requests.memory`]: amount('requests', 'memory', '123Mi'),
    [`${field}.resources.limits.cpu`]: amount('limits', 'cpu', '3'),
    [`${field}.resources.limits.memory`]: amount('limits', 'memory', '3Gi'),
    [`${field}.labels`]: { to: { team: 'clips' }, makes: { [`${template} metadata labels team`]: 'clips' } },
    [`${field}.annotations`]: { to: { team: 'clips' }, makes: { [`${template} metadata annotations team`]: 'clips' } },
    [`${field}.env[].name`]: {
      given,
      to: 'B',
      makes: { [`${env} A`]: 'unset', [`${env} B`]: { name: 'B', value: '1' } },
    },
    [`${field}.env[].value`]: { given, to: '2', makes: { [`${env} A value`]: '2' } },
    [`${field}.priorityClassName`]: { to: 'high', makes: { [`${template} spec priorityClassName`]: 'high' } },
  };
}

/** Proofs of the fields of `services`. */
export const serviceProofs: Proofs = {
  ...podProofs('services.auth', 'auth', { services: { auth: variable } }, 'containers auth'),
  ...podProofs('services.user', 'user', { services: { user: variable } }, 'containers user'),
  ...podProofs('services.video', 'video', { services: { video: variable } }, 'containers video'),
  ...podProofs('services.publish', 'publish', { services: { publish: variable } }, 'containers publish'),
  ...podProofs('services.likeWriter', 'like-writer', { services: { likeWriter: variable } }, 'containers like-writer'),
};

/** Space for what ffmpeg works on, on the disk of the node. */
const workspace = (sizeLimit: string, ephemeralStorage: string): Effect => ({
  'Deployment demo-transcoder spec template spec volumes work emptyDir sizeLimit': sizeLimit,
  'Deployment demo-transcoder spec template spec initContainers ffmpeg resources limits ephemeral-storage':
    ephemeralStorage,
});

const oneSize = { transcoder: { ladder: [{ shortSidePixels: 360, maxKilobitsPerSecond: 800 }] } };

/** Proofs of the fields of `transcoder`. */
export const transcoderProofs: Proofs = {
  ...podProofs('transcoder', 'transcoder', { transcoder: variable }, 'initContainers ffmpeg'),
  'transcoder.limits.maxDurationSeconds': {
    to: 60,
    makes: {
      ...told(['transcoder'], 'TRANSCODE_MAX_DURATION_SECONDS', '60'),
      // Two runs of ffmpeg, each at most 30 s and eight times as long as the video, and a minute.
      'Deployment demo-transcoder spec template spec terminationGracePeriodSeconds': 1_080,
      ...workspace('515Mi', '707Mi'),
    },
  },
  'transcoder.limits.maxPixels': { to: 1_000_000, makes: told(['transcoder'], 'TRANSCODE_MAX_PIXELS', '1000000') },
  'transcoder.ladder[].shortSidePixels': {
    given: oneSize,
    to: 480,
    makes: told(['transcoder'], 'TRANSCODE_LADDER', '480:800'),
  },
  'transcoder.ladder[].maxKilobitsPerSecond': {
    given: oneSize,
    to: 8_000,
    makes: { ...told(['transcoder'], 'TRANSCODE_LADDER', '360:8000'), ...workspace('1575Mi', '1767Mi') },
  },
  'transcoder.preset': { to: 'slow', makes: told(['transcoder'], 'TRANSCODE_PRESET', 'slow') },
  'transcoder.quality': { to: 20, makes: told(['transcoder'], 'TRANSCODE_QUALITY', '20') },
};
