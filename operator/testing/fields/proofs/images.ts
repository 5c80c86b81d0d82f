import type { Effect } from '../effect.ts';
import { each, type Proofs, services } from '../proof.ts';

const servers = ['mysql', 'redis', 'kafka', 'object-store'] as const;
const jobs = ['migrate', 'warmup'] as const;

/** A field of the first container of each workload, whose name is that of the component. */
const ofContainer = (kind: string, names: readonly string[], field: string, value: (name: string) => unknown) =>
  each(names, (name) => ({
    [`${kind} demo-${name}${kind === 'Job' ? '-#' : ''} spec template spec containers ${name} ${field}`]: value(name),
  }));

const ofFfmpeg = (field: string, value: unknown): Effect => ({
  [`Deployment demo-transcoder spec template spec initContainers ffmpeg ${field}`]: value,
});

/** Whatever runs the image of the services, the worker of the transcoder included. */
const servicesRun = (reference: string): Effect => ({
  ...ofContainer('Deployment', [...services, 'transcoder'], 'image', () => reference),
  ...ofContainer('Job', jobs, 'image', () => reference),
  'ConfigMap demo-warmup data WARMUP_RUN': 'another',
});
const ffmpegRuns = (reference: string): Effect => ofFfmpeg('image', reference);
const gatewayRuns = (reference: string): Effect => ofContainer('Deployment', ['gateway'], 'image', () => reference);

const ofAllPods = (field: string, value: unknown): Effect => ({
  ...each([...services, 'transcoder', 'gateway'], (name) => ({
    [`Deployment demo-${name} spec template spec ${field}`]: value,
  })),
  ...each(servers, (name) => ({ [`StatefulSet demo-${name} spec template spec ${field}`]: value })),
  ...each(jobs, (name) => ({ [`Job demo-${name}-# spec template spec ${field}`]: value })),
});

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

/** Proofs of the fields of `images`. */
export const imageProofs: Proofs = {
  'images.registry': {
    to: 'mirror.example.org/proxy',
    makes: {
      ...servicesRun('mirror.example.org/proxy/tiktok-lite/services:1.2.3'),
      ...ffmpegRuns('mirror.example.org/proxy/tiktok-lite/transcoder:1.2.3'),
      ...gatewayRuns('mirror.example.org/proxy/tiktok-lite/gateway:1.2.3'),
      ...each(servers, (name) => ({
        [`StatefulSet demo-${name} spec template spec containers ${name} image`]: /^mirror\.example\.org\/proxy\/.+:/,
      })),
    },
  },
  'images.tag': {
    to: '2.0.0',
    makes: {
      ...servicesRun('tiktok-lite/services:2.0.0'),
      ...ffmpegRuns('tiktok-lite/transcoder:2.0.0'),
      ...gatewayRuns('tiktok-lite/gateway:2.0.0'),
    },
  },
  'images.digests.services': { to: digest, makes: servicesRun(`tiktok-lite/services@${digest}`) },
  'images.digests.transcoder': { to: digest, makes: ffmpegRuns(`tiktok-lite/transcoder@${digest}`) },
  'images.digests.gateway': { to: digest, makes: gatewayRuns(`tiktok-lite/gateway@${digest}`) },
  'images.pullPolicy': {
    to: 'Always',
    makes: {
      ...ofContainer('Deployment', [...services, 'transcoder', 'gateway'], 'imagePullPolicy', () => 'Always'),
      ...ofContainer('StatefulSet', servers, 'imagePullPolicy', () => 'Always'),
      ...ofContainer('Job', jobs, 'imagePullPolicy', () => 'Always'),
      ...ofFfmpeg('imagePullPolicy', 'Always'),
    },
  },
  'images.pullSecrets[].name': { to: 'registry', makes: ofAllPods('imagePullSecrets', [{ name: 'registry' }]) },
};
