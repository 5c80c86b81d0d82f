import Type from 'typebox';
import { ServiceAutoscaling } from './autoscaling.ts';
import { integer, namespace, objectName, quantity, rules, section, shaped, texts } from './schema.ts';

const amounts = (description: string) =>
  Type.Optional(
    Type.Object(
      {
        cpu: Type.Optional(quantity({ description: 'Processor time, for example 250m.' })),
        memory: Type.Optional(quantity({ description: 'Memory, for example 256Mi.' })),
      },
      { description },
    ),
  );

/** A pod that reserves more than it may use is refused by Kubernetes. */
const requestsWithinLimits = (name: 'cpu' | 'memory') => {
  const has = `has(self.requests) && has(self.limits) && has(self.requests.${name}) && has(self.limits.${name})`;
  const amounts = `quantity(string(self.requests.${name})).compareTo(quantity(string(self.limits.${name})))`;
  return {
    rule: `!(${has}) || ${amounts} <= 0`,
    message: `resources.requests.${name} must not be more than resources.limits.${name}: reserve less or allow more`,
  };
};

export const Resources = section(
  {
    requests: amounts('What the scheduler reserves; a missing entry keeps the default of the component.'),
    limits: amounts('What a pod may use at most; a missing entry keeps the default of the component.'),
  },
  {
    description: 'Processor time and memory of one pod.',
    ...rules(requestsWithinLimits('cpu'), requestsWithinLimits('memory')),
  },
);

const replicas = integer({ minimum: 0, maximum: 1000, default: 1, description: 'Number of pods without autoscaling.' });

/** Labels of ours select pods: nobody may set them otherwise. */
const noLabelsOfOurs = {
  rule: "self.all(name, !name.startsWith('app.kubernetes.io/'))",
  message: 'labels must not begin with app.kubernetes.io/: the platform selects its pods by those. Take another name',
};

const isVariable = shaped(
  '^[A-Za-z_][A-Za-z0-9_]*$',
  'must be the name of a variable: letters, digits and underscores, and no digit first',
);

const haveNames = (what: 'labels' | 'annotations') => ({
  rule: "self.all(name, name.matches(r'^([a-z0-9][-a-z0-9.]*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
  message: `names of ${what} must be letters, digits, dashes, underscores and dots, 63 at most, perhaps after a domain and a slash`,
});

const isLabelValue = {
  rule: "self.all(name, self[name].matches(r'^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$'))",
  message:
    'values of labels must be letters, digits, dashes, underscores and dots, the first and the last a letter or digit: put other texts into annotations',
};

/** What can be added to the pods of any component of ours. */
export const extras = {
  labels: texts(
    { description: 'More labels of the pods.', ...rules(noLabelsOfOurs, haveNames('labels'), isLabelValue) },
    { maxLength: 63 },
  ),
  annotations: texts({ description: 'More annotations of the pods.', ...rules(haveNames('annotations')) }),
  env: Type.Array(
    Type.Object({
      name: Type.String({
        minLength: 1,
        maxLength: 128,
        ...rules(isVariable),
        description: 'Name of the variable.',
      }),
      value: Type.String({ maxLength: 4096, description: 'Its value, as it is.' }),
    }),
    {
      default: [],
      maxItems: 32,
      description: 'More variables of the environment; one of the same name wins over what the operator sets.',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
    },
  ),
  priorityClassName: Type.Optional(objectName('PriorityClass of the pods; the default of the cluster when absent.')),
};

const service = (does: string) =>
  section(
    { replicas, autoscaling: Type.Optional(ServiceAutoscaling), resources: Resources, ...extras },
    { description: does },
  );

export const Services = section(
  {
    auth: service('Registers users, logs them in, owns credentials and signing keys.'),
    user: service('Profiles.'),
    video: service('Feed, likes and lists of videos.'),
    publish: service('Takes uploads.'),
    likeWriter: service('Writes likes from Kafka into the database, in batches.'),
  },
  { description: 'The API services and the like writer.' },
);

export const NetworkPolicy = section(
  {
    enabled: Type.Boolean({
      default: true,
      description: 'Refuse every connection from and to the pods but those that the platform is made of.',
    }),
    metricsNamespaces: Type.Array(namespace('Name of the namespace.'), {
      default: [],
      maxItems: 16,
      description: 'Namespaces whose pods may read /metrics of the components, for example that of Prometheus.',
    }),
  },
  { description: 'Who may talk to whom. It takes effect where the network of the cluster enforces NetworkPolicies.' },
);
