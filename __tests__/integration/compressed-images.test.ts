/** mkfs-options that compress, with each builder and profile. The mkfs.erofs of the tests has deflate only. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import type { RootHashEntry } from '../../src/report/report.ts';
import { cli, cliOk } from '../helpers/cli.ts';
import { pki } from '../helpers/pki.ts';
import { rawTar } from '../helpers/raw-tar.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder();
const layer = join(folder, 'layer.tar');
const layout = join(folder, 'layout');
const MKFS = ['--builder', 'mkfs', '--mkfs-path', toolPath('mkfs.erofs')];
const OPTIONS = '-T0 --mkfs-time --sort=none';

beforeAll(async () => {
  await writeVectorImage(layout, ['simple-gzip']);
  writeFileSync(layer, rawTar({ name: 'file', data: Buffer.alloc(300_000, 'the same again and again ') }));
});

describe.each(['containerd', 'containerd-cache'])('profile %s', (profile) => {
  test.each(['-zdeflate', '-z deflate -C65536'])(
    'is compressed with %s, as its mkfs.erofs does',
    async (option) => {
      const args = [...MKFS, '--profile', profile, '--mkfs-options', `${OPTIONS} ${option}`];
      const [entry] = JSON.parse((await cliOk(['root-hash', '--json', layer, ...args])).stdout) as [
        RootHashEntry,
      ];
      expect(entry.imageSize).toBeLessThan(30_000);

      // What containerd runs, and the root hash of what it makes.
      const image = join(folder, `${profile}-${option.length}.erofs`);
      const node = ['--tar=f', '--aufs', '--quiet', '-Enoinline_data', '-b4096'];
      const argv = [...node, ...OPTIONS.split(' '), ...option.split(' '), '-U', entry.uuid, image, layer];
      await run([toolPath('mkfs.erofs'), ...argv], { env: toolEnvironment() });
      const zeros = ['--salt', '0'.repeat(64), '--uuid', '00000000-0000-0000-0000-000000000000'];
      const { stdout } = await run([toolPath('veritysetup'), 'format', ...zeros, image, `${image}.tree`], {
        env: toolEnvironment(),
      });
      expect(/Root hash:\s*(\S+)/.exec(stdout.toString())?.[1]).toBe(entry.rootHash);
    },
  );
});

const absent = join(folder, 'absent.tar');
const NATIVE = 'are not supported by the native builder';

describe('is refused before the layer is opened', () => {
  test.each<[string, string[], RegExp]>([
    [
      'by the native builder',
      ['--mkfs-options', `${OPTIONS} -zlz4`],
      new RegExp(`${NATIVE}\\. Use ${OPTIONS}, or set builder to mkfs$`),
    ],
    [
      'with cross-check',
      [...MKFS, '--cross-check', '--mkfs-options', `${OPTIONS} -zlz4`],
      new RegExp(`${NATIVE}, which cross-check uses too\\. Use ${OPTIONS}, or omit cross-check$`),
    ],
    [
      'with cross-check of the native builder',
      ['--cross-check', '--mkfs-options', `${OPTIONS} -zlz4`],
      new RegExp(`${NATIVE}\\. Use ${OPTIONS}, or set builder to mkfs and omit cross-check$`),
    ],
    [
      'for a tar index, whatever the builder',
      [...MKFS, '--profile', 'containerd-cache,containerd-tar-index', '--mkfs-options', '-T0 -z lz4'],
      /^verity-sign: mkfs-options -zlz4 cannot compress with profile containerd-tar-index: .*\. Omit -zlz4 here and/,
    ],
  ])('%s', async (_how, args, message) => {
    const { status, stderr } = await cli(['root-hash', absent, ...args]);
    expect([status, stderr.trim()]).toEqual([2, expect.stringMatching(message)]);
  });

  test('by sign and verify too', async () => {
    const args = ['--profile', 'containerd-tar-index', ...MKFS, '--mkfs-options', '-T0 -zlz4'];
    const { keyPath, chainPath, caPath } = (await pki()).leaf('p256');
    for (const verb of [
      ['sign', '--key', keyPath, '--certificate', chainPath],
      ['verify', '--trusted-certificate', caPath],
    ]) {
      const { status, stderr } = await cli([...verb, `oci:${absent}`, ...args]);
      expect([status, stderr]).toEqual([2, expect.stringContaining('cannot compress with profile')]);
    }
    expect(existsSync(absent)).toBe(false);
  });
});

describe('options that this mkfs.erofs lacks are found with a built-in layer', () => {
  test.each<[string, number, RegExp]>([
    [
      '-zlz4',
      4,
      /mkfs-options: this mkfs\.erofs has no compressor lz4\. Set mkfs-path to the mkfs\.erofs that/,
    ],
    [
      '-zdeflate -C7',
      2,
      /mkfs-options .* -C7: mkfs\.erofs refuses them \(invalid physical clustersize 7\)\. Use/,
    ],
    ['--nope', 2, /mkfs\.erofs does not support mkfs-options \(.*--nope'\)\. Check mkfs-options/],
  ])('%s', async (option, expected, message) => {
    // The layer itself cannot be converted: an error about it would come later.
    const broken = join(folder, 'broken.tar');
    writeFileSync(broken, Buffer.alloc(1024, 'x'));
    const args = [...MKFS, '--mkfs-options', `${OPTIONS} ${option}`];
    const { status, stderr } = await cli(['root-hash', broken, ...args]);
    expect([status, stderr.trim().split('\n').at(-1)]).toEqual([expected, expect.stringMatching(message)]);
    const signed = await cli(['sign', `oci:${layout}`, '--dry-run', ...args]);
    expect([signed.status, signed.stderr]).toEqual([expected, expect.stringMatching(message)]);
  });
});
