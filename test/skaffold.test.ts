import assert from 'node:assert/strict';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { images } from '../services/shared/images.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const readYaml = (path: string): unknown => parse(readFileSync(join(root, path), 'utf8'));

interface Artifact {
  image: string;
  context: string;
  custom: { buildCommand: string; dependencies: { paths: string[]; ignore?: string[] } };
  sync?: { manual: { src: string; dest: string }[] };
}
interface Skaffold {
  build: { artifacts: Artifact[] };
  deploy: { helm: { releases: { chartPath: string; setValueTemplates: Record<string, string> }[] } };
  manifests: { rawYaml: string[] };
  profiles: { name: string; patches: { op: string; path: string; value: unknown }[] }[];
}

/** The configuration with profiles applied as skaffold does it: RFC 6902, where the parent of what is named must exist. */
function skaffoldWith(...profiles: string[]): Skaffold {
  const config = readYaml('skaffold.yaml') as Skaffold;
  for (const { patches } of config.profiles.filter(({ name }) => profiles.includes(name))) {
    for (const { op, path, value } of patches) {
      const keys = path.slice(1).split('/');
      const last = keys.pop() ?? '';
      const parent = keys.reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], config);
      assert.ok(parent, `${path} adds to something that is there`);
      if (Array.isArray(parent)) parent.push(value);
      else change(parent as Record<string, unknown>, { op, key: last, value });
    }
  }
  return config;
}

function change(
  parent: Record<string, unknown>,
  { op, key, value }: { op: string; key: string; value: unknown },
): void {
  if (op !== 'add') assert.ok(key in parent, `${op} needs something to be at ${key}`);
  if (op === 'remove') delete parent[key];
  else parent[key] = value;
}

/** The words of `local/images.sh make NAME "$IMAGE" [STAGE]`. */
function builtBy({ custom }: Artifact): { name: string; stage: string | undefined; dockerfile: string } {
  const [, name = '', stage] =
    /^local\/images\.sh make ([a-z-]+) "\$IMAGE"(?: ([a-z]+))?$/.exec(custom.buildCommand) ?? [];
  return { name, stage, dockerfile: readFileSync(join(root, 'images', name, 'Dockerfile'), 'utf8') };
}

const release = ({ deploy }: Skaffold) => {
  const [first] = deploy.helm.releases;
  assert.ok(first);
  return first;
};

const everything = skaffoldWith('dev', 'packages');

describe('skaffold.yaml', () => {
  it('builds every image that has a Dockerfile', () => {
    const folders = readdirSync(join(root, 'images'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const expected = folders.flatMap(({ name }) => (name === 'base' ? [] : [name]));
    const built = everything.build.artifacts.map(builtBy);
    assert.deepEqual(built.map(({ name }) => name).toSorted(), expected.toSorted());
    for (const artifact of everything.build.artifacts)
      assert.equal(artifact.image, `tiktok-lite/${builtBy(artifact).name}`);
  });

  it('names only stages that the Dockerfile has', () => {
    for (const { stage, dockerfile } of everything.build.artifacts.map(builtBy))
      if (stage) assert.match(dockerfile, new RegExp(`^FROM .* AS ${stage}$`, 'm'));
  });

  it('watches what an image copies', () => {
    for (const artifact of everything.build.artifacts) {
      const copied = [...builtBy(artifact).dockerfile.matchAll(/^COPY ([^-].*) \S+$/gm)].flatMap(([, sources = '']) =>
        sources.split(' '),
      );
      const { paths } = artifact.custom.dependencies;
      for (const path of paths) assert.ok(existsSync(join(root, path)), path);
      for (const source of copied)
        assert.ok(
          paths.some((path) => source === path || source.startsWith(`${path}/`)),
          `a change of ${source} builds ${artifact.image} again`,
        );
    }
  });

  for (const profiles of [[], ['dev'], ['packages'], ['ci'], ['production'], ['kind']]) {
    it(`hands every image to the chart, and no other (${profiles.join() || 'no profile'})`, () => {
      const config = skaffoldWith(...profiles);
      const used = Object.values(release(config).setValueTemplates).flatMap((template) =>
        [...template.matchAll(/\.IMAGE_(?:REPO|TAG|DIGEST|FULLY_QUALIFIED)_(\w+)/g)].map(([, name]) => name),
      );
      const built = config.build.artifacts.map(({ image }) => image.replace(/[-/.:]/g, '_'));
      assert.deepEqual([...new Set(used)].toSorted(), built.toSorted());
    });
  }

  it('sets values that the chart has', () => {
    const { chartPath, setValueTemplates } = release(everything);
    const values = readYaml(`${chartPath}/values.yaml`) as Record<string, Record<string, unknown>>;
    for (const path of Object.keys(setValueTemplates)) {
      const [group = '', key = ''] = path.split('.');
      assert.ok(key in (values[group] ?? {}), path);
    }
    const named = Object.keys(setValueTemplates).filter((path) => path.startsWith('images.'));
    assert.deepEqual(
      named.toSorted(),
      Object.keys(images)
        .map((name) => `images.${name}`)
        .toSorted(),
    );
  });

  it('copies saved files to where the container reads them', () => {
    const synced = everything.build.artifacts.filter(({ sync }) => sync !== undefined);
    assert.equal(synced.length, 3);
    const script = readFileSync(join(root, 'images/development.sh'), 'utf8');
    for (const artifact of synced) {
      const { dockerfile } = builtBy(artifact);
      for (const { src, dest } of artifact.sync?.manual ?? []) {
        const files = globSync(src, { cwd: root });
        assert.ok(files.length > 0, `${src} matches files`);
        assert.match(dockerfile, new RegExp(`^COPY .*${src.split('/*')[0]}`, 'm'), `${artifact.image} has ${src}`);
        assert.ok(script.includes(`cd ${dest}\n`), dest);
      }
    }
  });

  it('applies manifests that exist', () => {
    for (const path of everything.manifests.rawYaml) assert.ok(existsSync(join(root, path)), path);
  });
});
