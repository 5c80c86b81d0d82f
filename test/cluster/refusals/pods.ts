import type { Refusal } from './refusal.ts';

/** Pods, images and videos that cannot be. */
export const refusedPods: Refusal[] = [
  {
    what: 'negative replicas',
    spec: { services: { auth: { replicas: -1 } } },
    says: 'spec.services.auth.replicas: Invalid value: -1: spec.services.auth.replicas in body should be greater than or equal to 0',
  },
  {
    what: 'half a replica',
    spec: { services: { user: { replicas: 1.5 } } },
    says: 'spec.services.user.replicas: Invalid value: "number": spec.services.user.replicas in body must be of type integer: "number"',
  },
  {
    what: 'more replicas than anybody runs',
    spec: { transcoder: { replicas: 1001 } },
    says: 'spec.transcoder.replicas: Invalid value: 1001: spec.transcoder.replicas in body should be less than or equal to 1000',
  },
  {
    what: 'a label of ours on its pods',
    spec: { services: { auth: { labels: { 'app.kubernetes.io/name': 'mine' } } } },
    says: 'spec.services.auth.labels: Invalid value: "object": labels must not begin with app.kubernetes.io/: the platform selects its pods by those. Take another name',
  },
  {
    what: 'a label with a space',
    spec: { transcoder: { labels: { team: 'clips and shorts' } } },
    says: 'spec.transcoder.labels: Invalid value: "object": values of labels must be letters, digits, dashes, underscores and dots, the first and the last a letter or digit: put other texts into annotations',
  },
  {
    what: 'a label whose name is two words',
    spec: { services: { user: { labels: { 'our team': 'clips' } } } },
    says: 'spec.services.user.labels: Invalid value: "object": names of labels must be letters, digits, dashes, underscores and dots, 63 at most, perhaps after a domain and a slash',
  },
  {
    what: 'an annotation of a URL',
    spec: { transcoder: { annotations: { 'https://example.org/team': 'clips' } } },
    says: 'spec.transcoder.annotations: Invalid value: "object": names of annotations must be letters, digits, dashes, underscores and dots, 63 at most, perhaps after a domain and a slash',
  },
  {
    what: 'a variable twice',
    spec: {
      transcoder: {
        env: [
          { name: 'A', value: '1' },
          { name: 'A', value: '2' },
        ],
      },
    },
    says: 'spec.transcoder.env[1]: Duplicate value: {"name":"A"}',
  },
  {
    what: 'a variable that no shell knows',
    spec: { transcoder: { env: [{ name: 'A-B', value: '1' }] } },
    says: 'spec.transcoder.env[0].name: Invalid value: "string": must be the name of a variable: letters, digits and underscores, and no digit first',
  },
  {
    what: 'a variable without a value',
    spec: { services: { video: { env: [{ name: 'A' }] } } },
    says: 'spec.services.video.env[0].value: Required value',
  },
  {
    what: 'an amount of memory that is none',
    spec: { services: { video: { resources: { limits: { memory: '1 GB' } } } } },
    says: 'spec.services.video.resources.limits.memory: Invalid value: "": must be an amount as Kubernetes writes it: write 500m, 1.5, 256Mi or 10Gi for example',
  },
  {
    what: 'more processor time reserved than allowed',
    spec: { services: { video: { resources: { requests: { cpu: 2 }, limits: { cpu: '500m' } } } } },
    says: 'spec.services.video.resources: Invalid value: "object": resources.requests.cpu must not be more than resources.limits.cpu: reserve less or allow more',
  },
  {
    what: 'more memory reserved than allowed',
    spec: { transcoder: { resources: { requests: { memory: '2Gi' }, limits: { memory: '1Gi' } } } },
    says: 'spec.transcoder.resources: Invalid value: "object": resources.requests.memory must not be more than resources.limits.memory: reserve less or allow more',
  },
  {
    what: 'half a digest',
    spec: { images: { digests: { services: 'sha256:12' } } },
    says: 'spec.images.digests.services: Invalid value: "string": must be sha256: and 64 hexadecimal digits: copy the whole digest',
  },
  {
    what: 'a registry at a URL',
    spec: { images: { registry: 'https://images.example.org' } },
    says: 'spec.images.registry: Invalid value: "string": must be the host of a registry, perhaps with a port and a path: leave out the scheme and a slash at the end',
  },
  {
    what: 'a tag with a name before it',
    spec: { images: { tag: 'services:1.2.3' } },
    says: 'spec.images.tag: Invalid value: "string": must be a tag alone: letters, digits, underscores, dots and dashes',
  },
  {
    what: 'an unknown pull policy',
    spec: { images: { pullPolicy: 'Sometimes' } },
    says: 'spec.images.pullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"',
  },
  {
    what: 'a pull secret twice',
    spec: { images: { pullSecrets: [{ name: 'a' }, { name: 'a' }] } },
    says: 'spec.images.pullSecrets[1]: Duplicate value: {"name":"a"}',
  },
  {
    what: 'a size of an odd number of lines',
    spec: { transcoder: { ladder: [{ shortSidePixels: 361, maxKilobitsPerSecond: 800 }] } },
    says: 'spec.transcoder.ladder[0].shortSidePixels: Invalid value: "integer": shortSidePixels must be even: H.264 stores colours for pairs of pixels. Take the next even number',
  },
  {
    what: 'a size twice',
    spec: {
      transcoder: {
        ladder: [
          { shortSidePixels: 360, maxKilobitsPerSecond: 800 },
          { shortSidePixels: 360, maxKilobitsPerSecond: 900 },
        ],
      },
    },
    says: 'spec.transcoder.ladder[1]: Duplicate value: {"shortSidePixels":360}',
  },
  {
    what: 'no size at all',
    spec: { transcoder: { ladder: [] } },
    says: 'spec.transcoder.ladder: Invalid value: 0: spec.transcoder.ladder in body should have at least 1 items',
  },
  {
    what: 'a preset that takes days',
    spec: { transcoder: { preset: 'placebo' } },
    says: 'spec.transcoder.preset: Unsupported value: "placebo": supported values: "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow"',
  },
];
