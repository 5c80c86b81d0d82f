import type { V1ConfigMap, V1Deployment, V1Ingress, V1Service } from '@kubernetes/client-node';
import type { Live, Manifest } from '../../operator/kubernetes/objects.ts';
import { defineResource } from '../../operator/kubernetes/resources.ts';

/** What a Toy asks for. */
export interface ToyBody {
  spec: { image: string };
}

export const toys = defineResource<ToyBody>({
  group: 'bench.example',
  version: 'v1',
  plural: 'toys',
  kind: 'Toy',
  namespaced: true,
});

export const managedBy = { 'app.kubernetes.io/managed-by': 'toy-operator' };

/** Says which image a child was made for, so that an observer can tell whether it is up to date. */
export const imageLabel = 'image';

const metaOf = ({ metadata: { namespace = '', name, uid }, spec: { image } }: Live<ToyBody>) => ({
  namespace,
  name,
  labels: { ...managedBy, [imageLabel]: image },
  ownerReferences: [{ apiVersion: 'bench.example/v1', kind: 'Toy', name, uid, controller: true }],
});

/** The same four children as the reference makes. */
export const configMapFor = (toy: Live<ToyBody>): Manifest<V1ConfigMap> => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: metaOf(toy),
  data: { image: toy.spec.image },
});

export const deploymentFor = (toy: Live<ToyBody>): Manifest<V1Deployment> => {
  const selector = { app: toy.metadata.name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metaOf(toy),
    spec: {
      replicas: 0,
      selector: { matchLabels: selector },
      template: {
        metadata: { labels: selector },
        spec: { containers: [{ name: 'web', image: toy.spec.image }] },
      },
    },
  };
};

export const serviceFor = (toy: Live<ToyBody>): Manifest<V1Service> => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: metaOf(toy),
  spec: { selector: { app: toy.metadata.name }, ports: [{ port: 80, targetPort: 8080 }] },
});

export const ingressFor = (toy: Live<ToyBody>): Manifest<V1Ingress> => {
  const { name } = toy.metadata;
  const backend = { service: { name, port: { number: 80 } } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: metaOf(toy),
    spec: { rules: [{ host: `${name}.example.org`, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }] },
  };
};
