/**
 * The bundled Action on a machine without mkfs.erofs and oras. Real: the bundle, the release tarball of
 * erofs-utils and its build, oras' program, tar, the signing, the tests of what was installed. Not real: the
 * release archive of oras (its program is packed here as the release packs it, hence `oras-sha256`), GitHub and
 * kernel.org (a mirror on loopback), the runner's cache service, and apt-get.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { COMMON } from '../../scripts/build/options.ts';
import { checkVersion } from '../../src/oci/oras/version.ts';
import { erofsUtilsSource } from '../helpers/erofs-utils-source.ts';
import { FakeRunnerCache } from '../helpers/fake-runner-cache.ts';
import { Mirror } from '../helpers/mirror.ts';
import { pki } from '../helpers/pki.ts';
import { COMPILERS, RunnerMachine } from '../helpers/runner-machine.ts';
import { toolPath } from '../helpers/tools.ts';
import { vectors, writeVectorImage } from '../helpers/vector-image.ts';

const NAMES = ['simple-gzip', 'dirs-zstd', 'xattrs-gzip'];
const ROOT_HASHES = NAMES.map(
  (name) => vectors().find((vector) => vector.name === name)?.profiles.containerd.rootHash,
);
const EROFS_PATH = '/erofs/erofs-utils-1.9.4.tar.gz';
const NOBODY = 65_534;

let folder: string;
let bundle: string;
let source: Buffer;
let release: { version: string; archive: Buffer; sha256: string; path: string };
let mirror: Mirror;
let machine: RunnerMachine;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'install-bundle-'));
  chmodSync(folder, 0o755);
  const entryPoints = {
    'sign-action': 'src/entry/sign-action.ts',
    'layer-worker': 'src/convert/worker/layer-worker.ts',
  };
  await build({ ...COMMON, entryPoints, outdir: join(folder, 'dist') });
  bundle = join(folder, 'dist/sign-action.js');
  await writeVectorImage(join(folder, 'layout'), NAMES);
  source = await erofsUtilsSource(folder);
  release = await packOras();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(async () => {
  mirror = await Mirror.start();
  mirror.files.set(EROFS_PATH, source).set(release.path, release.archive);
});
afterEach(async () => {
  machine.remove();
  await mirror.stop();
});

async function packOras(): Promise<typeof release> {
  const version = (await checkVersion(toolPath('oras'))).text.replace(/\+.*/, '');
  copyFileSync(toolPath('oras'), join(folder, 'oras'));
  writeFileSync(join(folder, 'LICENSE'), 'Apache License, Version 2.0\n');
  const archive = execFileSync('tar', ['--create', '--gzip', `--directory=${folder}`, 'LICENSE', 'oras'], {
    maxBuffer: 64 * 2 ** 20,
  });
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  return {
    version,
    archive,
    sha256: sha256(archive),
    path: `/oras/v${version}/oras_${version}_linux_${arch}.tar.gz`,
  };
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Inputs of a dry run whose tools come from the mirror. */
function inputs(more: Record<string, string> = {}): Record<string, string> {
  return {
    image: `oci:${join(folder, 'layout')}`,
    'dry-run': 'true',
    builder: 'mkfs',
    'oras-version': release.version,
    'oras-sha256': release.sha256,
    'oras-download-url': `${mirror.url}/oras/`,
    'erofs-utils-url': `${mirror.url}/erofs`,
    ...more,
  };
}

function rootHashes(outputs: Record<string, string>): string[] {
  return (JSON.parse(outputs['root-hashes'] ?? '[]') as { rootHash: string }[]).map(
    ({ rootHash }) => rootHash,
  );
}

test('installs both from mirrors and signs; later runs use the tool cache, later machines the runner’s cache', async () => {
  machine = new RunnerMachine(bundle);
  const cache = await FakeRunnerCache.start();
  try {
    const leaf = (await pki()).leaf('rsa2048');
    const signing = inputs({ 'dry-run': 'false', key: leaf.keyPath, certificate: leaf.chainPath });
    const first = await machine.run(signing, cache.environment);
    expect({ status: first.status, errors: first.errors }).toEqual({ status: 0, errors: [] });
    expect(rootHashes(first.outputs)).toEqual(ROOT_HASHES);
    expect(JSON.parse(first.outputs['artifact-digests'] ?? '')).toHaveLength(1);
    expect(mirror.asked).toEqual([release.path, EROFS_PATH]);
    const kept = ['mkfs.erofs', 'oras', 'verity-sign.json', 'verity-sign.json'];
    // The list that @actions/cache made for tar stays until the runner empties the folder.
    expect(machine.left()).toEqual({ temp: ['manifest.txt'], kept: expect.arrayContaining(kept) });
    expect([...cache.entries.keys()]).toEqual([
      expect.stringMatching(
        `^verity-sign-erofs-utils-1\\.9\\.4-7d135aa25503-linux-${process.arch}-[a-z]+[\\d.]*$`,
      ),
    ]);

    // The next job on the same machine.
    const second = await machine.run(signing, cache.environment);
    expect(second.status).toBe(0);
    expect(JSON.parse(second.outputs['artifact-digests'] ?? '')).toEqual([
      expect.objectContaining({ reused: true }),
    ]);
    expect(mirror.asked).toHaveLength(2);
    expect(cache.calls.at(-1)).toBe('FinalizeCacheEntryUpload');

    // A new machine, whose tool cache is empty: nothing is built there.
    rmSync(join(machine.toolCache, 'erofs-utils'), { recursive: true });
    for (const name of COMPILERS) rmSync(join(machine.bin, name), { force: true });
    const third = await machine.run(signing, cache.environment);
    expect({ status: third.status, errors: third.errors }).toEqual({ status: 0, errors: [] });
    expect(mirror.asked).toHaveLength(2);

    // A damaged program is found out, and replaced by the whole one.
    const path = join(machine.toolCache, 'erofs-utils/1.9.4', process.arch, 'mkfs.erofs');
    appendFileSync(path, 'x');
    const fourth = await machine.run(signing, cache.environment);
    expect(fourth.status).toBe(0);
    expect(fourth.stdout).toContain('mkfs.erofs is not used: its checksum is not the recorded one');
    expect(cache.refused).toEqual([]);

    // Nor is a cache used that holds something else under the same name.
    rmSync(join(machine.toolCache, 'erofs-utils'), { recursive: true });
    for (const key of cache.entries.keys()) cache.entries.set(key, Buffer.from('no archive'));
    const fifth = await machine.run(signing, cache.environment);
    expect(fifth.errors.at(-1)).toContain('erofs-utils must be built, and autoreconf, gcc, make');
  } finally {
    await cache.stop();
  }
}, 240_000);

describe('failures: one error that says what and what to do, and nothing stays', () => {
  beforeEach(() => {
    machine = new RunnerMachine(bundle);
  });

  async function fails(given: Record<string, string>, env: Record<string, string> = {}): Promise<string> {
    const { status, errors, outputs } = await machine.run(inputs(given), env);
    expect({ status, outputs, errors: errors.length }).toEqual({ status: 1, outputs: {}, errors: 1 });
    expect(machine.left()).toEqual({ temp: [], kept: [] });
    const [line = ''] = errors;
    expect(line).toMatch(/\. [A-Z]/);
    return line;
  }

  test('another checksum', async () => {
    mirror.files.set(release.path, Buffer.from('something else'));
    const found = sha256(Buffer.from('something else'));
    expect(await fails({})).toContain(
      `oras ${release.version} from ${mirror.url}${release.path} has SHA-256 ${found}, not ${release.sha256}`,
    );
    const given = { 'oras-path': toolPath('oras'), 'erofs-utils-sha256': '0'.repeat(64) };
    expect(await fails(given)).toMatch(/erofs-utils 1\.9\.4 from .* has SHA-256 7d135aa\w+, not 0{64}/);
  });

  test('not there', async () => {
    mirror.files.delete(release.path);
    const line = await fails({});
    expect(line).toContain(`cannot download oras ${release.version} from ${mirror.url}${release.path}`);
    expect(line).toContain('404');
    expect(line).toContain('set oras-download-url to a mirror');
    mirror.files.delete(EROFS_PATH);
    expect(await fails({ 'oras-path': toolPath('oras') })).toContain('erofs-utils-url');
    // What is not there is asked for once; what is unwell, three times.
    expect(mirror.asked.filter((path) => path === release.path)).toHaveLength(1);
    mirror.files.set(release.path, 503);
    expect(await fails({})).toContain('503');
    expect(mirror.asked.filter((path) => path === release.path)).toHaveLength(4);
  });

  test('broken off, or cut short and pinned as it is', async () => {
    mirror.files.set(release.path, { brokenOff: release.archive });
    expect(await fails({})).toContain('cannot download');
    expect(mirror.asked).toHaveLength(3);
    const cut = release.archive.subarray(0, release.archive.length / 2);
    mirror.files.set(release.path, cut);
    expect(await fails({})).toContain(`has SHA-256 ${sha256(cut)}, not ${release.sha256}`);
    expect(await fails({ 'oras-sha256': sha256(cut) })).toContain('cannot unpack the archive');
  });

  test('no network: no such name, nobody listening', async () => {
    const line = await fails({ 'oras-download-url': 'http://mirror.invalid/oras' });
    expect(line).toMatch(/cannot download .* from .* \(getaddrinfo E\w+ mirror\.invalid\)/);
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    const url = `http://user:secret@127.0.0.1:${port}/oras?token=secret`;
    const refused = await fails({ 'oras-download-url': url });
    expect(refused).toContain('ECONNREFUSED');
    expect(refused).not.toContain('secret');
  });

  test('an archive of another version, and one without oras', async () => {
    const path = release.path.replaceAll(release.version, '1.9.9');
    mirror.files.set(path, release.archive);
    expect(await fails({ 'oras-version': '1.9.9' })).toContain(`it is version ${release.version}, not 1.9.9`);
    mirror.files.set(release.path, source);
    expect(await fails({ 'oras-sha256': sha256(source) })).toContain('it does not contain oras');
  });

  test('install: false forbids all of it', async () => {
    const line = await fails({ install: 'false' });
    expect(line).toContain('mkfs.erofs is not installed');
    expect(mirror.asked).toEqual([]);
  });
});

test.each<[string, { without: string[]; user?: number }, string]>([
  ['no compiler, no apt-get', { without: COMPILERS }, 'there is no apt-get'],
  [
    'no compiler, no sudo',
    { without: COMPILERS, user: NOBODY },
    'this user is not root, and sudo is not installed',
  ],
])('%s: what to install is told', async (_name, options, reason) => {
  machine = new RunnerMachine(bundle, options);
  if (options.user !== undefined) machine.program('apt-get', { script: '#!/bin/sh\nexit 100\n' });
  const { status, errors } = await machine.run(inputs());
  expect(status).toBe(1);
  expect(errors).toEqual([
    expect.stringContaining(
      `erofs-utils must be built, and autoreconf, gcc, make are missing: ${reason}. Install `,
    ),
  ]);
  expect(errors[0]).toContain('autoconf, gcc, make, libc6-dev (the packages of Debian and Ubuntu)');
  expect(mirror.asked).toEqual([release.path]);
  expect(machine.left().temp).toEqual([]);
});

describe('with apt-get', () => {
  /** A fake apt-get and apt-cache: the candidate is known after `update`; `install` puts `program` on PATH. */
  function fakeApt(candidate: string, program: string): void {
    const state = join(machine.folder, 'updated');
    machine.program('apt-cache', {
      script: `#!/bin/sh
[ "$*" = "policy erofs-utils" ] || exit 2
[ -e ${state} ] && printf 'erofs-utils:\\n  Installed: (none)\\n  Candidate: ${candidate}\\n'
exit 0
`,
    });
    machine.program('apt-get', {
      script: `#!/bin/sh
[ "$DEBIAN_FRONTEND" = noninteractive ] || exit 2
case "$*" in
  *' update') : >${state} ;;
  *' install --no-install-recommends erofs-utils') cp ${program} ${machine.bin}/mkfs.erofs ;;
  *) exit 2 ;;
esac
`,
    });
  }

  const noUrl = { 'erofs-utils-url': '' };

  test('a good candidate is installed', async () => {
    machine = new RunnerMachine(bundle, { without: COMPILERS });
    fakeApt('1:1.9.4-2ubuntu1', toolPath('mkfs.erofs'));
    const ran = await machine.run(inputs(noUrl));
    expect({ status: ran.status, errors: ran.errors }).toEqual({ status: 0, errors: [] });
    expect(rootHashes(ran.outputs)).toEqual(ROOT_HASHES);
    expect(mirror.asked).toEqual([release.path]);
  });

  test.each([
    ['an old candidate', '1.7.1-1build1', 'mkfs.erofs'],
    ['a package that fails the known-answer test', '1.9.4-1', 'mkfs.erofs-1.5'],
  ])('%s is not used', async (_name, candidate, program) => {
    machine = new RunnerMachine(bundle, { without: COMPILERS });
    fakeApt(candidate, toolPath(program));
    const { errors } = await machine.run(inputs(noUrl));
    // The build comes next, and this apt-get has no compilers.
    expect(errors).toEqual([expect.stringContaining('autoreconf, gcc, make are missing: apt-get failed')]);
  });
});

test('proxies are followed, and files of the machine used without any network', async () => {
  machine = new RunnerMachine(bundle);
  const mkfs = { 'mkfs-path': toolPath('mkfs.erofs') };
  const proxied = { ...mkfs, 'oras-download-url': 'http://mirror.example/oras' };
  const through = await machine.run(inputs(proxied), { http_proxy: mirror.url });
  expect({ status: through.status, errors: through.errors }).toEqual({ status: 0, errors: [] });
  expect(mirror.tunnels).toEqual(['mirror.example:80']);
  expect(mirror.asked).toEqual([release.path]);

  rmSync(join(machine.toolCache, 'oras'), { recursive: true });
  const file = join(folder, 'oras.tar.gz');
  writeFileSync(file, release.archive);
  const local = await machine.run(inputs({ ...mkfs, 'oras-download-url': pathToFileURL(file).href }));
  expect({ status: local.status, errors: local.errors }).toEqual({ status: 0, errors: [] });
  expect(mirror.asked).toHaveLength(1);
});
