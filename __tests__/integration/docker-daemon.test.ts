import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Descriptor } from '../../src/model/index.ts';
import type { RootHashEntry, SignReport } from '../../src/report/report.ts';
import { type CliResult, cli, cliOk } from '../helpers/cli.ts';
import { type FakeDaemon, type FakeDocker, fakeDocker } from '../helpers/fake-docker.ts';
import { sha256 } from '../helpers/image-writer.ts';
import { pki } from '../helpers/pki.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolsPath } from '../helpers/tools.ts';
import { vectors, writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder();
const temp = join(folder, 'temp');
const saved = join(folder, 'saved');
const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
let index: Descriptor;
let manifest: Descriptor;
let key: string[];
let trust: string;
let made = 0;

/** The image as the containerd store saves it: an index with an attestation, named by annotations. */
beforeAll(async () => {
  mkdirSync(temp);
  manifest = await writeVectorImage(saved, ['simple-gzip', 'whiteouts-zstd']);
  const put = (mediaType: string, value: unknown): Descriptor => {
    const bytes = Buffer.from(JSON.stringify(value));
    const digest = sha256(bytes);
    writeFileSync(join(saved, 'blobs', ...digest.split(':')), bytes);
    return { mediaType, digest, size: bytes.length };
  };
  const config = put('application/vnd.oci.image.config.v1+json', {
    os: 'unknown',
    rootfs: { type: 'layers', diff_ids: [] },
  });
  const attestation = put('application/vnd.oci.image.manifest.v1+json', {
    schemaVersion: 2,
    config,
    layers: [],
  });
  const manifests = [
    { ...manifest, platform: { os: 'linux', architecture: 'amd64' } },
    {
      ...attestation,
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: {
        'vnd.docker.reference.type': 'attestation-manifest',
        'vnd.docker.reference.digest': manifest.digest,
      },
    },
  ];
  index = put(OCI_INDEX, { schemaVersion: 2, mediaType: OCI_INDEX, manifests });
  const annotations = {
    'io.containerd.image.name': 'docker.io/library/app:1.0',
    'org.opencontainers.image.ref.name': '1.0',
  };
  writeFileSync(
    join(saved, 'index.json'),
    JSON.stringify({ schemaVersion: 2, manifests: [{ ...index, annotations }] }),
  );
  writeFileSync(join(saved, 'manifest.json'), '[]');
  const { keyPath, chainPath, caPath } = (await pki()).leaf('p256');
  key = ['--key', keyPath, '--certificate', chainPath, '--plain-http', '--temp-dir', temp];
  trust = caPath;
});

function daemon(more: Partial<FakeDaemon> = {}): FakeDocker {
  const images = { 'docker.io/library/app:1.0': { layout: saved, id: index.digest } };
  return fakeDocker(join(folder, `docker-${made++}`), { store: 'containerd', images, ...more });
}

function withDocker(
  docker: FakeDocker,
  args: string[],
  env: Record<string, string> = {},
): Promise<CliResult> {
  return cli(args, { env: { ...env, PATH: `${docker.folder}:${toolsPath()}` } });
}

describe('an image of the docker daemon', () => {
  let registry: TestRegistry;
  beforeAll(async () => {
    registry = await startRegistry('referrers-api');
  });
  afterAll(() => registry.stop());

  test.each([true, false])('has the known root hashes (Descriptor: %s)', async (descriptors) => {
    const docker = daemon({ descriptors });
    const { stdout, stderr } = await withDocker(docker, [
      'root-hash',
      'docker-daemon:app:1.0',
      '--json',
      '--temp-dir',
      temp,
    ]);
    expect(stderr).not.toMatch(/error/i);
    const expected = vectors().filter(({ name }) => ['simple-gzip', 'whiteouts-zstd'].includes(name));
    expect((JSON.parse(stdout) as RootHashEntry[]).map(({ rootHash }) => rootHash).sort()).toEqual(
      expected.map(({ profiles }) => profiles.containerd.rootHash).sort(),
    );
    expect(readdirSync(temp)).toEqual([]);
  });

  test('the gate pushes it with its signatures, by the digest that docker would push', async () => {
    const docker = daemon();
    const reference = `${registry.host}/gated:1.0`;
    const report = join(folder, 'report.json');
    const more = { DOCKER_HOST: 'tcp://127.0.0.1:2376', DOCKER_TLS_VERIFY: '1', SECRET_OF_OTHERS: 'x' };
    const args = ['sign', 'docker-daemon:app:1.0', '--push-to', reference, ...key, '--report', report];
    const { status, stderr } = await withDocker(docker, args, more);
    expect([status, stderr.includes('pushing to')]).toEqual([0, true]);
    const [{ pushed, image }] = JSON.parse(readFileSync(report, 'utf8')) as [SignReport];
    expect(pushed).toEqual({ reference, digest: index.digest });
    expect(image.name).toBe(`docker-daemon:docker.io/library/app@${index.digest}`);
    await cliOk(['verify', reference, '--trusted-certificate', trust, '--plain-http', '--temp-dir', temp]);
    const calls = readFileSync(docker.log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(calls.map(({ args: words }) => words[0])).toEqual(['image', 'info', 'save']);
    expect(calls[2]).toMatchObject({
      args: ['save', 'docker.io/library/app:1.0'],
      env: { DOCKER_HOST: 'tcp://127.0.0.1:2376', DOCKER_TLS_VERIFY: '1' },
    });
    expect(readdirSync(temp)).toEqual([]);
  });

  test('a dry run needs no place for signatures', async () => {
    const { status, stdout } = await withDocker(daemon(), [
      'sign',
      'docker-daemon:app:1.0',
      '--dry-run',
      '--temp-dir',
      temp,
    ]);
    expect(status).toBe(0);
    expect(stdout).toContain(`docker-daemon:docker.io/library/app@${index.digest}`);
    expect(stdout).toContain('nothing was signed');
  });

  test.each([
    ['sign', /the docker daemon keeps no signatures.*Set push-to/],
    ['verify', /the docker daemon keeps no signatures.*registry that it was pushed to/],
    ['inspect', /the docker daemon keeps no signatures.*registry that it was pushed to/],
  ])('%s without a registry is refused before docker is called', async (command, message) => {
    const docker = daemon();
    const own = { sign: key, verify: ['--trusted-certificate', trust], inspect: [] }[command] ?? [];
    const { status, stderr } = await withDocker(docker, [command, 'docker-daemon:app:1.0', ...own]);
    expect([status, message.test(stderr)]).toEqual([2, true]);
    expect(readFileSync(docker.log, 'utf8')).toBe('');
  });
});

describe('what docker refuses, and what is refused of it', () => {
  const broken = { layout: '', id: `sha256:${'0'.repeat(64)}` };
  test.each<[string, Partial<FakeDaemon>, number, RegExp]>([
    [
      'classic store',
      { store: 'classic' },
      4,
      /classic image store, which compresses layers at each push.*type=oci.*by digest/,
    ],
    [
      'no daemon',
      { fault: 'no-daemon' },
      4,
      /the docker daemon cannot be reached.*Start the daemon, or set DOCKER_HOST/,
    ],
    ['info without a daemon', { fault: 'info-exits-0' }, 4, /the docker daemon cannot be reached/],
    ['no permission', { fault: 'no-permission' }, 4, /the docker daemon refuses access to this user.*group/],
    [
      'no such image',
      { images: {} },
      2,
      /docker has no image docker\.io\/library\/app:1\.0.*docker image ls/,
    ],
    ['old client', { fault: 'old-client' }, 4, /have no API version in common.*Update/],
    [
      'broken save',
      { fault: 'save-breaks' },
      4,
      /docker failed on docker\.io\/library\/app:1\.0.*unexpected EOF/,
    ],
    [
      'another image',
      { images: { 'docker.io/library/app:1.0': broken } },
      3,
      /docker did not save the image sha256:0000/,
    ],
  ])('%s', async (_name, more, status, message) => {
    for (const image of Object.values(more.images ?? {})) image.layout = saved;
    const result = await withDocker(daemon(more), ['root-hash', 'docker-daemon:app:1.0', '--temp-dir', temp]);
    expect(result.stderr).toMatch(message);
    expect(result.status).toBe(status);
    expect(readdirSync(temp)).toEqual([]);
  });

  test('a save that hangs ends at the time limit', async () => {
    const args = ['root-hash', 'docker-daemon:app:1.0', '--temp-dir', temp, '--timeout', '3s'];
    const { status, stderr } = await withDocker(daemon({ fault: 'save-hangs' }), args);
    expect([status, /docker did not answer within the timeout.*Raise timeout/.test(stderr)]).toEqual([
      4,
      true,
    ]);
    expect(readdirSync(temp)).toEqual([]);
  });

  test('a platform whose content docker did not pull', async () => {
    const partial = join(folder, 'partial');
    cpSync(saved, partial, { recursive: true });
    rmSync(join(partial, 'blobs', ...manifest.digest.split(':')));
    const images = { 'docker.io/library/app:1.0': { layout: partial, id: index.digest } };
    const { status, stderr } = await withDocker(daemon({ images }), ['root-hash', 'docker-daemon:app:1.0']);
    expect(stderr).toMatch(
      /docker has only a part of the image: blobs\/sha256\/\w+ is missing.*pull all platforms/,
    );
    expect(status).toBe(3);
  });

  test('no docker CLI', async () => {
    const path = toolsPath()
      .split(':')
      .filter((entry) => !existsSync(join(entry, 'docker')));
    const { status, stderr } = await cli(['root-hash', 'docker-daemon:app'], {
      env: { PATH: path.join(':') },
    });
    expect([status, /docker is not installed.*Install the docker CLI/.test(stderr)]).toEqual([4, true]);
  });
});
