import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import type { RootHashEntry, SignReport } from '../../src/report/report.ts';
import type { VerifyReport } from '../../src/report/verify-report.ts';
import { cli, cliOk } from '../helpers/cli.ts';
import { erofsLayer } from '../helpers/erofs-layers.ts';
import { ImageWriter } from '../helpers/image-writer.ts';
import { pki } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { vectors, writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder();
const NAMES = ['simple-gzip', 'dirs-zstd', 'xattrs-gzip', 'whiteouts-tar', 'edges-gzip'];
const CHOSEN = vectors().filter(({ name }) => NAMES.includes(name));

/** The commands of tardev-snapshotter, from a shell. [microsoft/kata-containers, attach_erofs_meta] */
function byHand(path: string): string {
  const blob = readFileSync(path);
  const gzip = blob.readUInt16BE() === 0x1f8b;
  const zstd = blob.readUInt32LE() === 0xfd2fb528;
  const work = mkdtempSync(join(folder, 'by-hand-'));
  writeFileSync(join(work, 'tar'), gzip ? gunzipSync(blob) : zstd ? zstdDecompressSync(blob) : blob);
  const root = process.geteuid?.() === 0 ? '' : 'unshare --map-root-user -- ';
  const script = `
    ${root}${toolPath('mkfs.erofs')} --tar=i -T 0 --mkfs-time -U c1b9d5a2-f162-11cf-9ece-0020afc76f16 \\
      --aufs --quiet image tar
    cat tar >> image
    truncate -s %512 image
    ${toolPath('veritysetup')} format --data-block-size=512 --hash-block-size=512 --salt=${'0'.repeat(64)} \\
      image tree | sed -n 's/^Root hash:[[:space:]]*//p'`;
  return execFileSync('sh', ['-ec', script], { cwd: work, env: toolEnvironment() }).toString().trim();
}

describe.each(['native', 'mkfs'])('builder %s', (builder) => {
  test('root hashes are those of the commands of tardev-snapshotter', async () => {
    const paths = CHOSEN.map(({ path }) => path);
    const words = ['root-hash', '--json', '--profile', 'tardev', '--builder', builder, ...paths];
    const entries = JSON.parse((await cliOk(words)).stdout) as RootHashEntry[];
    expect(entries.map(({ rootHash }) => rootHash)).toEqual(paths.map(byHand));
    expect(new Set(entries.map(({ uuid }) => uuid))).toEqual(
      new Set(['c1b9d5a2-f162-11cf-9ece-0020afc76f16']),
    );
  });
});

test('signed in the format of tardev, the profile is found by recomputing', async () => {
  const layout = join(folder, 'signed');
  await writeVectorImage(layout, ['simple-gzip', 'dirs-zstd']);
  const { keyPath, chainPath } = (await pki()).leaf('rsa2048');
  const key = ['--key', keyPath, '--certificate', chainPath];
  const words = ['sign', `oci:${layout}`, '--profile', 'tardev', '--artifact-format', 'tardev', '--json'];
  const [signed] = JSON.parse((await cliOk([...words, ...key])).stdout) as SignReport[];
  expect(signed?.artifacts).toMatchObject([{ profile: 'tardev', artifactFormat: 'tardev', blockSize: 512 }]);
  expect(signed?.artifacts[0]).not.toHaveProperty('containerd');
  const trust = ['--trusted-certificate', join((await pki()).dir, 'root.pem')];
  const verify = ['verify', `oci:${layout}`, '--profile', 'tardev', '--json', ...trust];
  const [report] = JSON.parse((await cliOk(verify)).stdout) as VerifyReport[];
  expect(report?.verdict).toBe('verified');
  expect(report?.platforms[0]?.signatures[0]).toMatchObject({ profile: 'tardev' });
});

test('EROFS layers are refused: tardev-snapshotter takes tars', async () => {
  const writer = await ImageWriter.create();
  const layer = erofsLayer();
  await writer.add(await writer.image({ layers: [layer], diffIds: [layer.diffId] }), 'app');
  const { status, stderr } = await cli([
    'sign',
    `oci:${writer.directory}`,
    '--profile',
    'tardev',
    '--dry-run',
  ]);
  expect([status, stderr]).toEqual([
    3,
    expect.stringMatching(
      /layer 0 \(sha256:[0-9a-f]+\) is an EROFS image, which tardev-snapshotter does not take/,
    ),
  ]);
});
