import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { download } from '../../scripts/tools/download.ts';
import { Origin } from '../../scripts/tools/origin.ts';
import { EROFS_UTILS } from '../../scripts/tools/pins.ts';
import { silentLogger } from '../../src/logger.ts';
import { type DownloadHosts, type InstallRequest, installTools } from '../../src/tools/install.ts';
import { toolPath } from '../helpers/tools.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/vectors');
const VECTORS = (
  JSON.parse(readFileSync(join(FIXTURES, 'vectors.json'), 'utf8')) as {
    vectors: { name: string; profiles: { containerd: { uuid: string; imageSha256: string } } }[];
  }
).vectors;

/** The release of erofs-utils, from where the tools of this project have it. */
async function erofsUtilsSource(): Promise<Buffer> {
  const target = join(folder, 'source.tar.gz');
  const origin = new Origin();
  try {
    const archive = await origin.archive();
    const { version, sha256, url } = EROFS_UTILS;
    if (archive === undefined) await download(url, sha256, target);
    else await archive.tarball('erofs-utils', version, sha256, target);
    return readFileSync(target);
  } finally {
    await origin[Symbol.asyncDispose]();
  }
}

/** Runs the installer as on a runner: its own tool cache and temporary folder, and a PATH of ours. */
let folder: string;
let server: Server;
let hosts: DownloadHosts;
let asked: string[];
let files: Record<string, Buffer>;
const before = { ...process.env };

beforeEach(async () => {
  // The toolkit's debug lines.
  jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
  folder = mkdtempSync(join(tmpdir(), 'install-'));
  for (const name of ['cache', 'temp', 'bin']) mkdirSync(join(folder, name));
  process.env.RUNNER_TOOL_CACHE = join(folder, 'cache');
  process.env.RUNNER_TEMP = join(folder, 'temp');
  // Programs of the system, but none that a developer may have installed beside them.
  process.env.PATH = `${join(folder, 'bin')}:/usr/bin:/bin`;
  asked = [];
  files = {};
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const body = files[request.url ?? ''];
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  hosts = { oras: `${base}/oras`, erofsUtils: `${base}/erofs` };
});

afterEach(async () => {
  jest.restoreAllMocks();
  process.env = { ...before };
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

function install(request: Partial<InstallRequest>): Promise<{ orasPath: string; mkfsPath: string }> {
  const context = { log: silentLogger, signal: new AbortController().signal };
  return installTools({ orasVersion: '1.3.0', ...request }, context, hosts);
}

/** A program on PATH that tells a version. */
function program(name: string, version: string): string {
  const path = join(folder, 'bin', name);
  writeFileSync(path, `#!/bin/sh\necho "${name} ${version}"\n`);
  chmodSync(path, 0o755);
  return path;
}

const orasUrl = `/oras/v1.3.0/oras_1.3.0_linux_${process.arch === 'x64' ? 'amd64' : process.arch}.tar.gz`;
const erofsUrl = '/erofs/erofs-utils-1.9.4.tar.gz';

describe('what is there', () => {
  test('is used as given, without a look at PATH', async () => {
    program('oras', '1.3.3');
    const paths = { orasPath: '/opt/oras', mkfsPath: '/opt/mkfs.erofs' };
    expect(await install(paths)).toEqual(paths);
  });

  test('is found on PATH and nothing is downloaded', async () => {
    const [orasPath, mkfsPath] = [program('oras', '1.2.0'), program('mkfs.erofs', '1.9.2')];
    expect(await install({})).toEqual({ orasPath, mkfsPath });
    expect(asked).toEqual([]);
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
    expect(asked).toEqual([]);
  });
});

describe('what will not do is not used', () => {
  test.each(['1.1.0', 'unknown'])('oras %s', async (version) => {
    program('oras', version);
    await expect(install({ mkfsPath: '/x' })).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringContaining(`${orasUrl} could not be downloaded`),
      remedy: expect.stringContaining('install to false'),
    });
    expect(asked).toEqual([orasUrl]);
  });

  test.each(['1.8.9', '1.9.0', '1.5'])('mkfs.erofs %s', async (version) => {
    program('mkfs.erofs', version);
    await expect(install({ orasPath: '/x' })).rejects.toThrow(`${erofsUrl} could not be downloaded`);
    expect(asked).toEqual([erofsUrl]);
  });

  test('mkfs.erofs of another class than the wanted one', async () => {
    program('mkfs.erofs', '1.9.1');
    await expect(install({ orasPath: '/x', erofsUtilsVersion: 'C' })).rejects.toThrow(
      'could not be downloaded',
    );
    await expect(install({ orasPath: '/x', erofsUtilsVersion: 'B' })).rejects.toMatchObject({
      message: 'erofs-utils B is wanted, but only 1.9.4 can be installed',
      remedy: expect.stringContaining('mkfs-path'),
    });
    expect(asked).toEqual([erofsUrl]);
  });
});

describe('downloads', () => {
  test('with another checksum are refused, and nothing of them stays', async () => {
    const archive = Buffer.from('not the release');
    files = { [orasUrl]: archive, [erofsUrl]: archive };
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
    files = { '/oras/v9.9.9/oras_9.9.9_linux_amd64.tar.gz': Buffer.from('x') };
    await expect(install({ orasVersion: '9.9.9', mkfsPath: '/x' })).rejects.toMatchObject({
      code: 'usage',
      remedy: expect.stringContaining('1.3.0'),
    });
    expect(asked).toEqual([]);
  });

  test('need the tool cache of a runner', async () => {
    delete process.env.RUNNER_TOOL_CACHE;
    await expect(install({ mkfsPath: '/x' })).rejects.toThrow('RUNNER_TOOL_CACHE is not set');
  });
});

test('what is in the tool cache is used', async () => {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const cached = [
    join(folder, 'cache/oras/1.3.0', arch),
    join(folder, 'cache/erofs-utils/1.9.4', process.arch),
  ];
  for (const path of cached) {
    mkdirSync(path, { recursive: true });
    writeFileSync(`${path}.complete`, '');
  }
  expect(await install({})).toEqual({
    orasPath: join(cached[0] ?? '', 'oras'),
    mkfsPath: join(cached[1] ?? '', 'mkfs.erofs'),
  });
  expect(asked).toEqual([]);
});

test('erofs-utils is built from the pinned source and lays out as the vectors', async () => {
  files = { [erofsUrl]: await erofsUtilsSource() };
  const { mkfsPath } = await install({ orasPath: '/x' });
  expect(mkfsPath).toBe(join(folder, 'cache/erofs-utils/1.9.4', process.arch, 'mkfs.erofs'));
  expect(existsSync(mkfsPath)).toBe(true);
  expect(execFileSync(mkfsPath, ['-V']).toString()).toContain('1.9.4');
  expect(readdirSync(join(folder, 'temp'))).toEqual([]);

  const expected = VECTORS.find(({ name }) => name === 'simple-tar')?.profiles.containerd;
  const image = join(folder, 'layer.erofs');
  const args = '--tar=f --aufs --quiet -Enoinline_data -b4096 -T0 --mkfs-time --sort=none -U'.split(' ');
  execFileSync(mkfsPath, [...args, expected?.uuid ?? '', image], {
    input: readFileSync(join(FIXTURES, 'blobs/simple-tar')),
    env: {},
  });
  expect(createHash('sha256').update(readFileSync(image)).digest('hex')).toBe(expected?.imageSha256);
});
