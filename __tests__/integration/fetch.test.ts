import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import type { FetchReport } from '../../src/report/node/fetch-report.ts';
import { cli, cliOk } from '../helpers/cli.ts';
import { startContainerd } from '../helpers/containerd.ts';
import { filesIn } from '../helpers/layer-cache.ts';
import { type Pki, pki } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { vectors, writeVectorImage } from '../helpers/vector-image.ts';

const LAYERS = ['simple-gzip', 'xattrs-gzip', 'simple-gzip', 'whiteouts-zstd'];
const DISTINCT = ['simple-gzip', 'xattrs-gzip', 'whiteouts-zstd'];
const folder = testFolder();
let keys: Pki;
let layout: string;

beforeAll(async () => {
  keys = await pki();
  layout = join(folder, 'layout');
  await writeVectorImage(layout, LAYERS);
  const { keyPath, chainPath } = keys.leaf('p256');
  const key = ['--key', keyPath, '--certificate', chainPath];
  await cliOk(['sign', `oci:${layout}`, '--profile', 'containerd,containerd-cache', ...key]);
});

const trust = (): string[] => ['--trusted-certificate', keys.leaf('p256').caPath];
const rootHashes = (profile: 'containerd' | 'containerd-cache'): string[] =>
  DISTINCT.map((name) => vectors().find((vector) => vector.name === name)?.profiles[profile].rootHash ?? '');

async function fetched(signatures: string, more: readonly string[] = []): Promise<FetchReport> {
  const { stdout } = await cliOk(['fetch', `oci:${layout}`, signatures, ...trust(), '--json', ...more]);
  return (JSON.parse(stdout) as [FetchReport])[0];
}

async function shell(line: string, path: string): Promise<string> {
  const env = toolEnvironment({ PATH: path });
  return (await run([toolPath('sh'), '-c', line], { env })).stdout.toString();
}

/** A folder with a `veritysetup` that prints its words, one a line, and fails for one device. */
function standIn(name: string, failing = 'none'): string {
  const place = join(folder, name);
  mkdirSync(place);
  const log = join(place, 'calls');
  writeFileSync(
    join(place, 'veritysetup'),
    `#!/bin/sh
printf '%s\\n' "$@" | tee -a '${log}'
case "$5" in ${failing}) echo 'Device or key: Required key not available' >&2; exit 1;; esac
`,
  );
  chmodSync(join(place, 'veritysetup'), 0o755);
  return place;
}

/**
 * What `enable_dmverity` adds to an image. containerd does it only on a kernel with dm-verity, which the machine of the
 * tests may lack. [containerd, internal/dmverity, FormatLayer]
 */
async function addHashTree(path: string): Promise<void> {
  const hashoffset = Math.ceil(statSync(path).size / 4096) * 4096;
  truncateSync(path, hashoffset);
  const options = [`--hash-offset=${hashoffset}`, `--salt=${'0'.repeat(64)}`];
  const { stdout } = await run([toolPath('veritysetup'), 'format', ...options, path, path], {
    env: toolEnvironment(),
  });
  const roothash = /^Root hash:\s+([0-9a-f]{64})$/m.exec(stdout.toString())?.[1];
  writeFileSync(`${path}.dmverity`, JSON.stringify({ roothash, hashoffset }, undefined, 2));
}

describe('signatures as files', () => {
  test('one for each root hash of the profile, which openssl verifies', async () => {
    const signatures = join(folder, 'signatures');
    const report = await fetched(signatures);
    const expected = rootHashes('containerd');
    expect(report.signatures.map(({ rootHash }) => rootHash)).toEqual(expected);
    expect([...filesIn(signatures).keys()]).toEqual(expected.map((rootHash) => `${rootHash}.p7s`).toSorted());
    for (const { rootHash, path } of report.signatures) {
      expect(statSync(path).mode & 0o777).toBe(0o644);
      const content = join(folder, 'content');
      writeFileSync(content, rootHash);
      const argv = ['smime', '-verify', '-binary', '-inform', 'DER', '-in', path, '-content', content];
      const { stdout } = await run(
        [toolPath('openssl'), ...argv, '-CAfile', keys.leaf('p256').caPath, '-purpose', 'any'],
        { env: toolEnvironment() },
      );
      expect(stdout.toString()).toBe(rootHash);
    }
  });

  test('of several profiles together, and again without a change', async () => {
    const signatures = join(folder, 'both');
    const profiles = ['--profile', 'containerd,containerd-cache'];
    await fetched(signatures, profiles);
    const before = filesIn(signatures);
    expect(before.size).toBe(6);
    await fetched(signatures, profiles);
    expect(filesIn(signatures)).toEqual(before);
  });

  test('nothing of an image that does not verify', async () => {
    const signatures = join(folder, 'nothing');
    const others = ['--signer-identity', 'CN=somebody else'];
    const image = `oci:${layout}`;
    expect((await cli(['fetch', image, signatures, ...trust(), ...others])).status).toBe(12);
    const index = ['--profile', 'containerd-tar-index'];
    expect((await cli(['fetch', image, signatures, ...trust(), ...index])).status).toBe(10);
    expect((await cli(['fetch', image, signatures, ...trust(), '--run'])).status).toBe(2);
    expect((await cli(['fetch', image, signatures, ...trust(), '--open', folder])).status).toBe(2);
    expect(existsSync(signatures)).toBe(false);
  });
});

describe('open', () => {
  const snapshotter = join(folder, "node's snapshotter");

  beforeAll(async () => {
    const archive = join(folder, 'image.tar');
    await run([toolPath('tar'), '--create', `--file=${archive}`, `--directory=${layout}`, '.'], {
      env: toolEnvironment(),
    });
    const containerd = await startContainerd(
      `[plugins."io.containerd.differ.v1.erofs"]
  mkfs_options = ["-T0", "--mkfs-time", "--sort=none"]
[plugins."io.containerd.service.v1.diff-service"]
  default = ["erofs", "walking"]
`,
      '-2.4',
    );
    try {
      const flags = ['--local', '--snapshotter', 'erofs', '--platform', 'linux/amd64'];
      await containerd.ctr(['images', 'import', ...flags, archive]);
      const made = join(containerd.folder, 'root/io.containerd.snapshotter.v1.erofs');
      await run([toolPath('cp'), '--recursive', made, snapshotter], { env: toolEnvironment() });
    } finally {
      await containerd.stop();
    }
    const images = [...filesIn(snapshotter).keys()].filter((path) => path.endsWith('/layer.erofs'));
    expect(images).toHaveLength(LAYERS.length);
    for (const path of images) await addHashTree(join(snapshotter, path));
  });

  test('finds each layer that containerd 2.4 has unpacked, with a command that says the truth', async () => {
    const signatures = join(folder, 'for node');
    const { open } = await fetched(signatures, ['--open', snapshotter]);
    expect(open?.layers.map(({ rootHash }) => rootHash).toSorted()).toEqual(
      rootHashes('containerd').toSorted(),
    );
    const place = standIn('printing');
    for (const { rootHash, path, hashOffset, device, command, state } of open?.layers ?? []) {
      expect(state).toBe('not opened');
      expect(device).toBe(`verity-sign-${rootHash.slice(0, 12)}`);
      const words = (await shell(command, `${place}:/usr/bin:/bin`)).trimEnd().split('\n');
      const signature = join(signatures, `${rootHash}.p7s`);
      const offset = `--hash-offset=${hashOffset}`;
      expect(words).toEqual([
        'open',
        offset,
        `--root-hash-signature=${signature}`,
        path,
        device,
        path,
        rootHash,
      ]);
      expect(readFileSync(signature).length).toBeGreaterThan(100);
      // The same parameters, without a kernel.
      await run([toolPath('veritysetup'), 'verify', path, path, rootHash, offset], {
        env: toolEnvironment(),
      });
    }
  });

  test('prints commands as whole lines, from the folder of the snapshots too', async () => {
    const { stdout } = await cliOk([
      ...['fetch', `oci:${layout}`, join(folder, 'printed'), ...trust()],
      ...['--open', join(snapshotter, 'snapshots')],
    ]);
    expect(stdout.split('\n').filter((line) => line.startsWith('veritysetup open '))).toHaveLength(3);
  });

  test('takes a layer cache', async () => {
    const cache = join(folder, 'cache');
    await cliOk(['export', `oci:${layout}`, cache, ...trust()]);
    const profile = ['--profile', 'containerd-cache'];
    const { open } = await fetched(join(folder, 'of-cache'), [...profile, '--open', cache]);
    expect(open?.layers.map(({ rootHash }) => rootHash).toSorted()).toEqual(
      rootHashes('containerd-cache').toSorted(),
    );
  });

  test('warns of layers that are not there', async () => {
    const profile = ['--profile', 'containerd-cache'];
    const args = ['fetch', `oci:${layout}`, join(folder, 'other'), ...trust(), ...profile];
    const { stderr } = await cliOk([...args, '--open', snapshotter]);
    expect(stderr).toContain('no layer with a hash tree for 3 of 3 signed root hashes');
  });

  test('runs the commands without a shell, and stops at the first that fails', async () => {
    const place = standIn('running');
    const args = ['fetch', `oci:${layout}`, join(folder, 'run'), ...trust(), '--open', snapshotter, '--run'];
    const env = { PATH: `${place}:${process.env.PATH}` };
    const { stdout } = await cliOk([...args, '--json'], { env });
    const [{ open }] = JSON.parse(stdout) as [FetchReport];
    expect(open?.layers.map(({ state }) => state)).toEqual(['opened', 'opened', 'opened']);
    const calls = readFileSync(join(place, 'calls'), 'utf8').trimEnd().split('\n');
    expect(calls.filter((word) => word.startsWith('verity-sign-'))).toEqual(
      open?.layers.map(({ device }) => device),
    );
    expect(calls.filter((word) => word.includes("node's snapshotter"))).toHaveLength(6);

    const failing = standIn('failing', 'verity-sign-*');
    const failed = await cli(args, { env: { PATH: `${failing}:${process.env.PATH}` } });
    expect(failed.status).toBe(4);
    expect(failed.stderr).toContain('Required key not available');
    expect(failed.stderr).toContain('keyring');
    rmSync(failing, { recursive: true });
  });
});
