import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { VeritySignError } from '../../../../src/errors.ts';
import { prefixForPath, splitLocal, withPathHint } from '../../../../src/oci/image/local-path.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}`;
const folder = mkdtempSync(join(tmpdir(), 'local-path-'));
beforeAll(() => {
  writeFileSync(join(folder, 'app.tar'), '');
  writeFileSync(join(folder, 'a:1.tar'), '');
  mkdirSync(join(folder, 'layout'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Path and rest of what exists in the folder. */
const split = (text: string) => splitLocal(join(folder, text), 'file');
const target = (path: string, tag?: string, digest?: string) => ({ path: join(folder, path), tag, digest });

test.each<[string, ReturnType<typeof target>]>([
  ['app.tar:1.0', target('app.tar', '1.0')],
  ['app.tar:localhost/app:1.0', target('app.tar', 'localhost/app:1.0')],
  ['app.tar:localhost/app', target('app.tar', 'localhost/app')],
  ['app.tar:localhost:5000/app:1.0', target('app.tar', 'localhost:5000/app:1.0')],
  ['app.tar:app:1.0', target('app.tar', 'app:1.0')],
  [`app.tar@${DIGEST}`, target('app.tar', undefined, DIGEST)],
  [`app.tar:localhost/app:1.0@${DIGEST}`, target('app.tar', 'localhost/app:1.0', DIGEST)],
  ['a:1.tar', target('a:1.tar')],
  ['a:1.tar:2', target('a:1.tar', '2')],
  ['a:1.tar:x/y:2', target('a:1.tar', 'x/y:2')],
  ['layout:x/y:2', target('layout', 'x/y:2')],
  ['missing.tar:x/y:2', target('missing.tar:x/y', '2')],
  ['missing.tar:x/y', target('missing.tar:x/y')],
])('%s', (text, expected) => {
  expect(split(text)).toEqual(expected);
});

test.each([
  ['', 'names no file'],
  [':1', 'names no file'],
  ['app.tar:', 'has an empty tag'],
  ['app.tar@sha256:12', 'has a malformed digest'],
])('%j is malformed', (text, reason) => {
  expect(splitLocal(text, 'file')).toBe(reason);
});

test.each(['app.tar', './app.tar', '/a/app.tar:1.0', './layout', '..', 'a/b.tgz', 'app:1.tar'])(
  '%s needs a prefix',
  (text) => {
    expect(prefixForPath(text)).toContain(`oci:${text}`.replace(/^oci:(?=.*(?:tar|tgz))/, 'oci-archive:'));
  },
);

test.each([
  ...[
    'oci-archive:app.tar',
    'oci:dir.tar',
    'oci-archive:./app.tar',
    'docker-daemon:app.tar',
    'docker://app.tar',
  ],
  ...['docker-archive:app.tar', 'dir:app.tar', 'oci-layout:app.tar', 'https://app.tar'],
  ...['app:1.0', 'registry.example/app.tar', 'localhost/app.tar:1'],
])('%s needs no prefix', (text) => {
  expect(prefixForPath(text)).toBeUndefined();
});

test('an error about an image on Docker Hub names the folder or file of the same name', () => {
  const before = process.cwd();
  try {
    process.chdir(folder);
    const error = new VeritySignError('registry', 'no answer', { remedy: 'Ask' });
    error.context.image = 'layout';
    const longer = withPathHint(error, 'library/layout') as VeritySignError;
    expect(longer.toLine()).toBe(
      'layout: no answer. Ask. layout is also a folder here: if it is meant, write oci:layout',
    );
    expect((withPathHint(error, 'library/app.tar') as VeritySignError).remedy).toContain(
      'app.tar is also a file here: if it is meant, write oci-archive:app.tar',
    );
    expect(withPathHint(error, 'library/none')).toBe(error);
    const stopped = new VeritySignError('cancelled', 'stopped');
    expect(withPathHint(stopped, 'library/layout')).toBe(stopped);
  } finally {
    process.chdir(before);
  }
});
