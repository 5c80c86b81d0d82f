import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const dockerfiles = globSync('images/*/Dockerfile', { cwd: root })
  .filter((path) => path !== 'images/base/Dockerfile')
  .map((path) => ({ path, text: read(path).replaceAll('\\\n', ' ') }));

/** What `COPY` takes out of the repository; local/images.sh hashes exactly these for the tag. */
const copied = (text: string): string[] =>
  [...text.matchAll(/^COPY (?!--)(.*) \S+$/gm)].flatMap(([, sources = '']) => sources.split(' '));

describe('images', () => {
  for (const { path, text } of dockerfiles) {
    describe(path, () => {
      it('copies only what exists and .dockerignore lets in', () => {
        const allowed = read('.dockerignore')
          .split('\n')
          .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
        for (const source of copied(text)) {
          assert.ok(existsSync(join(root, source)), source);
          assert.ok(
            allowed.some((entry) => source === entry || source.startsWith(`${entry}/`)),
            `${source} is let in`,
          );
        }
      });

      it('runs as a user without rights, under a small init, and says what it is', () => {
        assert.match(text, /^USER (10001:10001|10002:10002)$/m);
        assert.match(text, /^ENTRYPOINT \["tini", "--"/m);
        for (const label of ['title', 'description', 'licenses']) {
          assert.match(text, new RegExp(`org\\.opencontainers\\.image\\.${label}="[^"]+"`));
        }
      });

      it('takes its base as an argument and leaves no package lists behind', () => {
        assert.match(text, /^ARG (NODE_IMAGE=node:24-bookworm-slim|DEBIAN_IMAGE=debian:bookworm-slim)$/m);
        for (const [run] of text.matchAll(/^RUN .*apt-get install.*$/gm))
          assert.match(run, /rm -rf \/var\/lib\/apt\/lists\/\*/);
      });

      it('has entry points that can be executed', () => {
        const scripts = copied(text).filter((source) => dirname(source).startsWith('images') && source.endsWith('.sh'));
        for (const script of scripts) assert.ok((statSync(join(root, script)).mode & 0o111) !== 0, script);
      });
    });
  }

  it('share the layers of Node and its packages between operator and services', () => {
    const shared = (name: string) =>
      read(`images/${name}/Dockerfile`).split('\n').slice(1).join('\n').split('COPY package.json ./')[0];
    assert.equal(shared('operator'), shared('services'));
  });
});
