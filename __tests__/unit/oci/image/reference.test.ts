import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { VeritySignError } from '../../../../src/errors.ts';
import { parseImage, parseReference, referenceName } from '../../../../src/oci/image/reference.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}`;
const registry = (name: string, repository: string, tag?: string, digest?: string) => ({
  kind: 'registry',
  registry: name,
  repository,
  tag,
  digest,
});

const daemon = (name: string, repository: string, tag: string) => ({
  kind: 'daemon',
  registry: name,
  repository,
  tag,
});

describe('registry references follow docker', () => {
  test.each([
    ['alpine', registry('docker.io', 'library/alpine', 'latest')],
    ['alpine:3.20', registry('docker.io', 'library/alpine', '3.20')],
    ['docker://alpine', registry('docker.io', 'library/alpine', 'latest')],
    ['grafana/loki', registry('docker.io', 'grafana/loki', 'latest')],
    ['index.docker.io/alpine', registry('docker.io', 'library/alpine', 'latest')],
    ['docker.io/grafana/loki:1', registry('docker.io', 'grafana/loki', '1')],
    ['example.com/a/b:v1', registry('example.com', 'a/b', 'v1')],
    ['docker://example.com/a/b:v1', registry('example.com', 'a/b', 'v1')],
    ['UPPER/case:1', registry('UPPER', 'case', '1')],
    ['localhost/a', registry('localhost', 'a', 'latest')],
    ['localhost:5000/a:v1', registry('localhost:5000', 'a', 'v1')],
    ['host:5000/a', registry('host:5000', 'a', 'latest')],
    ['[::1]:5000/a:v1', registry('[::1]:5000', 'a', 'v1')],
    [`example.com/a@${DIGEST}`, registry('example.com', 'a', undefined, DIGEST)],
    [`example.com/a:v1@${DIGEST}`, registry('example.com', 'a', 'v1', DIGEST)],
    [`alpine@${DIGEST}`, registry('docker.io', 'library/alpine', undefined, DIGEST)],
  ])('%s', (text, expected) => {
    expect(parseReference(text)).toEqual(expected);
  });
});

describe('layouts and archives', () => {
  test.each([
    ['oci:dir', { kind: 'layout', path: 'dir', tag: undefined, digest: undefined }],
    ['oci:dir:v1', { kind: 'layout', path: 'dir', tag: 'v1', digest: undefined }],
    ['oci:/a/b:v1', { kind: 'layout', path: '/a/b', tag: 'v1', digest: undefined }],
    [`oci:/a/b@${DIGEST}`, { kind: 'layout', path: '/a/b', tag: undefined, digest: DIGEST }],
    ['oci:a:b/', { kind: 'layout', path: 'a:b/', tag: undefined, digest: undefined }],
    ['oci:a:b/c', { kind: 'layout', path: 'a:b/c', tag: undefined, digest: undefined }],
    ['oci:a:b:v1', { kind: 'layout', path: 'a:b', tag: 'v1', digest: undefined }],
    ['oci:a@b', { kind: 'layout', path: 'a@b', tag: undefined, digest: undefined }],
    ['oci:a@b:v1', { kind: 'layout', path: 'a@b', tag: 'v1', digest: undefined }],
    [`oci:a@b@${DIGEST}`, { kind: 'layout', path: 'a@b', tag: undefined, digest: DIGEST }],
    ['oci-archive:x.tar', { kind: 'archive', path: 'x.tar', tag: undefined }],
    ['oci-archive:/a/x.tar:v1', { kind: 'archive', path: '/a/x.tar', tag: 'v1' }],
    ['docker-daemon:app', daemon('docker.io', 'library/app', 'latest')],
    ['docker-daemon:me/app:1.0', daemon('docker.io', 'me/app', '1.0')],
    ['docker-daemon:localhost:5000/app:1.0', daemon('localhost:5000', 'app', '1.0')],
  ])('%s', (text, expected) => {
    expect(parseReference(text)).toEqual(expected);
  });
});

test.each([
  '',
  ' alpine',
  'alpine\n',
  'a b',
  'example.com/A:1',
  'example.com/',
  '/a',
  'a//b',
  'example.com/a:1,example.com/b:1',
  'example.com/a:',
  'example.com/a:-x',
  `example.com/a:${'x'.repeat(129)}`,
  'example.com/a@sha256:12',
  `example.com/a@${DIGEST.toUpperCase()}`,
  'example.com/a@',
  '--help',
  'oci:',
  'oci::v1',
  'oci:dir:',
  `oci:@${DIGEST}`,
  'oci:dir@sha256:../../etc/passwd',
  'oci-archive:',
  'docker-daemon:',
  'docker-daemon:-v',
  `docker-daemon:alpine@${DIGEST}`,
  'docker-archive:x.tar',
  'http://example.com/a',
  `a/${'b'.repeat(260)}`,
])('refuses %j and names the accepted forms', (text) => {
  const parse = () => parseReference(text);
  expect(parse).toThrow(VeritySignError);
  expect(parse).toThrow(
    expect.objectContaining({ code: 'usage', remedy: expect.stringContaining('oci:DIR') }),
  );
});

describe('an empty output or variable is named as such', () => {
  test.each([
    ['example.com/app@', 'after "@"'],
    ['example.com/app:', 'after ":"'],
    ['example.com/app@sha256:', 'after ":"'],
    ['docker://app:', 'after ":"'],
    ['oci:dir@', 'after "@"'],
    ['oci-archive:a.tar:', 'after ":"'],
    ['docker-daemon:app:', 'after ":"'],
    [':1.0', 'before ":"'],
    [`@${DIGEST}`, 'before "@"'],
  ])('%s has nothing %s', (text, where) => {
    const { code, message, remedy } = errorOf(() => parseReference(text));
    expect({ code, message }).toEqual({ code: 'usage', message: `"${text}" has nothing ${where}` });
    expect(remedy).toContain('If an output of a step or a variable belongs there, it is empty');
  });
});

describe('a path says which prefix it lacks', () => {
  test.each([
    ['./layout', 'Write oci:./layout for a folder'],
    ['../layout', 'Write oci:../layout for a folder'],
    ['/srv/layout:1', 'Write oci:/srv/layout:1 for a folder'],
    ['~/layout', 'Write oci:~/layout for a folder'],
    ['.', 'Write oci:. for a folder'],
    ['./app.tar', 'Write oci-archive:./app.tar for an archive of a layout. '],
    ['app.tar', 'Write oci-archive:app.tar for an archive of a layout, or docker://app.tar for an image'],
    ['out/app.tar.gz', 'Write oci-archive:out/app.tar.gz for'],
    ['app.tar:1.0', 'Write oci-archive:app.tar:1.0 for'],
  ])('%s', (text, remedy) => {
    const error = errorOf(() => parseReference(text));
    expect(error).toMatchObject({
      code: 'usage',
      message: `"${text}" is a path, not an image in a registry`,
    });
    expect(error.remedy).toContain(remedy);
  });

  test.each(['app.tarball', 'example.com/app.tar', 'localhost/app.tar:1', 'docker://app.tar', 'a.b/c'])(
    '%s is an image',
    (text) => {
      expect(parseReference(text)).toMatchObject({ kind: 'registry' });
    },
  );

  test('the name of a layout in the working folder', () => {
    const before = process.cwd();
    const folder = mkdtempSync(join(tmpdir(), 'reference-'));
    try {
      process.chdir(folder);
      for (const name of ['app', 'me/app', 'source']) mkdirSync(name, { recursive: true });
      for (const name of ['app', 'me/app']) writeFileSync(join(name, 'oci-layout'), '{}');
      for (const text of ['app', 'app:1.0', 'me/app', `app@${DIGEST}`]) {
        const error = errorOf(() => parseImage(text));
        expect(error.message).toContain(`"${text}" is the name of an OCI layout`);
        expect(error.remedy).toContain(`Write oci:${text} for the layout, or docker://${text} for the image`);
      }
      for (const text of ['docker://app', 'docker.io/library/app', 'example.com/app', 'other', 'source']) {
        expect(parseImage(text)).toEqual(parseReference(text));
      }
    } finally {
      process.chdir(before);
      rmSync(folder, { recursive: true });
    }
  });
});

test('a name has neither tag nor digest', () => {
  expect(referenceName(parseReference('alpine:3'))).toBe('docker.io/library/alpine');
  expect(referenceName(parseReference('oci:/a/b:v1'))).toBe('oci:/a/b');
  expect(referenceName(parseReference('oci-archive:x.tar:v1'))).toBe('oci-archive:x.tar');
  expect(referenceName(parseReference('docker-daemon:app:1'))).toBe('docker-daemon:docker.io/library/app');
});

describe('credentials in a reference are refused and not repeated', () => {
  test.each([
    'https://user:s3cret@example.com/app:1',
    'docker://user:s3cret@example.com/app:1',
    'user:s3cret@example.com/app:1',
    'user:s3cret@example.com:5000/a/b',
    `user:s3cret@example.com/app@${DIGEST}`,
    'user:s3/cr@et@example.com/app',
    'user:sha256:s3cret@example.com/app',
    'https://s3cret@example.com/app',
    'https://s3cret@example.com',
  ])('%s', (text) => {
    const error = errorOf(() => parseReference(text));
    expect([error.code, error.message]).toEqual([
      'usage',
      'an image reference contains a user name or a password',
    ]);
    expect(JSON.stringify([error.message, error.remedy])).not.toMatch(/s3/);
  });

  test.each(['oci:/a:b@c/d', `example.com:5000/app:v1@${DIGEST}`, `docker://example.com/app@${DIGEST}`])(
    'none in %s',
    (text) => {
      expect(() => parseReference(text)).not.toThrow();
    },
  );
});

function errorOf(action: () => unknown): VeritySignError {
  try {
    action();
  } catch (error) {
    if (error instanceof VeritySignError) return error;
    throw error;
  }
  throw new Error('was accepted');
}
