/** The container image of the CLI: written by `npm run image`, signed and verified by this program, and run. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { LayoutWriter } from '../../scripts/demo-image/layout.ts';
import { writeTar } from '../../scripts/demo-image/tar-writer.ts';
import { BUSYBOX_COMMANDS, USER_ID } from '../../scripts/image/system-files.ts';
import { debianFiles } from '../../scripts/tools/image/pins.ts';
import { run } from '../../src/lib/process/run.ts';
import { cliOk } from '../helpers/cli.ts';
import { inRoot } from '../helpers/container-image/in-root.ts';
import {
  type FileEntry,
  type ImageConfig,
  listFiles,
  type Manifest,
  manifestsOf,
  readBlob,
  unpackImage,
} from '../helpers/container-image/unpacked.ts';
import { type LeafFiles, pki } from '../helpers/pki.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';

const checkout = join(import.meta.dirname, '../..');
const folder = testFolder(0o755);
const layout = join(folder, 'image');
const NATIVE = process.arch === 'x64' ? 'amd64' : 'arm64';
/** docs/container-image.md promises it. */
const MOST_COMPRESSED = 65e6;
const MOST_UNPACKED = 170e6;
/** ELF's e_machine and the folder of libraries. */
const MACHINES = { amd64: [62, 'x86_64-linux-gnu'], arm64: [183, 'aarch64-linux-gnu'] } as const;

let files: LeafFiles;
let digest: string;
let images: Map<string, Manifest>;

/** `npm run image` in a process of its own, with another umask than usual; returns what it prints. */
function npmRunImage(...args: string[]): string {
  const script = 'umask 077 && exec "$@"';
  const argv = ['-c', script, 'sh', process.execPath, join(checkout, 'scripts/image.ts'), ...args];
  const { status, stdout, stderr } = spawnSync('sh', argv, { env: toolEnvironment(), encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return stdout.trim();
}

beforeAll(async () => {
  files = (await pki()).leaf('p256');
  digest = npmRunImage(layout);
  images = manifestsOf(layout);
});

test('another run writes the same image', () => {
  const again = join(folder, 'again');
  const own = npmRunImage('--platform', `linux/${NATIVE}`, again);
  const index = readBlob<{ manifests: { digest: string; platform: object }[] }>(layout, { digest });
  expect(index.manifests.map(({ platform }) => platform)).toEqual([
    { os: 'linux', architecture: 'amd64' },
    { os: 'linux', architecture: 'arm64' },
  ]);
  const listed = index.manifests.map((manifest) => manifest.digest);
  expect(own).toBe(listed[NATIVE === 'amd64' ? 0 : 1]);
  expect(readdirSync(join(again, 'blobs/sha256')).sort()).toEqual(
    expect.arrayContaining(
      manifestsOf(again)
        .get(NATIVE)
        ?.layers.map((layer) => layer.digest.slice(7)) ?? [],
    ),
  );
});

test('a folder that is not empty is refused', () => {
  const argv = [join(checkout, 'scripts/image.ts'), layout];
  const { status, stderr } = spawnSync(process.execPath, argv, { env: toolEnvironment(), encoding: 'utf8' });
  expect([status, stderr]).toEqual([4, expect.stringContaining(`${layout} is not empty`)]);
});

test('this program signs it, and its signatures verify, also those of the manifests', async () => {
  const signed = join(folder, 'signed');
  cpSync(layout, signed, { recursive: true });
  const reference = `oci:${signed}:verity-sign`;
  const key = ['--key', files.keyPath, '--certificate', files.fullChainPath, '--manifest-signature', 'jws'];
  await cliOk(['sign', reference, ...key]);
  const trust = ['--trusted-certificate', files.caPath, '--manifest-signature', 'required'];
  const { stdout } = await cliOk(['verify', reference, ...trust]);
  expect(stdout).toMatch(/verified/i);
  const report = join(folder, 'report.json');
  await cliOk(['verify', reference, ...trust, '--report', report]);
  expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject([{ verdict: 'verified' }]);
});

describe.each(['amd64', 'arm64'] as const)('for %s', (architecture) => {
  const [machine, libraries] = MACHINES[architecture];
  const root = join(folder, architecture);
  let manifest: Manifest;
  let config: ImageConfig;
  let entries: FileEntry[];
  let paths: Set<string>;

  beforeAll(async () => {
    manifest = images.get(architecture) as Manifest;
    config = readBlob<ImageConfig>(layout, manifest.config);
    entries = await listFiles(layout, manifest);
    paths = new Set(entries.map(({ path }) => path));
    await unpackImage(layout, manifest, root);
  });

  test('runs verity-sign as an ordinary user', () => {
    expect(config.config).toMatchObject({
      User: `${USER_ID}:${USER_ID}`,
      Entrypoint: ['/usr/local/bin/verity-sign'],
      WorkingDir: '/work',
    });
    expect(USER_ID).toBeGreaterThan(999);
    expect(config.created).toBe('2026-11-28T00:00:00Z');
  });

  test('has no setuid file, nothing that others may write, and no file of another owner', () => {
    expect(entries.length).toBeGreaterThan(300);
    const permits = (pattern: RegExp): string[] =>
      entries.filter(({ mode }) => !mode.startsWith('l') && pattern.test(mode)).map(({ path }) => path);
    expect(permits(/s/i)).toEqual([]);
    // With the sticky bit.
    expect(permits(/^.{8}w/)).toEqual(['tmp', 'var/tmp']);
    expect(permits(/^.{8}w[^t]/)).toEqual([]);
    expect([...new Set(entries.map(({ owner }) => owner))]).toEqual(['0/0']);
    expect([...new Set(entries.map(({ mode }) => mode[0]))].sort()).toEqual(['-', 'd', 'l']);
  });

  test('has the licence of each package, and tells scanners its version', () => {
    for (const { package: name, path } of debianFiles(architecture)) {
      const copyright = join(root, 'usr/share/doc', name, 'copyright');
      expect([name, readFileSync(copyright, 'utf8')]).toEqual([name, expect.stringMatching(/licen[cs]e/i)]);
      const status = readFileSync(join(root, 'var/lib/dpkg/status.d', name), 'utf8');
      const version = /^Version: (?:\d+:)?(.*)$/m.exec(status)?.[1];
      expect(path).toContain(`${name}_${version}_`);
    }
    for (const path of ['share/doc/node/LICENSE', 'lib/node_modules/verity-sign/LICENSE']) {
      expect(paths).toContain(`usr/local/${path}`);
    }
    expect(paths).toContain('usr/share/common-licenses/GPL-3');
    expect(paths).toContain('usr/local/lib/node_modules/verity-sign/dist/licenses.txt');
  });

  test('has programs and libraries for its processor', () => {
    const programs = ['usr/local/bin/node', 'usr/bin/oras', 'usr/bin/busybox'];
    for (const path of [
      ...programs,
      `usr/lib/${libraries}/libc.so.6`,
      `usr/lib/${libraries}/libstdc++.so.6`,
    ]) {
      expect([path, readFileSync(join(root, path)).readUInt16LE(18)]).toEqual([path, machine]);
    }
  });

  test('is as small as the documents say', async () => {
    const compressed = manifest.layers.reduce((sum, { size }) => sum + size, 0);
    const argv = ['du', '--summarize', '--apparent-size', '--block-size=1', root];
    const unpacked = Number.parseInt((await run(argv, { env: toolEnvironment() })).stdout.toString(), 10);
    expect(compressed).toBeLessThan(MOST_COMPRESSED);
    expect(unpacked).toBeLessThan(MOST_UNPACKED);
    const page = readFileSync(join(checkout, 'docs/container-image.md'), 'utf8');
    expect(page).toContain(`${MOST_COMPRESSED / 1e6} MB`);
    expect(page).toContain(`${MOST_UNPACKED / 1e6} MB`);
  });

  test('has no broken link', () => {
    const resolved = (path: string): string =>
      path.replace(/^(bin|lib|lib64|sbin)(?=\/|$)/, (name) => `usr/${name}`);
    const broken = entries.filter(({ path, link }) => {
      if (link === undefined) return false;
      const target = link.startsWith('/') ? link.slice(1) : join(dirname(path), link);
      return !paths.has(resolved(target));
    });
    expect(broken.map(({ path, link }) => `${path} -> ${link}`)).toEqual([]);
  });
});

describe('in its root folder, without /proc and /dev', () => {
  const root = join(folder, 'root');
  let config: ImageConfig['config'];

  beforeAll(async () => {
    const manifest = images.get(NATIVE) as Manifest;
    config = readBlob<ImageConfig>(layout, manifest.config).config;
    await unpackImage(layout, manifest, root);
    for (const [name, path] of Object.entries({
      'signer.key': files.keyPath,
      'chain.pem': files.fullChainPath,
      'root.pem': files.caPath,
    })) {
      cpSync(path, join(root, 'work', name));
    }
    own(join(root, 'work'));
  });

  /** Gives a mounted folder to the user of the image, as users of the image do. */
  function own(path: string): void {
    if (process.geteuid?.() !== 0) return;
    chownSync(path, USER_ID, USER_ID);
    for (const name of readdirSync(path, { recursive: true, encoding: 'utf8' })) {
      chownSync(join(path, name), USER_ID, USER_ID);
    }
  }

  async function smallImage(name: string): Promise<void> {
    const dir = join(root, 'work', name);
    const writer = await LayoutWriter.create(dir);
    const tar = writeTar([{ path: 'app/' }, { path: 'app/data', bytes: Buffer.alloc(100_000, 'data ') }], 0);
    const layer = await writer.layer(Readable.from([tar]), 'gzip', 'COPY app');
    await writer.image([layer], '2024-01-01T00:00:00Z', {}, 'app');
    own(dir);
  }

  const ok = (argv: readonly string[], env: Record<string, string> = {}): string => {
    const { status, stdout, stderr } = inRoot(root, config, argv, env);
    expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
    return stdout;
  };
  const key = ['--key', 'signer.key', '--certificate', 'chain.pem'];

  test('it signs and verifies a layout', async () => {
    await smallImage('layout');
    ok([...config.Entrypoint, 'sign', 'oci:layout:app', ...key, '--manifest-signature', 'jws']);
    const trust = ['--trusted-certificate', 'root.pem', '--manifest-signature', 'required'];
    expect(ok([...config.Entrypoint, 'verify', 'oci:layout:app', ...trust])).toMatch(/verified/i);
    expect(readdirSync(join(root, 'tmp'))).toEqual([]);
    // What it wrote is what this checkout accepts.
    await cliOk(['verify', `oci:${join(root, 'work/layout')}:app`, '--trusted-certificate', files.caPath]);
  });

  test('it shows the help by default', () => {
    expect(ok([...config.Entrypoint, ...config.Cmd])).toContain('Usage: verity-sign');
  });

  test('it has a shell and every command that runners of CI systems call', () => {
    const applets = ok(['busybox', '--list']).split('\n');
    expect(BUSYBOX_COMMANDS.filter((name) => !applets.includes(name))).toEqual([]);
    const needed = ['sh', 'cat', 'sleep', 'mkdir', 'rm', 'chmod', 'grep', 'printf', 'touch', 'mv', 'nohup'];
    ok(['sh', '-c', 'for name; do command -v "$name" || exit 1; done', 'sh', ...needed]);
    expect(ok(['nohup', 'sh', '-c', 'kill -HUP $$ && echo alive']).trim()).toBe('alive');
    expect(ok(['sh', '-c', 'echo hello | cat && sleep 0 && id -un']).trim()).toBe('hello\nverity-sign');
  });

  test('it has certificates for TLS and the oras that is pinned', () => {
    const count = ok(['grep', '-c', 'BEGIN CERTIFICATE', '/etc/ssl/certs/ca-certificates.crt']);
    expect(Number(count)).toBeGreaterThan(100);
    expect(ok(['oras', 'version'])).toMatch(/Version: +1\.3\.3\b/);
  });

  test("the templates for GitLab CI sign and verify in the image's shell", async () => {
    await smallImage('gitlab');
    const common = { image: 'oci:gitlab:app' };
    const given = { ...common, key: 'signer.key', certificate: 'chain.pem', 'manifest-signature': 'jws' };
    ok(...gitlabJob('sign', given));
    const trust = { ...common, 'trusted-certificate': 'root.pem', 'manifest-signature': 'required' };
    expect(ok(...gitlabJob('verify', trust))).toMatch(/verified/i);
    const report = readFileSync(join(root, 'work/verity-sign-report.json'), 'utf8');
    expect(JSON.parse(report)).toMatchObject([{ verdict: 'verified' }]);
  });

  describe('with a registry', () => {
    let registry: TestRegistry;
    beforeAll(async () => {
      registry = await startRegistry('referrers-api');
    });
    afterAll(() => registry.stop());

    test('it signs and verifies there, with its own oras', async () => {
      await smallImage('pushed');
      const name = `${registry.host}/app:1`;
      const copy = ['cp', '--from-oci-layout', `${join(root, 'work/pushed')}:app`, '--to-plain-http', name];
      await run([toolPath('oras'), ...copy], { env: toolEnvironment({ HOME: folder }) });
      const common = [name, '--plain-http'];
      // oras starts as a child, which needs /dev/null as in any container.
      writeFileSync(join(root, 'dev/null'), '');
      chmodSync(join(root, 'dev/null'), 0o666);
      ok([...config.Entrypoint, 'sign', ...common, ...key]);
      const trust = ['--trusted-certificate', 'root.pem'];
      expect(ok([...config.Entrypoint, 'verify', ...common, ...trust])).toMatch(/verified/i);
    });
  });
});

/** What GitLab's runner starts for a job of a template: its script in `sh`, with its variables. */
function gitlabJob(
  command: 'sign' | 'verify',
  given: Readonly<Record<string, string>>,
): [argv: string[], env: Record<string, string>] {
  const text = readFileSync(join(checkout, `templates/${command}.yml`), 'utf8');
  const [header] = parseAllDocuments(text).map((document) => document.toJS());
  const { inputs } = header.spec as { inputs: Record<string, { default: string | boolean }> };
  expect(Object.keys(given).filter((name) => !(name in inputs))).toEqual([]);
  const filled = text
    .split(/^---$/m)[1]
    ?.replaceAll(
      /\$\[\[ inputs\.([\w-]+) \]\]/g,
      (_all, name: string) => given[name] ?? String(inputs[name]?.default),
    );
  const jobs = parse(filled ?? '') as Record<string, { script: string[]; variables: Record<string, string> }>;
  const [job] = Object.values(jobs);
  if (job === undefined) throw new Error(`templates/${command}.yml has no job`);
  return [['sh', '-e', '-c', job.script.join('\n')], job.variables];
}
