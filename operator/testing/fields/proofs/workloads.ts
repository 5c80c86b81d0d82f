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

const target = 'metrics 0 containerResource target averageUtilization';

/** Proofs of a service's own scaling by processor time. */
function processorProofs(field: string, component: string): Proofs {
  const given = { services: { [field.split('.')[1] ?? '']: { autoscaling: { maxReplicas: 4 } } } };
  const scaler = `HorizontalPodAutoscaler demo-${component} spec`;
  return {
    [`${field}.autoscaling.minReplicas`]: { given, to: 2, makes: { [`${scaler} minReplicas`]: 2 } },
    [`${field}.autoscaling.maxReplicas`]: { given, to: 7, makes: { [`${scaler} maxReplicas`]: 7 } },
    [`${field}.autoscaling.targetCPUUtilizationPercentage`]: {
      given,
      to: 50,
      makes: { [`${scaler} ${target}`]: 50 },
    },
  };
}

/** Proofs of the fields of `services`. */
export const serviceProofs: Proofs = Object.assign(
  {},
  ...(
    [
      ['auth', 'auth'],
      ['user', 'user'],
      ['video', 'video'],
      ['publish', 'publish'],
      ['likeWriter', 'like-writer'],
    ] as const
  ).map(([name, component]) => ({
    ...podProofs(`services.${name}`, component, { services: { [name]: variable } }, `containers ${component}`),
    ...processorProofs(`services.${name}`, component),
  })),
);

/** Space for what ffmpeg works on, on the disk of the node. */
const workspace = (sizeLimit: string, ephemeralStorage: string): Effect => ({
  'Deployment demo-transcoder spec template spec volumes work emptyDir sizeLimit': sizeLimit,
  'Deployment demo-transcoder spec template spec initContainers ffmpeg resources limits ephemeral-storage':
    ephemeralStorage,
});

const oneSize = { transcoder: { ladder: [{ shortSidePixels: 360, maxKilobitsPerSecond: 800 }] } };

/** What the scaler makes of a field shows in its decisions, not in a rollout. */
const decided = (title: string) => ({ file: 'operator/scaler/wanted.test.ts', title });

const directionProofs = (direction: string, title: string): Proofs =>
  Object.fromEntries(
    [
      'stabilizationWindowSeconds',
      'selectPolicy',
      'policies[].type',
      'policies[].value',
      'policies[].periodSeconds',
    ].map((field) => [`transcoder.autoscaling.behavior.${direction}.${field}`, decided(title)]),
  );

const scalingProofs: Proofs = {
  'transcoder.autoscaling.mode': { to: 'builtin', makes: { 'Deployment demo-transcoder spec replicas': 'unset' } },
  ...Object.fromEntries(
    ['minReplicas', 'maxReplicas', 'lagThreshold', 'activationLagThreshold'].map((field) => [
      `transcoder.autoscaling.${field}`,
      decided('keeps to the bounds and thresholds of the object'),
    ]),
  ),
  // The scaler of ours keeps to it as well: operator/scaler/decide.test.ts.
  'transcoder.autoscaling.cooldownSeconds': {
    given: { transcoder: { autoscaling: { mode: 'keda' } } },
    to: 60,
    makes: { 'ScaledObject demo-transcoder spec cooldownPeriod': 60 },
  },
  'transcoder.autoscaling.targetCPUUtilizationPercentage': {
    given: { transcoder: { autoscaling: { mode: 'hpa' } } },
    to: 50,
    makes: { [`HorizontalPodAutoscaler demo-transcoder spec ${target}`]: 50 },
  },
  'transcoder.autoscaling.pollingSeconds': decided(
    'reads the lag as often as the object says, and after failures less often',
  ),
  ...directionProofs('scaleUp', 'rises as fast as the object lets it'),
  ...directionProofs('scaleDown', 'falls as fast as the object lets it'),
  ...Object.fromEntries(
    ['failureThreshold', 'replicas', 'behavior'].map((field) => [
      `transcoder.autoscaling.fallback.${field}`,
      decided('falls back as the object says while nobody knows the lag'),
    ]),
  ),
};

/** Proofs of the fields of `transcoder`. */
export const transcoderProofs: Proofs = {
  ...scalingProofs,
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
