import Type, { type Static } from 'typebox';
import { choice, integer, rules, section } from './schema.ts';

const Policy = Type.Object({
  type: choice(['Pods', 'Percent'], { description: 'What the value counts.' }),
  value: integer({ minimum: 1, maximum: 1000, description: 'How much may change within the period.' }),
  periodSeconds: integer({ minimum: 1, maximum: 1800, description: 'The period.' }),
});

const direction = (description: string, stabilizationWindowSeconds: number) =>
  section(
    {
      stabilizationWindowSeconds: integer({
        minimum: 0,
        maximum: 3600,
        default: stabilizationWindowSeconds,
        description: 'How long a need must last before it is followed.',
      }),
      selectPolicy: choice(['Max', 'Min', 'Disabled'], {
        default: 'Max',
        description: 'Which policy counts: the one that changes most, the one that changes least, or no change at all.',
      }),
      policies: Type.Array(Policy, {
        default: [],
        maxItems: 8,
        description: 'Limits of how fast it goes; without any it goes at once.',
        'x-kubernetes-list-type': 'atomic',
      }),
    },
    { description },
  );

const Behavior = section(
  {
    scaleUp: direction('When more are needed.', 0),
    scaleDown: direction('When fewer are needed.', 300),
  },
  { description: 'How fast the number changes; the words are those of a HorizontalPodAutoscaler.' },
);

const Fallback = Type.Object(
  {
    failureThreshold: integer({
      minimum: 0,
      maximum: 1000,
      default: 3,
      description: 'Readings of the lag that may fail in a row.',
    }),
    replicas: integer({ minimum: 0, maximum: 1000, description: 'How many there are then, within the bounds.' }),
    behavior: choice(['static', 'currentReplicas', 'currentReplicasIfHigher', 'currentReplicasIfLower'], {
      default: 'static',
      description: 'Whether those that are there count instead.',
    }),
  },
  { description: 'How many there are while nobody knows the lag; what is there stays when absent.' },
);

const targetUtilization = integer({
  minimum: 1,
  maximum: 1000,
  default: 80,
  description: 'With hpa, how much processor time is to be taken, in percent of what is reserved.',
});

/** `spec.services.<name>.autoscaling`. */
export const ServiceAutoscaling = Type.Object(
  {
    minReplicas: integer({ minimum: 1, maximum: 1000, default: 1, description: 'The fewest pods.' }),
    maxReplicas: integer({ minimum: 1, maximum: 1000, description: 'The most pods.' }),
    targetCPUUtilizationPercentage: integer({
      minimum: 1,
      maximum: 1000,
      default: 80,
      description: 'How much processor time is to be taken, in percent of what is reserved.',
    }),
  },
  {
    description:
      'A HorizontalPodAutoscaler says how many pods there are, by their processor time; replicas when absent.',
    ...rules({
      rule: 'self.minReplicas <= self.maxReplicas',
      message: 'autoscaling.minReplicas must not be larger than maxReplicas: lower the one or raise the other',
    }),
  },
);

/** `spec.transcoder.autoscaling`, in KEDA's words. */
export const Autoscaling = section(
  {
    mode: choice(['none', 'builtin', 'keda', 'hpa'], {
      default: 'none',
      description:
        'Who says how many there are: none, transcoder.replicas; builtin, the operator, by the uploads that wait or run; keda, a ScaledObject of KEDA, by the same; hpa, a HorizontalPodAutoscaler, by the processor time that ffmpeg takes.',
    }),
    minReplicas: integer({
      minimum: 0,
      maximum: 1000,
      default: 0,
      description: 'The fewest; with 0 the last one goes after the cooldown, and with hpa one stays.',
    }),
    maxReplicas: Type.Optional(
      integer({
        minimum: 1,
        maximum: 1000,
        description:
          'The most, and never more than topics.uploads.partitions, each of which has one transcoder at most; half of those when absent.',
      }),
    ),
    lagThreshold: integer({
      minimum: 1,
      maximum: 100_000,
      default: 5,
      description: 'Uploads that wait or run, for one transcoder.',
    }),
    activationLagThreshold: integer({
      minimum: 0,
      maximum: 100_000,
      default: 0,
      description: 'Up to so many uploads no first transcoder is started.',
    }),
    pollingSeconds: integer({ minimum: 1, maximum: 3600, default: 5, description: 'How often the lag is read.' }),
    cooldownSeconds: integer({
      minimum: 0,
      maximum: 86_400,
      default: 300,
      description: 'How long there must be nothing to do before the last transcoder goes.',
    }),
    targetCPUUtilizationPercentage: targetUtilization,
    behavior: Behavior,
    fallback: Type.Optional(Fallback),
  },
  {
    description: 'The number of transcoders by the uploads in Kafka that are not done.',
    ...rules({
      rule: '!has(self.maxReplicas) || self.minReplicas <= self.maxReplicas',
      message: 'autoscaling.minReplicas must not be larger than maxReplicas: lower the one or raise the other',
    }),
  },
);
export type Autoscaling = Static<typeof Autoscaling>;
