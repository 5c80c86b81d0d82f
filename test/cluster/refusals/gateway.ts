import type { Refusal } from './refusal.ts';

const publicUrl = 'https://tok.example.org';

/** Ways in that cannot work. */
export const refusedGateways: Refusal[] = [
  {
    what: 'an Ingress without a host',
    spec: { gateway: { mode: 'ingress' } },
    says: 'spec.gateway: Invalid value: "object": gateway.host is required with mode ingress: set it to the name under which clients reach the platform, or set gateway.publicUrl',
  },
  {
    what: 'a route without a public address',
    spec: { gateway: { mode: 'gatewayAPI', gatewayAPI: { parentRefs: [{ name: 'edge' }] } } },
    says: 'spec.gateway: Invalid value: "object": gateway.publicUrl is required with mode gatewayAPI and none: set it to the address under which clients reach the platform',
  },
  {
    what: 'no way in, and no address',
    spec: { gateway: { mode: 'none' } },
    says: 'spec.gateway: Invalid value: "object": gateway.publicUrl is required with mode gatewayAPI and none: set it to the address under which clients reach the platform',
  },
  {
    what: 'a route without a Gateway',
    spec: { gateway: { mode: 'gatewayAPI', publicUrl } },
    says: 'spec.gateway: Invalid value: "object": gateway.gatewayAPI goes with mode gatewayAPI, and only with it: name the Gateway in gateway.gatewayAPI.parentRefs, or remove it',
  },
  {
    what: 'a route for no Gateway at all',
    spec: { gateway: { mode: 'gatewayAPI', publicUrl, gatewayAPI: { parentRefs: [] } } },
    says: 'spec.gateway.gatewayAPI.parentRefs: Invalid value: 0: spec.gateway.gatewayAPI.parentRefs in body should have at least 1 items',
  },
  {
    what: 'a Gateway for nginx of its own',
    spec: { gateway: { gatewayAPI: { parentRefs: [{ name: 'edge' }] } } },
    says: 'spec.gateway: Invalid value: "object": gateway.gatewayAPI goes with mode gatewayAPI, and only with it: name the Gateway in gateway.gatewayAPI.parentRefs, or remove it',
  },
  {
    what: 'a Gateway without a name',
    spec: { gateway: { mode: 'gatewayAPI', publicUrl, gatewayAPI: { parentRefs: [{ namespace: 'infra' }] } } },
    says: 'spec.gateway.gatewayAPI.parentRefs[0].name: Required value',
  },
  {
    what: 'a class of Ingress for nginx of its own',
    spec: { gateway: { ingress: { className: 'nginx' } } },
    says: 'spec.gateway: Invalid value: "object": gateway.ingress has no effect without mode ingress: remove it or set gateway.mode to ingress',
  },
  {
    what: 'a certificate where TLS ends elsewhere',
    spec: { gateway: { mode: 'none', publicUrl, tls: { secretRef: { name: 'x' } } } },
    says: 'spec.gateway: Invalid value: "object": gateway.tls has no effect with mode gatewayAPI and none: remove it, and set the certificate where TLS ends, at the listener of your Gateway for example',
  },
  {
    what: 'a certificate without a name',
    spec: { gateway: { tls: { secretRef: {} } } },
    says: 'spec.gateway.tls.secretRef.name: Required value',
  },
  {
    what: 'a host that is no name',
    spec: { gateway: { host: 'Tok_1' } },
    says: 'spec.gateway.host: Invalid value: "string": must be a host name of lower-case letters, digits, dashes and dots: leave out scheme and port',
  },
  {
    what: 'a host with a port',
    spec: { gateway: { host: 'tok.example.org:443' } },
    says: 'spec.gateway.host: Invalid value: "string": must be a host name of lower-case letters, digits, dashes and dots: leave out scheme and port',
  },
  {
    what: 'an address with a path',
    spec: { gateway: { publicUrl: 'http://tok.example.org/app' } },
    says: 'spec.gateway.publicUrl: Invalid value: "string": must be http:// or https://, a host and perhaps a port: leave out the path and a slash at the end',
  },
  {
    what: 'an address with a slash at its end',
    spec: { gateway: { publicUrl: 'https://tok.example.org/' } },
    says: 'spec.gateway.publicUrl: Invalid value: "string": must be http:// or https://, a host and perhaps a port: leave out the path and a slash at the end',
  },
  {
    what: 'an address without a scheme',
    spec: { gateway: { publicUrl: 'tok.example.org' } },
    says: 'spec.gateway.publicUrl: Invalid value: "string": must be http:// or https://, a host and perhaps a port: leave out the path and a slash at the end',
  },
  {
    what: 'an address with a port that no server has',
    spec: { gateway: { publicUrl: 'https://tok.example.org:65536' } },
    says: 'spec.gateway.publicUrl: Invalid value: "string": must be http:// or https://, a host and perhaps a port: leave out the path and a slash at the end',
  },
  {
    what: 'an unknown way in',
    spec: { gateway: { mode: 'nodePort' } },
    says: 'spec.gateway.mode: Unsupported value: "nodePort": supported values: "builtin", "ingress", "gatewayAPI", "none"',
  },
  {
    what: 'an unknown type of Service',
    spec: { gateway: { service: { type: 'ExternalName' } } },
    says: 'spec.gateway.service.type: Unsupported value: "ExternalName": supported values: "NodePort", "ClusterIP", "LoadBalancer"',
  },
  {
    what: 'a ClusterIP without an address',
    spec: { gateway: { service: { type: 'ClusterIP' } } },
    says: 'spec.gateway: Invalid value: "object": gateway.publicUrl is required with service type ClusterIP: set it to the address under which clients reach the gateway',
  },
  {
    what: 'a node port of a ClusterIP',
    spec: { gateway: { publicUrl, service: { type: 'ClusterIP', nodePort: 30080 } } },
    says: 'spec.gateway.service: Invalid value: "object": gateway.service.nodePort has no effect with type ClusterIP: remove it or choose NodePort or LoadBalancer',
  },
  {
    what: 'a node port without nginx',
    spec: { gateway: { mode: 'none', publicUrl, service: { nodePort: 30080 } } },
    says: 'spec.gateway: Invalid value: "object": gateway.service.nodePort has no effect without mode builtin: remove it or set gateway.mode to builtin',
  },
  {
    what: 'a node port that is none',
    spec: { gateway: { service: { nodePort: 70000 } } },
    says: 'spec.gateway.service.nodePort: Invalid value: 70000: spec.gateway.service.nodePort in body should be less than or equal to 65535',
  },
  {
    what: 'namespaces of controllers before nginx of its own',
    spec: { gateway: { controllerNamespaces: ['ingress-nginx'] } },
    says: 'spec.gateway: Invalid value: "object": gateway.controllerNamespaces has no effect with mode builtin: remove it, or say with gateway.mode who leads requests to the services',
  },
  {
    what: 'a namespace of controllers with a star',
    spec: { gateway: { mode: 'none', publicUrl, controllerNamespaces: ['ingress-*'] } },
    says: 'spec.gateway.controllerNamespaces[0]: Invalid value: "string": must be the name of one namespace: lower-case letters, digits and dashes',
  },
  {
    what: 'a network that is none',
    spec: { gateway: { trustedCidrs: ['10.0.0.0/33'] } },
    says: 'spec.gateway.trustedCidrs[0]: Invalid value: "string": must be a network: write 10.0.0.0/8 or fc00::/7 for example, and a single address with /32 or /128',
  },
];
