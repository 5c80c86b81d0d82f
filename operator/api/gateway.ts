import Type from 'typebox';
import { choice, integer, networks, origin, rules, section } from './schema.ts';

/** Pods have addresses of these; clients outside of the cluster do not reach the services. */
const privateNetworks = [
  ...['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'],
  ...['::1/128', 'fc00::/7'],
];

export const Gateway = section(
  {
    publicUrl: Type.Optional(
      origin(
        'Address under which clients reach the gateway, without a path. Default: the node port or the load balancer of its Service.',
      ),
    ),
    service: section(
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
        description: 'The Service in front of the gateway.',
        ...rules({
          rule: "!has(self.nodePort) || self.type != 'ClusterIP'",
          message:
            'gateway.service.nodePort has no effect with type ClusterIP: remove it or choose NodePort or LoadBalancer',
        }),
      },
    ),
    trustedCidrs: networks({
      default: privateNetworks,
      description:
        'Networks of the pods of the gateway: services believe what hosts in them say about the address of a client (X-Forwarded-For), and nobody else. Default: private networks.',
    }),
  },
  {
    description: 'The one address of the platform.',
    ...rules({
      rule: "self.service.type != 'ClusterIP' || has(self.publicUrl)",
      message:
        'gateway.publicUrl is required with service type ClusterIP: set it to the address under which clients reach the gateway',
    }),
  },
);
