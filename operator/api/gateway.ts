import Type from 'typebox';
import {
  choice,
  integer,
  label,
  namespace,
  networks,
  objectName,
  origin,
  reference,
  rules,
  section,
  shaped,
  texts,
} from './schema.ts';

/** Pods have addresses of these; clients outside of the cluster do not reach the services. */
const privateNetworks = [
  ...['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'],
  ...['::1/128', 'fc00::/7'],
];

const isHostName = shaped(
  `^${label}(\\.${label})*$`,
  'must be a host name of lower-case letters, digits, dashes and dots: leave out scheme and port',
);

const Service = section(
  {
    type: choice(['NodePort', 'ClusterIP', 'LoadBalancer'], {
      default: 'NodePort',
      description: 'Type of the Service in front of the gateway.',
    }),
    nodePort: Type.Optional(
      integer({
        minimum: 1,
        maximum: 65535,
        description: 'Port on every node. Kubernetes chooses a free one when absent; its own range is 30000-32767.',
      }),
    ),
  },
  {
    description: 'The Service in front of the gateway, with mode builtin.',
    ...rules({
      rule: "!has(self.nodePort) || self.type != 'ClusterIP'",
      message:
        'gateway.service.nodePort has no effect with type ClusterIP: remove it or choose NodePort or LoadBalancer',
    }),
  },
);

const Ingress = Type.Object(
  {
    className: Type.Optional(
      objectName('IngressClass of the controller that is to serve it; the default class of the cluster when absent.'),
    ),
    annotations: texts({
      description:
        'Annotations of the Ingress, which controllers take for options. Those that let ingress-nginx pass uploads are set already.',
    }),
  },
  { description: 'The Ingress, with mode ingress.' },
);

const GatewayApi = Type.Object(
  {
    parentRefs: Type.Array(
      Type.Object({
        name: objectName('Name of the Gateway.'),
        namespace: Type.Optional(namespace('Namespace of the Gateway; that of the platform when absent.')),
        sectionName: Type.Optional(objectName('Listener of the Gateway; all when absent.')),
      }),
      { minItems: 1, maxItems: 8, description: 'Gateways that the HTTPRoute asks to be served by.' },
    ),
  },
  { description: 'The HTTPRoute, with mode gatewayAPI.' },
);

export const Gateway = section(
  {
    mode: choice(['builtin', 'ingress', 'gatewayAPI', 'none'], {
      default: 'builtin',
      description:
        'Who leads requests to the services: builtin, an nginx of the platform that also serves the web page; ingress, an Ingress; gatewayAPI, an HTTPRoute; none, what you make yourself for the Services of the platform.',
    }),
    publicUrl: Type.Optional(
      origin(
        'Address under which clients reach the platform, without a path. Default: with builtin the node port or the load balancer of its Service, with ingress the host.',
      ),
    ),
    host: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 253,
        ...rules(isHostName),
        description:
          'Host name of the platform: the only one that an Ingress or HTTPRoute leads to it, and part of the default of publicUrl.',
      }),
    ),
    tls: Type.Optional(
      Type.Object(
        { secretRef: reference('Secret of type kubernetes.io/tls, with tls.crt and tls.key.') },
        {
          description:
            'The gateway, or the Ingress, speaks TLS with this certificate. A renewed one is taken within a minute.',
        },
      ),
    ),
    service: Service,
    ingress: Type.Optional(Ingress),
    gatewayAPI: Type.Optional(GatewayApi),
    controllerNamespaces: Type.Array(namespace('Name of the namespace.'), {
      default: [],
      maxItems: 16,
      description:
        'With any other mode than builtin: namespaces of the pods that may connect to the services, such as those of an ingress controller. Default: from anywhere.',
    }),
    trustedCidrs: networks({
      default: privateNetworks,
      description:
        'Networks of the pods of the gateway: services believe what hosts in them say about the address of a client (X-Forwarded-For), and nobody else. Default: private networks.',
    }),
  },
  {
    description: 'The one address of the platform.',
    ...rules(
      {
        rule: "self.mode != 'builtin' || self.service.type != 'ClusterIP' || has(self.publicUrl)",
        message:
          'gateway.publicUrl is required with service type ClusterIP: set it to the address under which clients reach the gateway',
      },
      {
        rule: "self.mode != 'ingress' || has(self.host) || has(self.publicUrl)",
        message:
          'gateway.host is required with mode ingress: set it to the name under which clients reach the platform, or set gateway.publicUrl',
      },
      {
        rule: "!(self.mode in ['gatewayAPI', 'none']) || has(self.publicUrl)",
        message:
          'gateway.publicUrl is required with mode gatewayAPI and none: set it to the address under which clients reach the platform',
      },
      {
        rule: "(self.mode == 'ingress') || !has(self.ingress)",
        message: 'gateway.ingress has no effect without mode ingress: remove it or set gateway.mode to ingress',
      },
      {
        rule: "(self.mode == 'gatewayAPI') == has(self.gatewayAPI)",
        message:
          'gateway.gatewayAPI goes with mode gatewayAPI, and only with it: name the Gateway in gateway.gatewayAPI.parentRefs, or remove it',
      },
      {
        rule: "self.mode == 'builtin' || !has(self.service.nodePort)",
        message:
          'gateway.service.nodePort has no effect without mode builtin: remove it or set gateway.mode to builtin',
      },
      {
        rule: "self.mode != 'builtin' || size(self.controllerNamespaces) == 0",
        message:
          'gateway.controllerNamespaces has no effect with mode builtin: remove it, or say with gateway.mode who leads requests to the services',
      },
      {
        rule: "!has(self.tls) || self.mode in ['builtin', 'ingress']",
        message:
          'gateway.tls has no effect with mode gatewayAPI and none: remove it, and set the certificate where TLS ends, at the listener of your Gateway for example',
      },
    ),
  },
);
