import assert from 'node:assert/strict';
import { differences } from './subset.ts';

const paths = (desired: unknown, live: unknown) => differences(desired, live).map(({ path }) => path);

describe('differences between desired and live', () => {
  it('are none when live only has more, such as defaults', () => {
    const desired = { spec: { replicas: 2, template: { spec: { containers: [{ name: 'web', image: 'a' }] } } } };
    const live = {
      metadata: { uid: 'x' },
      spec: {
        replicas: 2,
        strategy: { type: 'RollingUpdate' },
        template: {
          spec: {
            containers: [{ name: 'web', image: 'a', imagePullPolicy: 'Always' }, { name: 'injected' }],
            dnsPolicy: 'ClusterFirst',
          },
        },
      },
      status: {},
    };
    assert.deepEqual(paths(desired, live), []);
  });

  it('are named by their path', () => {
    const desired = {
      spec: {
        replicas: 2,
        template: { spec: { containers: [{ name: 'web', image: 'a', env: [{ name: 'A', value: '1' }] }] } },
      },
    };
    const live = { spec: { replicas: 3, template: { spec: { containers: [{ name: 'web', image: 'b', env: [] }] } } } };
    assert.deepEqual(paths(desired, live), [
      'spec.replicas',
      'spec.template.spec.containers[name=web].image',
      'spec.template.spec.containers[name=web].env[name=A]',
    ]);
  });

  it('do not depend on the order of lists that are merged by key', () => {
    const volumes = (...names: string[]) => ({ volumes: names.map((name) => ({ name, emptyDir: {} })) });
    assert.deepEqual(paths(volumes('a', 'b'), volumes('b', 'c', 'a')), []);
  });

  it('match ports by number and protocol, which is TCP by default', () => {
    const live = {
      ports: [
        { containerPort: 53, protocol: 'UDP', name: 'dns' },
        { containerPort: 53, protocol: 'TCP', name: 'dns-tcp' },
      ],
    };
    assert.deepEqual(paths({ ports: [{ containerPort: 53, name: 'dns-tcp' }] }, live), []);
    assert.deepEqual(paths({ ports: [{ containerPort: 53, name: 'dns' }] }, live), [
      'ports[containerPort=53,protocol=TCP].name',
    ]);
    assert.deepEqual(
      paths(
        { ports: [{ port: 80, targetPort: 8080 }] },
        { ports: [{ port: 80, protocol: 'TCP', targetPort: 8080, nodePort: 30080 }] },
      ),
      [],
    );
  });

  it('take other lists as a whole', () => {
    assert.deepEqual(paths({ args: ['a', 'b'] }, { args: ['a', 'b', 'c'] }), ['args']);
    assert.deepEqual(paths({ args: ['a', 'b'] }, { args: ['b', 'a'] }), ['args[0]', 'args[1]']);
    assert.deepEqual(paths({ tolerations: [{ key: 'a' }] }, { tolerations: [{ key: 'a', operator: 'Equal' }] }), []);
  });

  it('treat finalizers as a set', () => {
    assert.deepEqual(paths({ finalizers: ['b'] }, { finalizers: ['a', 'b'] }), []);
    assert.deepEqual(paths({ finalizers: ['b'] }, { finalizers: ['a'] }), ['finalizers']);
  });

  it('compare amounts of resources by value, and other texts as texts', () => {
    assert.deepEqual(
      paths({ limits: { cpu: '1000m', memory: '1024Mi' } }, { limits: { cpu: '1', memory: '1Gi' } }),
      [],
    );
    assert.deepEqual(paths({ limits: { cpu: '1' } }, { limits: { cpu: '2' } }), ['limits.cpu']);
    assert.deepEqual(paths({ emptyDir: { sizeLimit: '1024Mi' } }, { emptyDir: { sizeLimit: '1Gi' } }), []);
    assert.deepEqual(paths({ env: [{ name: 'A', value: '1000m' }] }, { env: [{ name: 'A', value: '1' }] }), [
      'env[name=A].value',
    ]);
  });

  it('forgive that empty values are left out by the server, but not that others are', () => {
    assert.deepEqual(paths({ hostNetwork: false, annotations: {}, args: [], weight: 0, policy: '' }, {}), []);
    assert.deepEqual(paths({ hostNetwork: true }, {}), ['hostNetwork']);
    assert.deepEqual(paths({ hostNetwork: false }, { hostNetwork: true }), ['hostNetwork']);
    assert.deepEqual(paths({ absent: undefined }, {}), []);
  });

  it('see a value of another shape', () => {
    assert.deepEqual(paths({ a: { b: 1 } }, { a: 'text' }), ['a']);
    assert.deepEqual(paths({ a: [1] }, { a: { b: 1 } }), ['a']);
    assert.deepEqual(paths({ a: 1 }, { a: '1' }), ['a']);
  });
});
