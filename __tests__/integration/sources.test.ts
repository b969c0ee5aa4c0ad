/** Layouts and archives as skopeo, podman, docker and oras write them, and what those read after signing. */
import { cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import type { Descriptor } from '../../src/model/index.ts';
import { type CliResult, cli, cliOk } from '../helpers/cli.ts';
import { pki } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { vectors, writeVectorImage } from '../helpers/vector-image.ts';

const NAME = 'org.opencontainers.image.ref.name';
const FULL_NAME = 'io.containerd.image.name';
const folder = testFolder();
let key: string[];
let trust: string[];
let made = 0;

beforeAll(async () => {
  const { keyPath, chainPath, caPath } = (await pki()).leaf('p256');
  key = ['--key', keyPath, '--certificate', chainPath, '--temp-dir', folder];
  trust = ['--trusted-certificate', caPath];
});

function path(name: string): string {
  return join(folder, `${made++}-${name}`);
}

async function layout(...layers: string[]): Promise<{ directory: string; image: Descriptor }> {
  const directory = path('layout');
  mkdirSync(directory);
  return { directory, image: await writeVectorImage(directory, layers) };
}

async function archiveOf(directory: string, ...members: string[]): Promise<string> {
  const file = path('image.tar');
  const what = members.length === 0 ? ['.'] : members;
  const argv = [toolPath('tar'), '--create', `--file=${file}`, `--directory=${directory}`, ...what];
  await run(argv, { env: toolEnvironment() });
  return file;
}

/** skopeo's exit status and messages. */
async function skopeo(...args: string[]): Promise<{ status: number; stderr: string }> {
  const argv = [
    'sh',
    '-c',
    '"$@" 2>&1; echo "status $?"',
    'sh',
    toolPath('skopeo'),
    '--insecure-policy',
    ...args,
  ];
  const { stdout } = await run(argv, { env: toolEnvironment({ HOME: folder }) });
  const [, stderr = '', status] = /^(.*)status (\d+)\n$/s.exec(stdout.toString()) ?? [];
  return { status: Number(status), stderr };
}

/** Lists images in index.json by hand, as other programs do. */
function list(directory: string, manifests: (Descriptor & { annotations?: Record<string, string> })[]): void {
  writeFileSync(join(directory, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
}

function rootHash(name: string): string {
  return vectors().find((vector) => vector.name === name)?.profiles.containerd.rootHash ?? 'none';
}

async function printed(image: string): Promise<CliResult> {
  return cli(['root-hash', image, '--temp-dir', folder]);
}

test('archives that skopeo names as podman does: by full name, short name and digest', async () => {
  const { directory, image } = await layout('simple-gzip');
  const file = path('app.tar');
  const target = `oci-archive:${file}:localhost/app:1.0`;
  expect(await skopeo('copy', `oci:${directory}:vectors`, target)).toMatchObject({ status: 0 });
  for (const name of [':localhost/app:1.0', ':app:1.0', `@${image.digest}`, '']) {
    const { stdout, stderr } = await printed(`oci-archive:${file}${name}`);
    expect(`${name} ${stdout} ${stderr}`).toContain(rootHash('simple-gzip'));
  }
  await cliOk(['sign', target, ...key]);
  await cliOk(['verify', target, ...trust]);
  await cliOk(['verify', `oci-archive:${file}@${image.digest}`, ...trust]);
  const other = await printed(`oci-archive:${file}:localhost/app:2.0`);
  expect(other).toMatchObject({ status: 2, stdout: '' });
  expect(other.stderr).toContain('has no image tagged "localhost/app:2.0". Choose one of :localhost/app:1.0');
  const digest = `sha256:${'0'.repeat(64)}`;
  expect((await printed(`oci-archive:${file}@${digest}`)).stderr).toContain(`does not contain ${digest}`);
});

test('one tag of two repositories, as docker save writes it: by full name, and the choice is named', async () => {
  const { directory, image: first } = await layout('simple-gzip');
  const { directory: more, image: second } = await layout('modes-gzip');
  cpSync(join(more, 'blobs'), join(directory, 'blobs'), { recursive: true });
  const named = (image: Descriptor, name: string) => ({
    ...image,
    annotations: { [NAME]: '1.0', [FULL_NAME]: `docker.io/library/${name}:1.0` },
  });
  list(directory, [named(first, 'app'), named(second, 'web')]);
  for (const source of [`oci:${directory}`, `oci-archive:${await archiveOf(directory)}`]) {
    expect((await printed(`${source}:docker.io/library/app:1.0`)).stdout).toContain(rootHash('simple-gzip'));
    expect((await printed(`${source}:web:1.0`)).stdout).toContain(rootHash('modes-gzip'));
    const both = await printed(`${source}:1.0`);
    expect(both).toMatchObject({ status: 2, stdout: '' });
    expect(both.stderr).toContain('has 2 images tagged "1.0"');
    expect(both.stderr).toContain('Choose one of :docker.io/library/app:1.0, :docker.io/library/web:1.0');
  }
  // Without full names only digests tell them apart.
  list(
    directory,
    [first, second].map((image) => ({ ...image, annotations: { [NAME]: '1.0' } })),
  );
  expect((await printed(`oci:${directory}:1.0`)).stderr).toContain(`@${first.digest}, @${second.digest}`);
});

test('one image under two names needs no name, and both lead to it', async () => {
  const { directory, image } = await layout('simple-gzip');
  const names = ['localhost/app:latest', 'localhost/app:stable'];
  list(
    directory,
    names.map((name) => ({ ...image, annotations: { [NAME]: name } })),
  );
  const file = await archiveOf(directory);
  for (const name of ['', ...names.map((one) => `:${one}`)])
    expect((await printed(`oci-archive:${file}${name}`)).stdout).toContain(rootHash('simple-gzip'));
});

describe('a docker-archive', () => {
  const WHY =
    /is a docker-archive, which has no manifest: a push compresses the layers .* cannot be known here/;

  test('of skopeo and podman save is recognised in every verb, and stays as it is', async () => {
    const { directory } = await layout('simple-gzip', 'modes-gzip');
    const file = path('docker.tar');
    await skopeo('copy', `oci:${directory}:vectors`, `docker-archive:${file}:localhost/app:1.0`);
    const before = statSync(file).mtimeMs;
    const runs = [['root-hash'], ['sign', ...key], ['sign', '--dry-run'], ['inspect']];
    for (const [verb = '', ...options] of runs) {
      const result = await cli([verb, `oci-archive:${file}`, ...options]);
      expect(result).toMatchObject({ status: 3, stdout: '', stderr: expect.stringMatching(WHY) });
      expect(result.stderr).toContain('podman save --format oci-archive');
      expect(result.stderr.trim().split('\n')).toHaveLength(1);
    }
    const verified = await cli(['verify', `oci-archive:${file}`, ...trust]);
    expect(verified).toMatchObject({ status: 11, stderr: expect.stringMatching(WHY) });
    expect(statSync(file).mtimeMs).toBe(before);
    const prefixed = await cli(['sign', `docker-archive:${file}`, ...key]);
    expect(prefixed).toMatchObject({ status: 2, stderr: expect.stringMatching(WHY) });
  });

  test('whose layers come first, or that is written by go-containerregistry or jib', async () => {
    const from = path('tarball');
    mkdirSync(from);
    const members = { 'sha256:00': '{}', '00.tar.gz': 'x', 'manifest.json': '[]' };
    for (const [name, content] of Object.entries(members)) writeFileSync(join(from, name), content);
    const result = await printed(
      `oci-archive:${await archiveOf(from, '00.tar.gz', 'sha256:00', 'manifest.json')}`,
    );
    expect(result.stderr).toMatch(WHY);
    // Neither a docker-archive nor a layout.
    const other = await printed(`oci-archive:${await archiveOf(from, '00.tar.gz')}`);
    expect(other.stderr).toContain('"00.tar.gz", which does not belong in an OCI layout');
  });
});

test('a layout of oras, packed with ./ and the folder ingest: read, signed, and oras can read the result', async () => {
  const { directory, image } = await layout('simple-gzip');
  mkdirSync(join(directory, 'ingest'));
  writeFileSync(join(directory, 'ingest/oras_oci_123'), 'part of a download');
  const file = await archiveOf(directory);
  await cliOk(['sign', `oci-archive:${file}:vectors`, ...key]);
  const argv = [toolPath('oras'), 'discover', '--format', 'json', '--oci-layout', `${file}:vectors`];
  const { stdout } = await run(argv, { env: toolEnvironment({ HOME: folder }) });
  expect(JSON.parse(stdout.toString())).toMatchObject({
    digest: image.digest,
    referrers: [{ artifactType: 'application/vnd.cncf.notary.signature.dm-verity' }],
  });
});

describe('after signing in place, what skopeo is to be told', () => {
  /** The commands that the log names. */
  const told = (stderr: string): string =>
    stderr.split('\n').find((line) => line.includes('skopeo and podman must be told')) ?? '';

  test.each(['oci', 'oci-archive'])('%s: the name of the image', async (prefix) => {
    const { directory } = await layout('simple-gzip');
    const place = prefix === 'oci' ? directory : await archiveOf(directory);
    const { stderr } = await cliOk(['sign', `${prefix}:${place}`, ...key]);
    const reference = `${prefix}:${place}:vectors`;
    expect(told(stderr)).toContain(`skopeo copy ${reference} …, podman pull ${reference}`);
    const without = await skopeo('copy', `${prefix}:${place}`, `dir:${path('out')}`);
    expect(without).toMatchObject({ status: 1, stderr: expect.stringContaining('more than one image') });
    const named = await skopeo('copy', reference, `oci:${path('out')}:copy`);
    expect(named).toMatchObject({ status: 0 });
  });

  test('an image without a name: its position, or to name it', async () => {
    const { directory, image } = await layout('simple-gzip');
    list(directory, [image]);
    const file = await archiveOf(directory);
    expect(told((await cliOk(['sign', `oci:${directory}`, ...key])).stderr)).toContain(`oci:${directory}:@0`);
    expect(told((await cliOk(['sign', `oci-archive:${file}`, ...key])).stderr)).toContain(
      'build it with one',
    );
  });

  test('nothing, if nothing was attached', async () => {
    const { directory } = await layout('simple-gzip');
    expect(told((await cliOk(['sign', `oci:${directory}`, '--dry-run'])).stderr)).toBe('');
  });
});

test('mistaken kinds of reference say what to write', async () => {
  const { directory } = await layout('simple-gzip');
  const file = await archiveOf(directory);
  expect((await printed(`oci:${file}`)).stderr).toContain('For a tar file of a layout use oci-archive:FILE');
  expect((await printed(`oci-archive:${directory}`)).stderr).toContain('use oci:DIR');
  const upper = await cli(['sign', 'ghcr.io/Example/App:1', '--dry-run']);
  expect(upper.status).toBe(2);
  expect(upper.stderr).toContain('Write it in lowercase: ghcr.io/example/app');
  expect(readFileSync(join(directory, 'index.json'), 'utf8')).not.toContain('dm-verity');
});
