import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Dialect } from '../../../../src/frontend/inputs/common-options.ts';
import { listedImages, withBuiltImages } from '../../../../src/frontend/inputs/image-list.ts';
import { SecretStore } from '../../../../src/frontend/inputs/secrets.ts';

const A = `sha256:${'a'.repeat(64)}`;
const B = `sha256:${'b'.repeat(64)}`;
const dialect: Dialect = {
  label: (name) => `input ${name}`,
  literalPassword: true,
  secrets: new SecretStore({}),
};
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'image-list-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const built = (metadata: unknown, listed: string[] = []): string[] =>
  withBuiltImages(
    listed,
    { 'metadata-file': typeof metadata === 'string' ? metadata : JSON.stringify(metadata) },
    dialect,
  );

const image = (digest: string, name: string) => ({ 'containerimage.digest': digest, 'image.name': name });

test('a list: lines that start with # and empty ones do not count', () => {
  expect(listedImages('# release\n  a:1  \n\n\t# old\r\nb@sha256:x\r\n oci:dir#1\n')).toEqual([
    'a:1',
    'b@sha256:x',
    'oci:dir#1',
  ]);
  expect(listedImages(undefined)).toEqual([]);
  expect(listedImages('#a\n# b')).toEqual([]);
});

describe('metadata of buildx', () => {
  test('of bake: every target by digest, each repository once, after the listed images', () => {
    const metadata = {
      'buildx.build.warnings': [{ level: 1 }],
      app: {
        ...image(A, 'ghcr.io/example/app:1.0,ghcr.io/example/app:latest, docker.io/example/app:1.0'),
        'containerimage.config.digest': B,
        'containerimage.descriptor': { digest: A },
      },
      lint: { 'buildx.build.ref': 'default/default/x' },
      web: image(B, 'web'),
    };
    expect(built(metadata, ['oci:dir'])).toEqual([
      'oci:dir',
      `ghcr.io/example/app@${A}`,
      `docker.io/example/app@${A}`,
      `docker.io/library/web@${B}`,
    ]);
  });

  test('of build, from a file', () => {
    const file = join(folder, 'metadata.json');
    writeFileSync(file, `\n${JSON.stringify(image(A, 'localhost:5000/app:1'), undefined, 2)}\n`);
    expect(built(file)).toEqual([`localhost:5000/app@${A}`]);
    expect(built(file, [`localhost:5000/app@${A}`])).toEqual([`localhost:5000/app@${A}`]);
  });

  test('names in the provenance are data: build arguments may differ in case only', () => {
    const args = { 'build-arg:HTTP_PROXY': 'x', 'build-arg:http_proxy': 'y' };
    const provenance = { invocation: { parameters: { args } } };
    expect(built({ app: { ...image(A, 'app'), 'buildx.build.provenance': provenance } })).toEqual([
      `docker.io/library/app@${A}`,
    ]);
  });

  test('none', () => {
    expect(withBuiltImages(['a'], {}, dialect)).toEqual(['a']);
    expect(withBuiltImages(['a'], { 'metadata-file': '  ' }, dialect)).toEqual(['a']);
  });

  test.each<[string, unknown, string]>([
    ['no target', {}, 'contains no image'],
    ['no image', { lint: {} }, 'contains no image'],
    ['a name without a digest', { app: { 'image.name': 'app' } }, 'target "app" has a name, but no digest'],
    ['a digest that is none', { app: image('sha256:1', 'app') }, 'no digest'],
    ['an image without a name', { app: { 'containerimage.digest': A } }, 'has an image, but no name'],
    ['an empty name', { app: image(A, ' ') }, 'has an image, but no name'],
    ['a name that is none', { app: image(A, 'app,') }, 'is not an image reference'],
    ['a layout', { app: image(A, 'oci:dir') }, 'has the name "oci:dir"'],
    ['no file', 'missing.json', 'missing.json cannot be read (ENOENT)'],
    ['a folder', '/', '/ cannot be read (EISDIR)'],
    ['no JSON', '{"app": ', 'is not valid JSON'],
    ['a name twice', `{"app":{},"app":${JSON.stringify(image(A, 'x'))}}`, 'app'],
  ])('%s is refused', (_what, metadata, message) => {
    const read = () => built(metadata);
    expect(read).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining(message) }),
    );
    expect(read).toThrow(expect.objectContaining({ remedy: expect.stringMatching(/^[A-Z]/) }));
  });

  test('a file of buildx that is refused can be passed by', () => {
    // BuildKit records the use of resources with fractions, if it is asked to.
    const provenance = { sysUsage: { avg10: 0.25 } };
    const read = () => built({ app: { ...image(A, 'app'), 'buildx.build.provenance': provenance } });
    expect(read).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('the number 0.25 at app.buildx.build.provenance.sysUsage.avg10'),
        remedy: expect.stringMatching(/, or list its images in image$/),
      }),
    );
  });
});
