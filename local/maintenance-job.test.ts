import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { components } from '../operator/components.ts';
import { deploymentFor } from '../operator/resources/deployment.ts';
import { networkPoliciesFor } from '../operator/resources/network-policy.ts';
import { settingsFor } from '../operator/resources/settings.ts';
import { buildPlatform, someFacts, someImages } from '../operator/testing/build-platform.ts';
import { settingsOf } from '../services/shared/settings.ts';
import { maintenanceJob } from './maintenance-job.ts';

const platform = buildPlatform();
const likeWriter = components.find(({ name }) => name === 'like-writer') ?? assert.fail();
const deployment = deploymentFor(platform, likeWriter, 'a-hash', someImages);

describe('a Job of maintenance', () => {
  for (const script of ['verify-counters', 'replay-dead-letters']) {
    it(`runs ${script} with the image and the settings of the like writer, once`, () => {
      const { metadata, spec } = maintenanceJob(deployment, script);
      const [container] = spec?.template.spec?.containers ?? [];
      const [original] = deployment.spec?.template.spec?.containers ?? [];
      assert.deepEqual([metadata?.namespace, metadata?.generateName], ['shop', `demo-like-writer-${script}-`]);
      assert.deepEqual([container?.image, container?.envFrom], [original?.image, original?.envFrom]);
      assert.ok(existsSync(new URL(`../${container?.args?.[0]}`, import.meta.url)));
      assert.deepEqual([spec?.backoffLimit, spec?.template.spec?.restartPolicy], [0, 'Never']);
      assert.equal(container?.livenessProbe, undefined);
    });
  }

  it('is told exactly what it reads', () => {
    const { plain, secret } = settingsFor(platform, 'like-writer', someFacts);
    assert.deepEqual(Object.keys({ ...plain, ...secret }).sort(), [...settingsOf.maintenance].sort());
  });

  it('is no child that the operator would prune, and no pod that a Service or a Deployment would select', () => {
    const { metadata, spec } = maintenanceJob(deployment, 'verify-counters');
    const selector = Object.entries(deployment.spec?.selector.matchLabels ?? {});
    for (const labels of [metadata?.labels ?? {}, spec?.template.metadata?.labels ?? {}]) {
      assert.equal(labels['app.kubernetes.io/managed-by'], undefined);
      assert.ok(selector.some(([name, value]) => labels[name] !== value));
    }
  });

  it('is known to the network policies of its platform', () => {
    const { spec } = maintenanceJob(deployment, 'verify-counters');
    const policy = networkPoliciesFor(platform, 'operators').find(
      ({ metadata }) => metadata.name === 'demo-maintenance',
    );
    const selected = Object.entries(policy?.spec.podSelector?.matchLabels ?? {});
    assert.ok(selected.length > 0);
    for (const [name, value] of selected) assert.equal(spec?.template.metadata?.labels?.[name], value);
  });

  it('is not made of anything else', () => {
    assert.throws(() => maintenanceJob({}, 'verify-counters'), /no Deployment/);
  });
});
