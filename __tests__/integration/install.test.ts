import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { CommonOptions } from '../../src/commands/shared/options.ts';
import { mkfsCheck } from '../../src/convert/mkfs-check.ts';
import { actionLogger } from '../../src/frontend/output/action-reporter.ts';
import { type Logger, silentLogger } from '../../src/logger.ts';
import { checkVersion } from '../../src/oci/oras/version.ts';
import { erofsUtilsArchive } from '../../src/tools/install/erofs-utils-release.ts';
import { type Installed, installTools } from '../../src/tools/install/index.ts';
import { VERSION as ORAS } from '../../src/tools/install/oras-release.ts';
import { erofsUtilsSource } from '../helpers/erofs-utils-source.ts';
import { Mirror } from '../helpers/mirror.ts';
import { linkSystemPrograms } from '../helpers/system-programs.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolPath } from '../helpers/tools.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/vectors');
const VECTORS = (
  JSON.parse(readFileSync(join(FIXTURES, 'vectors.json'), 'utf8')) as {
    vectors: { name: string; profiles: { containerd: { uuid: string; imageSha256: string } } }[];
  }
).vectors;

/** Runs the installer as on a runner: its own tool cache and temporary folder, and a PATH of ours. */
let folder: string;
let mirror: Mirror;
/** Programs of the system, but not those that are to be installed. */
const system = testFolder();
linkSystemPrograms(system, ['oras', 'mkfs.erofs']);
const before = { ...process.env };

beforeEach(async () => {
  // The toolkit's debug lines.
  jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
  folder = mkdtempSync(join(tmpdir(), 'install-'));
  for (const name of ['cache', 'temp', 'bin']) mkdirSync(join(folder, name));
  process.env.RUNNER_TOOL_CACHE = join(folder, 'cache');
  process.env.RUNNER_TEMP = join(folder, 'temp');
  process.env.PATH = `${join(folder, 'bin')}:${system}`;
  mirror = await Mirror.start();
});

afterEach(async () => {
  jest.restoreAllMocks();
  process.env = { ...before };
  await mirror.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Request {
  orasPath?: string;
  orasSha256?: string;
  erofsUtilsSha256?: string;
  log?: Logger;
  mkfsPath?: string;
  orasVersion?: string;
  erofsUtilsVersion?: string;
}

function install(request: Request): Promise<Installed> {
  const context = { log: request.log ?? silentLogger, signal: new AbortController().signal };
  const wanted = request.erofsUtilsVersion;
  const options: Pick<CommonOptions, 'profiles' | 'erofsUtilsVersion' | 'tempDir'> = {
    profiles: ['containerd'],
    ...(wanted === undefined ? {} : { erofsUtilsVersion: wanted }),
  };
  const oras = {
    version: request.orasVersion ?? ORAS,
    path: request.orasPath,
    sha256: request.orasSha256,
    url: `${mirror.url}/oras`,
  };
  const check = mkfsCheck(options, context);
  const url = `${mirror.url}/erofs`;
  const erofsUtils = { wanted, path: request.mkfsPath, sha256: request.erofsUtilsSha256, url, check };
  return installTools({ oras: { ...oras, check: checkVersion }, erofsUtils }, context);
}

/** A fake on PATH that tells a version and can do nothing else. */
function program(name: string, version: string): string {
  const path = join(folder, 'bin', name);
  writeFileSync(path, `#!/bin/sh\necho "${name} (erofs-utils) ${version}"; echo "Version: ${version}"\n`);
  chmodSync(path, 0o755);
  return path;
}

const orasUrl = `/oras/v${ORAS}/oras_${ORAS}_linux_${process.arch === 'x64' ? 'amd64' : process.arch}.tar.gz`;
const erofsUrl = '/erofs/erofs-utils-1.9.4.tar.gz';

describe('what is there', () => {
  test('is used as given, without a look at PATH', async () => {
    program('oras', '1.3.3');
    const paths = { orasPath: '/opt/oras', mkfsPath: '/opt/mkfs.erofs' };
    expect(await install(paths)).toEqual(paths);
  });

  test('is found on PATH and nothing is downloaded', async () => {
    const orasPath = program('oras', '1.2.0');
    const mkfsPath = join(folder, 'bin/mkfs.erofs');
    writeFileSync(mkfsPath, `#!/bin/sh\nexec ${toolPath('mkfs.erofs')} "$@"\n`);
    chmodSync(mkfsPath, 0o755);
    expect(await install({})).toEqual({ orasPath, mkfsPath });
    expect(mirror.asked).toEqual([]);
  });

  test('is really what it says: the tools of this project', async () => {
    for (const name of ['oras', 'mkfs.erofs']) {
      writeFileSync(join(folder, 'bin', name), `#!/bin/sh\nexec ${toolPath(name)} "$@"\n`);
      chmodSync(join(folder, 'bin', name), 0o755);
    }
    expect(await install({})).toEqual({
      orasPath: join(folder, 'bin/oras'),
      mkfsPath: join(folder, 'bin/mkfs.erofs'),
    });
    expect(mirror.asked).toEqual([]);
  });
});

describe('unusable programs are not used', () => {
  test.each(['1.1.0', 'unknown'])('oras %s', async (version) => {
    program('oras', version);
    await expect(install({ mkfsPath: '/x' })).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringContaining(`cannot download oras ${ORAS} from ${mirror.url}${orasUrl}`),
      remedy: expect.stringContaining('oras-download-url'),
    });
    expect(mirror.asked).toEqual([orasUrl]);
  });

  // The last tells a good version, and fails the known-answer test.
  test.each(['1.8.9', '1.9.0', '1.5', '1.9.4'])('mkfs.erofs %s', async (version) => {
    program('mkfs.erofs', version);
    await expect(install({ orasPath: '/x' })).rejects.toThrow(
      `cannot download erofs-utils 1.9.4 from ${mirror.url}${erofsUrl}`,
    );
    expect(mirror.asked).toEqual([erofsUrl]);
  });

  test('mkfs.erofs of another class than the wanted one', async () => {
    program('mkfs.erofs', '1.9.1');
    await expect(install({ orasPath: '/x', erofsUtilsVersion: 'C' })).rejects.toThrow('cannot download');
    await expect(install({ orasPath: '/x', erofsUtilsVersion: 'B' })).rejects.toThrow(
      'erofs-utils-1.9.2.tar.gz',
    );
    await expect(install({ orasPath: '/x', erofsUtilsVersion: '1.9.3' })).rejects.toMatchObject({
      message:
        'erofs-utils-version 1.9.3 has no known checksum; known are those of 1.9.4, 1.9.2, 1.9.1, 1.8.10',
      remedy: expect.stringContaining('mkfs-path'),
    });
    expect(mirror.asked).toEqual([erofsUrl, erofsUrl.replace('1.9.4', '1.9.2')]);
  });
});

describe('downloads', () => {
  test('with another checksum are refused, and nothing of them stays', async () => {
    const archive = Buffer.from('not the release');
    mirror.files.set(orasUrl, archive).set(erofsUrl, archive);
    const found = createHash('sha256').update(archive).digest('hex');
    await expect(install({ mkfsPath: '/x' })).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringContaining(`has SHA-256 ${found}, not `),
    });
    await expect(install({ orasPath: '/x' })).rejects.toThrow(`has SHA-256 ${found}, not 7d135aa2`);
    expect(readdirSync(join(folder, 'temp'))).toEqual([]);
    expect(readdirSync(join(folder, 'cache'))).toEqual([]);
  });

  test('of an oras without a known checksum are not even tried', async () => {
    mirror.files.set('/oras/v9.9.9/oras_9.9.9_linux_amd64.tar.gz', Buffer.from('x'));
    await expect(install({ orasVersion: '9.9.9', mkfsPath: '/x' })).rejects.toMatchObject({
      code: 'usage',
      remedy: expect.stringContaining(ORAS),
    });
    expect(mirror.asked).toEqual([]);
  });
});

test.each(['with', 'without'])(
  'erofs-utils is built from the pinned source, %s a tool cache',
  async (which) => {
    if (which === 'without') delete process.env.RUNNER_TOOL_CACHE;
    mirror.files.set(erofsUrl, await erofsUtilsSource(folder));
    const { mkfsPath = '' } = await install({ orasPath: '/x' });
    expect(dirname(dirname(mkfsPath))).toBe(join(folder, 'temp'));
    expect(readdirSync(join(folder, 'temp'))).toEqual([expect.stringMatching(/^verity-sign-tools-/)]);
    expect(execFileSync(mkfsPath, ['-V']).toString()).toContain('1.9.4');
    expect(mirror.asked).toEqual([erofsUrl]);
    // The source is kept, the program is not.
    const files = readdirSync(join(folder, 'cache'), { recursive: true, withFileTypes: true });
    const kept = files.filter((entry) => entry.isFile()).map(({ name }) => name);
    expect(kept).toEqual(which === 'with' ? [erofsUtilsArchive({}).sha256] : []);

    const expected = VECTORS.find(({ name }) => name === 'simple-tar')?.profiles.containerd;
    const image = join(folder, 'layer.erofs');
    const args = '--tar=f --aufs --quiet -Enoinline_data -b4096 -T0 --mkfs-time --sort=none -U'.split(' ');
    execFileSync(mkfsPath, [...args, expected?.uuid ?? '', image], {
      input: readFileSync(join(FIXTURES, 'blobs/simple-tar')),
      env: {},
    });
    expect(createHash('sha256').update(readFileSync(image)).digest('hex')).toBe(expected?.imageSha256);
  },
);

describe("the Action's log has each line while the installation still runs", () => {
  /** What the Action has printed so far, without the toolkit's debug lines. */
  const printed = (): string[] =>
    jest
      .mocked(process.stdout.write)
      .mock.calls.flatMap(([text]) => String(text).split('\n'))
      .filter((line) => line !== '' && !line.startsWith('::debug::'));

  /** A tar.gz of these files, and its checksum. */
  function packed(files: Record<string, string>): { archive: Buffer; sha256: string } {
    const root = mkdtempSync(join(folder, 'packed-'));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text, { mode: 0o755 });
    }
    const archive = execFileSync('tar', ['--create', '--gzip', `--directory=${root}`, '.']);
    return { archive, sha256: createHash('sha256').update(archive).digest('hex') };
  }

  test('oras: the download stands still until the log has its line', async () => {
    const { archive, sha256 } = packed({ oras: `#!/bin/sh\necho "Version: ${ORAS}"\n` });
    const { promise: until, resolve: goOn } = Promise.withResolvers<void>();
    const { promise: asked, resolve: isAsked } = Promise.withResolvers<void>();
    mirror.files.set(orasUrl, { held: archive, until, begun: isAsked });
    const installing = install({ mkfsPath: '/x', orasSha256: sha256, log: actionLogger() });
    await Promise.race([asked, installing]);
    expect(printed()).toEqual([`Downloading ${mirror.url}${orasUrl}`]);
    goOn();
    const { orasPath = '' } = await installing;
    expect(printed().slice(1)).toEqual([`oras ${ORAS}: ${orasPath}`]);
  });

  test('erofs-utils: make stands still until the log has the lines before', async () => {
    const [begun, goOn] = ['begun', 'go-on'].map((name) => join(folder, name)) as [string, string];
    execFileSync('mkfifo', [begun, goOn]);
    const steps = [`echo make >${begun}`, `cat ${goOn}`, `mkdir mkfs && cp ${toolPath('mkfs.erofs')} mkfs/`];
    const { archive, sha256 } = packed({
      'erofs-utils-1.9.4/configure.ac': 'AC_INIT([held], [1])\nAC_CONFIG_FILES([Makefile])\nAC_OUTPUT\n',
      'erofs-utils-1.9.4/Makefile.in': ['all:', ...steps.map((step) => `\t${step}`), ''].join('\n'),
    });
    mirror.files.set(erofsUrl, archive);
    const installing = install({ orasPath: '/x', erofsUtilsSha256: sha256, log: actionLogger() });
    // An open of a pipe waits for the other side.
    await Promise.race([readFile(begun), installing]);
    expect(printed()).toEqual([
      `Downloading ${mirror.url}${erofsUrl}`,
      'Building erofs-utils 1.9.4',
      'erofs-utils 1.9.4: autoreconf',
      'erofs-utils 1.9.4: ./configure',
      'erofs-utils 1.9.4: make',
    ]);
    await writeFile(goOn, 'now\n');
    const { mkfsPath = '' } = await installing;
    expect(printed().at(-1)).toBe(`mkfs.erofs: ${mkfsPath}`);
  });
});
