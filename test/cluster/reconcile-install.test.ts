import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDirectory } from '../../local/cache-directory.ts';
import { installManifest, renderInstall } from '../../operator/api/render-install.ts';
import { fieldsOfSpec } from '../../operator/testing/fields/leaves.ts';
import { eventually, eventuallyHolds } from '../eventually.ts';
import { sharedApiServer } from './api-server-shared.ts';
import { installDefinition } from './reconcile-fixture.ts';

const program = (name: string): string => join(cacheDirectory(), 'bin', 'current', name);
const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const chart = fromRoot('charts/tiktok-lite-operator');

const render = (...options: string[]): string =>
  execFileSync(program('helm'), ['template', 'tok', chart, '--kube-version=1.34.0', ...options], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });

describe('manifests/install.yaml', function () {
  this.timeout(90_000);

  it('is the rendered chart: run `npm run generate`', () => {
    assert.equal(readFileSync(installManifest, 'utf8'), renderInstall());
  });

  it('is taken by an API server, and then so are the samples', async () => {
    const { kubeconfigPath } = await sharedApiServer();
    const apply = (path: string, ...options: string[]) =>
      execFileSync(program('kubectl'), [`--kubeconfig=${kubeconfigPath}`, 'apply', ...options, '-f', fromRoot(path)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    assert.match(
      apply('manifests/install.yaml', '--server-side', '--force-conflicts'),
      /deployment\.apps\/tiktok-lite-operator/,
    );
    for (const [sample, name] of [
      ['minimal', 'demo'],
      ['production', 'clips'],
    ])
      await eventually(`${sample} is taken`, async () =>
        apply(`manifests/samples/${sample}.yaml`, '--server-side', '--dry-run=server').includes(
          `tiktoklite.dev/${name}`,
        ),
      );
  });
});

describe('the reference of the object', function () {
  this.timeout(90_000);

  it('is `kubectl explain`: every field is there, with its sentence', async () => {
    const { client, kubeconfigPath } = await sharedApiServer();
    await installDefinition(client);
    const explain = (...words: string[]) =>
      execFileSync(program('kubectl'), [`--kubeconfig=${kubeconfigPath}`, 'explain', ...words], { encoding: 'utf8' });
    // What the server publishes of a definition follows a little later.
    await eventuallyHolds(() => {
      const reference = explain('tiktoklite.spec', '--recursive');
      for (const field of fieldsOfSpec()) {
        const name = field.replaceAll('[]', '').split('.').at(-1);
        assert.match(reference, new RegExp(`^ +${name}\\t<`, 'm'), `${field} is explained`);
      }
      assert.match(explain('tiktoklite.spec.transcoder.ladder.shortSidePixels'), /whichever way the video is held/);
    });
  });
});

describe('the chart', function () {
  this.timeout(90_000);

  it('passes its own lint', () => {
    assert.match(
      execFileSync(program('helm'), ['lint', '--strict', chart], { encoding: 'utf8' }),
      /0 chart\(s\) failed/,
    );
  });

  it('hands images to the operator by the names that it reads', () => {
    const rendered = render(
      '--set=images.objectStore=r.example.org/store:1',
      '--set=images.services=r.example.org/services:2',
    );
    assert.match(rendered, /name: RELATED_IMAGE_OBJECT_STORE\n +value: "r\.example\.org\/store:1"/);
    assert.match(rendered, /name: RELATED_IMAGE_SERVICES\n +value: "r\.example\.org\/services:2"/);
    assert.doesNotMatch(rendered, /RELATED_IMAGE_KAFKA/);
  });

  it('grants nothing by wildcard, and never a list of Secrets', () => {
    const rendered = render('--show-only=templates/rbac.yaml');
    assert.doesNotMatch(rendered, /\*/);
    assert.match(rendered, /resources: \[secrets\]\n +verbs: \[get, create, patch, delete\]/);
  });

  it('needs no cluster-wide rights when namespaces are named', () => {
    const rendered = render('--set=watchNamespaces={shop,blog}', '--set=crds.enabled=false');
    assert.doesNotMatch(rendered, /kind: (ClusterRole|ClusterRoleBinding|CustomResourceDefinition)\n/);
    assert.match(rendered, /namespace: shop/);
    assert.match(rendered, /name: WATCH_NAMESPACES\n +value: "shop,blog"/);
  });

  it('lets releases share a cluster', () => {
    const names = (release: string) =>
      execFileSync(program('helm'), ['template', release, chart, '--kube-version=1.34.0', '--set=crds.enabled=false'], {
        encoding: 'utf8',
      }).match(/^ {2}name: .*$/gm);
    const one = new Set(names('one'));
    assert.deepEqual(
      names('other')?.filter((name) => one.has(name)),
      [],
    );
  });

  it('refuses values that it does not know', () => {
    assert.throws(() => render('--set=imges.kafka=x'), /imges/);
    assert.throws(() => render('--set=replicas=-1'), /replicas/);
  });
});
