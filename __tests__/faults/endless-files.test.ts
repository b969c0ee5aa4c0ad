/** Files that the user names and that have no end, as some devices, or no content. */
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { cli } from '../helpers/cli.ts';
import { pki } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolPath } from '../helpers/tools.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder();
const layout = `oci:${join(folder, 'layout')}`;
const registry = '127.0.0.1:1/app:1';
let key: string[];
let trusted: string[];

beforeAll(async () => {
  await writeVectorImage(join(folder, 'layout'), ['simple-gzip']);
  const { keyPath, chainPath, caPath } = (await pki()).leaf('p256');
  key = ['--key', keyPath, '--certificate', chainPath];
  trusted = ['--trusted-certificate', caPath];
  symlinkSync('/dev/zero', join(folder, 'config.json'));
});

const oras = ['--oras-path', toolPath('oras')];
const CASES: [name: string, args: () => string[]][] = [
  ['key', () => ['sign', layout, ...key.slice(2), '--key', '/dev/zero']],
  ['certificate', () => ['sign', layout, ...key.slice(0, 2), '--certificate', '/dev/zero']],
  ['metadata-file', () => ['sign', '--metadata-file', '/dev/zero', ...key]],
  ['ca-file', () => ['sign', registry, ...key, ...oras, '--ca-file', '/dev/zero']],
  ['timestamp-certificate', () => timestamp('/dev/zero')],
  [
    'registry-password',
    () => ['sign', registry, ...key, '--registry-username', 'u', '--registry-password', '/dev/zero'],
  ],
  ['trusted-certificate', () => ['verify', layout, '--trusted-certificate', '/dev/zero']],
  [
    'trust-policy',
    () => ['verify', layout, '--trust-policy', '/dev/zero', '--trust-policy-scope', 'local/app'],
  ],
  [
    'base',
    () => ['ipe-policy', layout, ...key, ...trusted, '--name', 'app', '--out', folder, '--base', '/dev/zero'],
  ],
  ['check', () => ['ipe-policy', layout, ...trusted, '--check', '/dev/zero']],
];

function timestamp(file: string): string[] {
  return [
    'sign',
    layout,
    ...key,
    '--timestamp-url',
    'http://127.0.0.1:1',
    '--timestamp-certificate',
    file,
    '--manifest-signature',
    'jws',
  ];
}

describe('a file without end is refused, and not read into memory', () => {
  test.each(CASES)('%s', async (name, args) => {
    // Four times what a run takes: no reader has room for much of the file.
    const prefix = ['prlimit', `--data=${2 ** 30}`];
    const { status, stderr, stdout } = await cli(args(), { prefix });
    expect({ status, stderr }).toEqual({
      status: expect.any(Number),
      stderr: expect.stringMatching(REFUSED),
    });
    expect([2, 5]).toContain(status);
    expect(stderr.replaceAll(' ', '-')).toContain(name);
    expect(stdout).toBe('');
  });

  test('credentials of docker', async () => {
    const { status, stderr } = await cli(['root-hash', registry, ...oras], {
      env: { DOCKER_CONFIG: folder },
    });
    expect(stderr).toMatch(/config\.json with registry credentials cannot be read \(larger than [\d.]+ MB\)/);
    expect(status).toBe(4);
  });
});

const REFUSED = /larger than [\d.]+ MB|more than 64 KiB/;

test('an empty file of trusted certificates is called empty', async () => {
  const { status, stderr } = await cli(['verify', layout, '--trusted-certificate', '/dev/null']);
  expect(stderr).toMatch(/^verity-sign: trusted certificate \/dev\/null: it is empty\. Give the path /);
  expect(status).toBe(2);
});
