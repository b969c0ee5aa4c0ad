import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import { cliOk } from '../helpers/cli.ts';
import { type RunningContainerd, startContainerd } from '../helpers/containerd.ts';
import { cacheEntries, filesIn } from '../helpers/layer-cache.ts';
import { pki } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { vectors, writeVectorImage } from '../helpers/vector-image.ts';

/** The UUID of a dm-verity superblock. */
const UUID = { at: 16, size: 16 };
const NAME = 'test.example/app:vectors';

const folder = testFolder();
const [cache, theirs, archive] = ['cache', 'theirs', 'vectors.tar'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];
let containerd: RunningContainerd;

beforeAll(async () => {
  const layout = join(folder, 'layout');
  await writeVectorImage(layout);
  await run([toolPath('tar'), '--create', `--file=${archive}`, `--directory=${layout}`, '.'], {
    env: toolEnvironment(),
  });
  const { keyPath, chainPath, caPath } = (await pki()).leaf('p256');
  const key = ['--key', keyPath, '--certificate', chainPath];
  await cliOk(['sign', `oci:${layout}`, '--profile', 'containerd-cache', ...key]);
  const trust = ['--trusted-certificate', caPath, '--profile', 'containerd-cache'];
  await cliOk(['export', `oci:${layout}`, cache, ...trust]);
  containerd = await startContainerd(
    `[plugins."io.containerd.snapshotter.v1.erofs"]
  layer_content_caches = [${JSON.stringify(cache)}]
[plugins."io.containerd.service.v1.diff-service"]
  default = ["walking"]
[[plugins."io.containerd.transfer.v1.local".unpack_config]]
  platform = "linux/amd64"
  snapshotter = "erofs"
  differ = "walking"
`,
    '-2.4',
  );
});

afterAll(() => containerd.stop());

const diffIds = new Set(vectors().map(({ diffId }) => diffId));

describe('the layer cache of containerd 2.4', () => {
  test('is what ctr images build-erofs-cache makes, but for the random UUID of each superblock', async () => {
    const named = ['--base-name', NAME.split(':')[0] ?? '', '--no-unpack', '--platform', 'linux/amd64'];
    await containerd.ctr(['images', 'import', ...named, archive]);
    const options = ['--dmverity', '--mkfs-options', '-T0 --mkfs-time --sort=none'];
    await containerd.ctr(['images', 'build-erofs-cache', ...options, NAME, theirs]);
    const [own, other] = [filesIn(cache), filesIn(theirs)];
    for (const { path, hashOffset } of cacheEntries(theirs).values()) {
      const name = path.slice(theirs.length + 1);
      const uuid = own.get(name)?.subarray(hashOffset + UUID.at, hashOffset + UUID.at + UUID.size);
      uuid?.copy(other.get(name) as Buffer, hashOffset + UUID.at);
    }
    expect(other.size).toBe(2 * diffIds.size);
    for (const [path, bytes] of other)
      expect({ path, same: own.get(path)?.equals(bytes) }).toEqual({ path, same: true });
    for (const path of own.keys())
      if (!path.startsWith('signatures/')) expect([...other.keys()]).toContain(path);
    for (const { path } of cacheEntries(cache).values()) {
      expect([statSync(path).mode & 0o777, statSync(`${path}.dmverity`).mode & 0o777]).toEqual([
        0o644, 0o644,
      ]);
    }
  });

  test('each file passes veritysetup verify, and has the root hash of the vectors', async () => {
    const entries = cacheEntries(cache);
    expect(new Set(entries.keys())).toEqual(diffIds);
    for (const { diffId, profiles } of vectors()) {
      const { path, rootHash, hashOffset } = entries.get(diffId) ?? { path: '', rootHash: '', hashOffset: 0 };
      const { rootHash: expected, dataSize, uuid } = profiles['containerd-cache'];
      expect({ rootHash, hashOffset }).toEqual({ rootHash: expected, hashOffset: dataSize });
      const veritysetup = async (action: string, ...args: string[]): Promise<string> => {
        const argv = [toolPath('veritysetup'), action, ...args, `--hash-offset=${hashOffset}`];
        return (await run(argv, { env: toolEnvironment() })).stdout.toString();
      };
      await veritysetup('verify', path, path, rootHash);
      const dump = await veritysetup('dump', path);
      expect(dump).toContain(uuid);
      expect(dump).toMatch(new RegExp(`^Data blocks:\\s+${dataSize / 4096}$`, 'm'));
    }
  });

  test('an import through the transfer service converts nothing, and its snapshots are our files', async () => {
    await containerd.ctr([
      'images',
      'import',
      '--snapshotter',
      'erofs',
      '--platform',
      'linux/amd64',
      archive,
    ]);
    const snapshotter = join(containerd.folder, 'root/io.containerd.snapshotter.v1.erofs');
    const made = [...filesIn(snapshotter).keys()].filter((path) => path.includes('layer.erofs'));
    expect(made).toEqual([]);
    const listed = (await containerd.ctr(['snapshots', '--snapshotter', 'erofs', 'ls'])).split('\n').slice(1);
    const keys = listed.flatMap((line) => line.match(/^sha256:\S+/) ?? []);
    expect(keys).toHaveLength(vectors().length);
    const used = await Promise.all(
      keys.map((key) => containerd.ctr(['snapshots', '--snapshotter', 'erofs', 'info', key])),
    );
    const sources = used.map((text) => (JSON.parse(text) as { Labels: Record<string, string> }).Labels);
    const paths = sources.map((labels) => labels['io.containerd.erofs.v1/blob.ref']);
    expect(new Set(paths)).toEqual(new Set([...cacheEntries(cache).values()].map(({ path }) => path)));
  });
});
