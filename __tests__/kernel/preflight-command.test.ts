/** The verb and the stage of signing, with the real kernel of preflight. */
import { createHash } from 'node:crypto';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildSmallImage } from '../../scripts/demo/small-image.ts';
import { LayoutWriter } from '../../scripts/demo-image/layout.ts';
import { type Entry, writeTar } from '../../scripts/demo-image/tar-writer.ts';
import { buildKernel } from '../../scripts/kernel/build.ts';
import { buildGuestFiles } from '../../scripts/preflight/guest-files.ts';
import type { PreflightReport } from '../../src/report/node/preflight-report.ts';
import type { SignReport } from '../../src/report/report.ts';
import { type CliResult, cli, cliOk } from '../helpers/cli.ts';
import { type Pki, pki } from '../helpers/pki.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolPath } from '../helpers/tools.ts';

const TIME = 120_000;
const EPOCH = Date.UTC(2024, 0, 1) / 1000;
const folder = testFolder();
const guest = join(folder, 'guest');
let keys: Pki;
let registry: TestRegistry;

beforeAll(async () => {
  keys = await pki();
  registry = await startRegistry('referrers-api');
  await buildGuestFiles(await buildKernel(), guest);
});
afterAll(() => registry?.stop());

/** An image of two layers: busybox, and a script that is its entrypoint. */
async function image(name: string, script: string, config: object = {}): Promise<string> {
  const layout = await LayoutWriter.create(join(folder, name));
  const tar = (entries: readonly Entry[]): Readable => Readable.from([writeTar(entries, EPOCH)]);
  const link = (path: string): Entry => ({
    path,
    mode: 0o777,
    link: { type: 'symbolic', target: 'busybox' },
  });
  const base: Entry[] = [
    { path: 'bin/' },
    { path: 'tmp/', mode: 0o1777 },
    { path: 'bin/busybox', mode: 0o755, bytes: await readFile(toolPath('busybox')) },
    ...['sh', 'cp', 'chmod', 'sleep'].map((program) => link(`bin/${program}`)),
    { path: 'bin/old', mode: 0o755, bytes: Buffer.from('#!/bin/sh\n') },
  ];
  const top: Entry[] = [
    { path: 'bin/' },
    { path: 'bin/.wh.old', mode: 0o600 },
    { path: 'app/' },
    { path: 'app/run', mode: 0o755, bytes: Buffer.from(`#!/bin/sh\n${script}\n`) },
  ];
  const layers = [await layout.layer(tar(base), 'gzip', 'base'), await layout.layer(tar(top), 'zstd', 'top')];
  await layout.image(layers, '2024-01-01T00:00:00Z', { Entrypoint: ['/app/run'], ...config }, 'test');
  return `oci:${join(folder, name)}:test`;
}

const signer = (): string[] => {
  const { keyPath, chainPath } = keys.leaf('p256');
  return ['--key', keyPath, '--certificate', chainPath, '--plain-http'];
};
const STAGE = ['--preflight', '--preflight-accel', 'tcg', '--preflight-guest-dir', guest];

async function preflight(
  reference: string,
  more: readonly string[] = [],
  trusted = keys.leaf('p256').caPath,
): Promise<{ result: CliResult; report: PreflightReport }> {
  const place = more.includes('--guest-dir') ? [] : ['--guest-dir', guest];
  const args = ['--trusted-certificate', trusted, ...place, '--accel', 'tcg', '--json', ...more];
  const result = await cli(['preflight', reference, ...args]);
  return { result, report: (JSON.parse(result.stdout) as [PreflightReport])[0] };
}

describe('the command', () => {
  test(
    'an image that runs, with the settings of its configuration',
    async () => {
      const reference = await image('runs', 'echo "$NAME in $(pwd)"', {
        Env: ['NAME=value'],
        WorkingDir: '/app',
      });
      await cliOk(['sign', reference, ...signer()]);
      const { result, report } = await preflight(reference);
      expect(result.status).toBe(0);
      expect(report).toMatchObject({ verdict: 'runs', passed: true, denials: [] });
      expect(report.run?.output).toEqual([{ stream: 'stdout', text: 'value in /app\n' }]);
      expect(report.whiteouts).toEqual([{ path: '/bin/old', layer: 1, kind: 'file', effective: true }]);
      expect(report.attacks.map(({ refused }) => refused)).toEqual([true, true]);

      // The same image for a node that trusts another signer.
      const other = await preflight(reference, ['--static'], keys.leaf('selfSigned').caPath);
      expect(other.result.status).toBe(14);
      expect(other.report.layers[0]).toMatchObject({ accepted: false, step: 'open', outcome: 'ENOKEY' });
    },
    TIME,
  );

  test(
    'the image of npm run demo runs: a program without a shell, a loader or a library',
    async () => {
      await buildSmallImage(join(folder, 'demo'));
      const reference = `oci:${join(folder, 'demo')}:demo`;
      await cliOk(['sign', reference, ...signer()]);
      const { result, report } = await preflight(reference);
      expect(result.status).toBe(0);
      expect(report.verdict).toBe('runs');
      expect(report.run?.output).toEqual([{ stream: 'stdout', text: 'Hello from a signed layer\n' }]);
    },
    TIME,
  );

  test(
    'denials are counted and attributed, and are accepted on request if the program succeeds',
    async () => {
      const script =
        'cp /bin/busybox /tmp/echo; /tmp/echo a; /tmp/echo b; chmod 700 /bin/busybox; /bin/sleep 0; true';
      const reference = await image('denied', script);
      await cliOk(['sign', reference, ...signer()]);
      const { result, report } = await preflight(reference);
      expect(result.status).toBe(14);
      expect(report.verdict).toBe('denied');
      expect(report.denials.map(({ path, source, layer, count }) => [path, source, layer, count])).toEqual([
        ['/tmp/echo', 'written at run time', undefined, 2],
        ['/bin/busybox', 'written at run time', 0, 1],
      ]);
      const allowed = await preflight(reference, ['--allow-denials']);
      expect(allowed.result.status).toBe(0);
      expect(allowed.report.summary).toBe('runs under enforcement, in spite of 3 executions denied');
    },
    TIME,
  );

  test(
    'a server is alive, one that ends is not',
    async () => {
      const reference = await image('server', 'sleep 100');
      await cliOk(['sign', reference, ...signer()]);
      const alive = await preflight(reference, ['--alive', '2s']);
      expect(alive.report).toMatchObject({ verdict: 'runs', run: { how: 'alive' } });
      const late = await preflight(reference, ['--time-limit', '2s']);
      expect(late.result.status).toBe(14);
      expect(late.report).toMatchObject({ verdict: 'failed', run: { how: 'timeout' } });
      const other = await preflight(reference, ['--command', `sh -c 'exit 3'`]);
      expect(other.report).toMatchObject({ verdict: 'failed', run: { how: 'exit', status: 3 } });
    },
    TIME,
  );

  test(
    'a VM that reports nothing is started twice, and gives no verdict',
    async () => {
      const damaged = join(folder, 'damaged-guest');
      await cp(guest, damaged, { recursive: true });
      const manifest = JSON.parse(await readFile(join(damaged, 'manifest.json'), 'utf8'));
      const bytes = Buffer.from('no initramfs');
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      manifest.files['initramfs.cpio.zst'] = { sha256, size: bytes.length };
      await writeFile(join(damaged, 'initramfs.cpio.zst'), bytes);
      await writeFile(join(damaged, 'manifest.json'), JSON.stringify(manifest));
      const reference = await image('silent', 'true');
      await cliOk(['sign', reference, ...signer()]);
      const { result, report } = await preflight(reference, ['--guest-dir', damaged]);
      expect(result.status).toBe(13);
      expect(report.verdict).toBe('unchecked');
      expect(result.stderr.match(/it is started once more/g)).toHaveLength(1);
      expect(result.stderr.match(/VM: .*Kernel panic/g)).toHaveLength(2);
    },
    TIME,
  );

  test(
    'an image without signatures is refused',
    async () => {
      const { result, report } = await preflight(await image('unsigned', 'true'));
      expect(result.status).toBe(14);
      expect(report.summary).toMatch(/^layer 0 is refused: it has no signature/);
    },
    TIME,
  );
});

describe('signing', () => {
  const tags = async (repository: string): Promise<number> =>
    (await fetch(`http://${registry.host}/v2/${repository}/tags/list`)).status;

  async function signed(name: string, script: string): Promise<{ result: CliResult; report: SignReport }> {
    const target = `${registry.host}/${name}:1`;
    const reference = await image(`push-${name}`, script);
    const result = await cli(['sign', reference, ...signer(), ...STAGE, '--push-to', target, '--json']);
    return { result, report: (JSON.parse(result.stdout) as [SignReport])[0] };
  }

  test(
    'pushes an image that passes',
    async () => {
      const { result, report } = await signed('good', 'true');
      expect(result.status).toBe(0);
      expect(report.preflight).toMatchObject({ verdict: 'runs' });
      expect(report.pushedTo).toHaveLength(1);
      expect(await tags('good')).toBe(200);
    },
    TIME,
  );

  test(
    'pushes nothing of an image that does not, and reports why',
    async () => {
      const { result, report } = await signed('bad', 'cp /bin/busybox /tmp/echo; /tmp/echo a; true');
      expect(result.status).toBe(14);
      const target = `${registry.host}/bad:1`;
      expect(result.stderr).toContain(`preflight: 1 execution denied; nothing was pushed to ${target}`);
      expect(report.preflight).toMatchObject({ verdict: 'denied', passed: false });
      expect(report).not.toHaveProperty('pushedTo');
      expect(await tags('bad')).toBe(404);
    },
    TIME,
  );

  test(
    'with export-dir, exports the same files as without a test, and no signatures of an image that fails',
    async () => {
      const cache = ['--profile', 'containerd,containerd-cache', '--export-dir'];
      const places = ['tested', 'not-tested', 'failed'].map((name) => join(folder, `export-${name}`));
      const [tested = '', untested = '', failed = ''] = places;
      const good = await image('export-good', 'true');
      await cliOk(['sign', good, ...signer(), ...STAGE, ...cache, tested]);
      await cliOk(['sign', good, ...signer(), ...cache, untested]);
      const files = await contents(tested);
      expect([...files.keys()].filter((path) => path.endsWith('.p7s'))).toHaveLength(2);
      expect(files).toEqual(await contents(untested));

      const bad = await image('export-bad', 'exit 3');
      const result = await cli(['sign', bad, ...signer(), ...STAGE, ...cache, failed, '--json']);
      expect(result.status).toBe(14);
      const [report] = JSON.parse(result.stdout) as [SignReport];
      expect(report.exported?.layers.map(({ signed }) => signed)).toEqual([false, false]);
      const names = [...(await contents(failed)).keys()];
      expect(names.filter((path) => path.endsWith('.erofs'))).toHaveLength(2);
      expect(names.filter((path) => path.endsWith('.p7s'))).toEqual([]);
    },
    TIME,
  );
});

/** By path below the folder: the digest of each file. */
async function contents(of: string): Promise<Map<string, string>> {
  const entries = await readdir(of, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const digests = paths.sort().map(async (path): Promise<[string, string]> => {
    const digest = createHash('sha256').update(await readFile(path));
    return [relative(of, path), digest.digest('hex')];
  });
  return new Map(await Promise.all(digests));
}
