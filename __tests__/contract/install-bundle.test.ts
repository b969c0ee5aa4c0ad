/**
 * The bundled Action on a machine without mkfs.erofs and oras. Real: the bundle, the release tarball of
 * erofs-utils and its build, oras' program, tar, the signing, the tests of what was installed. Not real: the
 * release archive of oras (its program is packed here as the release packs it, hence `oras-sha256`), GitHub and
 * kernel.org (a mirror on loopback), the runner's cache service, and apt-get.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { COMMON } from '../../scripts/build/options.ts';
import { checkVersion } from '../../src/oci/oras/version.ts';
import { SHA256 as EROFS_SHA256 } from '../../src/tools/install/erofs-utils-release.ts';
import { erofsUtilsSource } from '../helpers/erofs-utils-source.ts';
import { FakeRunnerCache } from '../helpers/fake-runner-cache.ts';
import { Mirror } from '../helpers/mirror.ts';
import { pki } from '../helpers/pki.ts';
import { startRegistry } from '../helpers/registry.ts';
import { COMPILERS, RunnerMachine } from '../helpers/runner-machine.ts';
import { toolPath } from '../helpers/tools.ts';
import { vectors, writeVectorImage } from '../helpers/vector-image.ts';
import { withoutMkfs } from '../helpers/without-mkfs.ts';

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

/** Inputs of a dry run whose tools come from the mirror; the registry is not reached. */
function inputs(more: Record<string, string> = {}): Record<string, string> {
  return {
    image: `oci:${join(folder, 'layout')}`,
    'push-to': 'registry.invalid/app:1',
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

/** A tar.gz of these files, as the release of erofs-utils is one. */
function packSource(files: Record<string, string>): Buffer {
  const root = mkdtempSync(join(folder, 'source-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, 'erofs-utils-1.9.4', name)), { recursive: true });
    writeFileSync(join(root, 'erofs-utils-1.9.4', name), text, { mode: 0o755 });
  }
  return execFileSync('tar', ['--create', '--gzip', `--directory=${root}`, 'erofs-utils-1.9.4']);
}

/** Sources that are built in no time: their mkfs.erofs is that of the pinned tools. */
function quickSource(): Buffer {
  return packSource({
    'configure.ac': 'AC_INIT([quick], [1])\nAC_CONFIG_FILES([Makefile])\nAC_OUTPUT\n',
    'Makefile.in': `all:\n\tmkdir -p mkfs && cp ${toolPath('mkfs.erofs')} mkfs/mkfs.erofs\n`,
  });
}

/** Inputs whose erofs-utils is the quick one, which the mirror serves from now on. */
function quickInputs(more: Record<string, string> = {}): Record<string, string> {
  const quick = quickSource();
  mirror.files.set(EROFS_PATH, quick);
  return inputs({ 'erofs-utils-sha256': sha256(quick), ...more });
}

test('installs both from mirrors and signs; a later run uses the archives that are kept', async () => {
  machine = new RunnerMachine(bundle);
  const registry = await startRegistry('referrers-api');
  const cache = await FakeRunnerCache.start();
  try {
    const leaf = (await pki()).leaf('rsa2048');
    const signing = inputs({
      'push-to': `${registry.host}/app:1`,
      'plain-http': 'true',
      'dry-run': 'false',
      key: leaf.keyPath,
      certificate: leaf.chainPath,
    });
    const first = await machine.run(signing, cache.environment);
    expect({ status: first.status, errors: first.errors }).toEqual({ status: 0, errors: [] });
    expect(rootHashes(first.outputs)).toEqual(ROOT_HASHES);
    expect(JSON.parse(first.outputs['artifact-digests'] ?? '')).toHaveLength(1);
    expect(mirror.asked).toEqual([release.path, EROFS_PATH]);
    // Archives, and no programs; the runner's cache is not asked without the input.
    expect(machine.left()).toEqual({ temp: [], kept: [release.sha256, EROFS_SHA256].sort() });
    expect(cache.calls).toEqual([]);

    const second = await machine.run(signing, cache.environment);
    expect({ status: second.status, errors: second.errors }).toEqual({ status: 0, errors: [] });
    expect(JSON.parse(second.outputs['artifact-digests'] ?? '')).toEqual([
      expect.objectContaining({ reused: true }),
    ]);
    expect(mirror.asked).toHaveLength(2);
  } finally {
    await cache.stop();
    await registry.stop();
  }
});

test('oras is not installed for a run that reaches no registry', async () => {
  machine = new RunnerMachine(bundle, { without: COMPILERS });
  const given = { 'push-to': '', builder: 'native', 'erofs-utils-url': '', 'erofs-utils-sha256': '' };
  const { status, errors } = await machine.run(inputs(given));
  expect({ status, errors }).toEqual({ status: 0, errors: [] });
  expect(mirror.asked).toEqual([]);
});

describe('fault 80: an oras on PATH that can send credentials elsewhere', () => {
  const login = { 'registry-username': 'someone', 'registry-password': 'password-7d1e' };
  const given = (more: Record<string, string>) => inputs({ 'mkfs-path': toolPath('mkfs.erofs'), ...more });
  beforeEach(() => {
    machine = new RunnerMachine(bundle);
    machine.program('oras', toolPath('oras-1.2'));
  });

  test('is used without credentials, with a warning', async () => {
    const { status, errors, stdout } = await machine.run(given({}));
    expect({ status, errors }).toEqual({ status: 0, errors: [] });
    expect(stdout).toContain('::warning::oras 1.2.0 can send credentials to another host');
    expect(mirror.asked).toEqual([]);
  });

  test('is not used with credentials: the release is installed', async () => {
    const { status, errors, stdout } = await machine.run(given(login));
    expect({ status, errors }).toEqual({ status: 0, errors: [] });
    expect(stdout).toContain(
      'oras on PATH is not usable: oras 1.2.0 can send the credentials for registry.invalid',
    );
    expect(stdout).not.toContain('::warning::');
    expect(mirror.asked).toEqual([release.path]);
  });

  test('is not used for a registry that docker has logged in to', async () => {
    const config = join(machine.folder, 'docker');
    mkdirSync(config);
    const auths = { 'registry.invalid': { auth: 'eDp5' } };
    writeFileSync(join(config, 'config.json'), JSON.stringify({ auths }));
    const { status } = await machine.run(given({}), { DOCKER_CONFIG: config });
    expect(status).toBe(0);
    expect(mirror.asked).toEqual([release.path]);
  });

  test('ends the run with credentials where nothing may be installed', async () => {
    const { status, errors } = await machine.run(given({ ...login, install: 'false' }));
    expect({ status, errors }).toEqual({
      status: 1,
      errors: [expect.stringContaining('oras 1.2.0 can send the credentials for registry.invalid')],
    });
    expect(errors[0]).toContain('Install oras 1.3.3 or later, or set oras-path to one');
  });
});

describe("the runner's cache", () => {
  let cache: FakeRunnerCache;
  beforeEach(async () => {
    cache = await FakeRunnerCache.start();
  });
  afterEach(() => cache.stop());

  test('holds the source of erofs-utils, for machines whose tool cache is empty', async () => {
    machine = new RunnerMachine(bundle);
    const given = quickInputs({ 'runner-cache': 'true' });
    const quick = mirror.files.get(EROFS_PATH);
    const first = await machine.run(given, cache.environment);
    expect({ status: first.status, errors: first.errors }).toEqual({ status: 0, errors: [] });
    const key = `verity-sign-source-erofs-utils-1.9.4-${given['erofs-utils-sha256']?.slice(0, 12)}`;
    expect([...cache.entries]).toEqual([[key, quick]]);
    expect(cache.calls).toEqual(['GetCacheEntryDownloadURL', 'CreateCacheEntry', 'FinalizeCacheEntryUpload']);

    rmSync(machine.toolCache, { recursive: true });
    const second = await machine.run(given, cache.environment);
    expect({ status: second.status, errors: second.errors }).toEqual({ status: 0, errors: [] });
    expect(second.stdout).toContain(`Restored ${key} from the runner's cache`);
    expect(mirror.asked).toEqual([release.path, EROFS_PATH, release.path]);
    expect(cache.refused).toEqual([]);
  });

  test.each([
    ['is not there', () => ({}), 'this runner offers none of version 2'],
    ['refuses', () => ({ ...cache.environment, ACTIONS_RUNTIME_TOKEN: 'another' }), ''],
    [
      'cannot be reached',
      () => ({ ...cache.environment, ACTIONS_RESULTS_URL: 'http://127.0.0.1:1/' }),
      'ECONNREFUSED',
    ],
  ])('that %s is no failure', async (_what, environment, reason) => {
    machine = new RunnerMachine(bundle);
    const given = quickInputs({ 'runner-cache': 'true', 'oras-path': toolPath('oras') });
    const { status, errors, stdout } = await machine.run(given, environment());
    expect({ status, errors }).toEqual({ status: 0, errors: [] });
    expect(stdout).toContain("Nothing is restored from the runner's cache: ");
    expect(stdout).toContain(reason);
    expect(stdout).not.toContain(cache.token);
  });
});

describe('fault 79: a cache entry replaced by another program is not run', () => {
  /** What the trojans write, so that the test sees that one ran. */
  const mark = (): string => join(machine.folder, 'owned');
  const script = (): string => `#!/bin/sh\necho ran >> ${mark()}\nexit 1\n`;

  /** An archive of oras, and one of erofs-utils, that run the trojan when they are used or built. */
  function trojans(): { oras: Buffer; source: Buffer } {
    const root = mkdtempSync(join(folder, 'trojan-'));
    writeFileSync(join(root, 'oras'), script(), { mode: 0o755 });
    return {
      oras: execFileSync('tar', ['--create', '--gzip', `--directory=${root}`, 'oras']),
      source: packSource({
        'configure.ac': `m4_esyscmd([echo ran >> ${mark()}])\nAC_INIT([trojan], [1])\nAC_OUTPUT\n`,
        configure: script(),
        Makefile: `all:\n\techo ran >> ${mark()}\n`,
      }),
    };
  }

  /** As @actions/tool-cache and the releases of this Action before 0.2 kept a program. */
  function plantProgram(tool: string, version: string, name: string, archive: string): void {
    const place = join(machine.toolCache, tool, version, process.arch);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, name), script(), { mode: 0o755 });
    const record = { archive, program: sha256(Buffer.from(script())) };
    writeFileSync(join(place, 'verity-sign.json'), `${JSON.stringify(record)}\n`);
    writeFileSync(`${place}.complete`, '');
  }

  function plantEverywhere(given: Record<string, string>, cache: FakeRunnerCache): void {
    const pinned = given['erofs-utils-sha256'] ?? '';
    const { oras, source: trojan } = trojans();
    plantProgram('oras', release.version, 'oras', release.sha256);
    plantProgram('erofs-utils', '1.9.4', 'mkfs.erofs', pinned);
    const archives = join(machine.toolCache, 'verity-sign-archives');
    mkdirSync(archives);
    writeFileSync(join(archives, release.sha256), oras);
    writeFileSync(join(archives, pinned), trojan);
    const key = `verity-sign-source-erofs-utils-1.9.4-${pinned.slice(0, 12)}`;
    cache.plant(key, pinned, trojan);
  }

  test.each(['whole', 'gone'])(
    'in the tool cache and in the runner’s cache; the mirror is %s',
    async (which) => {
      machine = new RunnerMachine(bundle);
      const cache = await FakeRunnerCache.start();
      try {
        const given = quickInputs({ 'runner-cache': 'true' });
        plantEverywhere(given, cache);
        if (which === 'gone') mirror.files.clear();
        const { status, errors, stdout } = await machine.run(given, cache.environment);
        expect(existsSync(mark())).toBe(false);
        expect(stdout).toMatch(
          new RegExp(`${release.sha256} is not used: it has SHA-256 [0-9a-f]{64}, not `),
        );
        if (which === 'gone') {
          expect({ status, errors }).toEqual({ status: 1, errors: [expect.stringContaining('404')] });
        } else {
          expect({ status, errors }).toEqual({ status: 0, errors: [] });
          expect(stdout).toMatch(/ in the runner's cache is not used: it has SHA-256 [0-9a-f]{64}, not /);
          // The good archives have replaced the others.
          const kept = readdirSync(join(machine.toolCache, 'verity-sign-archives'));
          expect(kept.sort()).toEqual([release.sha256, given['erofs-utils-sha256']].sort());
          const again = await machine.run({ ...given, 'runner-cache': 'false' });
          expect({ status: again.status, errors: again.errors }).toEqual({ status: 0, errors: [] });
          expect(mirror.asked).toHaveLength(2);
          expect(existsSync(mark())).toBe(false);
        }
      } finally {
        await cache.stop();
      }
    },
  );

  test('the trojans of this test do run where they are pinned', async () => {
    machine = new RunnerMachine(bundle);
    const { oras, source: trojan } = trojans();
    mirror.files.set(release.path, oras).set(EROFS_PATH, trojan);
    const given = { 'oras-sha256': sha256(oras), 'erofs-utils-sha256': sha256(trojan) };
    await machine.run(inputs(given));
    expect(existsSync(mark())).toBe(true);
    rmSync(mark());
    await machine.run(inputs({ ...given, 'oras-path': toolPath('oras') }));
    expect(existsSync(mark())).toBe(true);
  });
});

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
    machine.remove();
    machine = new RunnerMachine(bundle, { prefix: withoutMkfs() });
    const line = await fails({ install: 'false', 'push-to': '' });
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

  rmSync(machine.toolCache, { recursive: true });
  const file = join(folder, 'oras.tar.gz');
  writeFileSync(file, release.archive);
  const local = await machine.run(inputs({ ...mkfs, 'oras-download-url': pathToFileURL(file).href }));
  expect({ status: local.status, errors: local.errors }).toEqual({ status: 0, errors: [] });
  expect(mirror.asked).toHaveLength(1);
});
