import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { cli } from '../helpers/cli.ts';
import { paxHeader, rawEntry, rawTar } from '../helpers/raw-tar.ts';
import { fakeMkfs } from '../helpers/run-child.ts';
import { testFolder } from '../helpers/temp.ts';
import { vectors } from '../helpers/vector-image.ts';

const folder = testFolder(0o755);
const file = { name: 'file', data: Buffer.from('x') };
let made = 0;

function layer(bytes: Buffer): string {
  const path = join(folder, `layer-${made++}`);
  writeFileSync(path, bytes);
  return path;
}

async function rootHash(
  bytes: Buffer,
  more: string[] = [],
): Promise<{ status: number | null; text: string }> {
  const { status, stderr } = await cli(['root-hash', layer(bytes), ...more]);
  return { status, text: stderr };
}

/** The real mkfs.erofs with another label, which does as `body` says with real layers. */
const mkfs = (version: string, body = 'exec "$REAL" "$@"'): string[] => [
  '--builder',
  'mkfs',
  '--mkfs-path',
  fakeMkfs(
    folder,
    `case "$*" in
       *--version*) echo 'mkfs.erofs (erofs-utils) ${version}'; exit 0;;
       *known-answer*) exec "$REAL" "$@";;
     esac
     ${body}`,
  ),
];

describe('a version is a label: the images decide', () => {
  test.each(['1.9', '1.9.0', '1.8.2'])('%s whose images are those of class C', async (version) => {
    const [vector] = vectors();
    const { status, stdout } = await cli(['root-hash', vector?.path ?? '', '--json', ...mkfs(version)]);
    expect([status, stdout]).toEqual([
      0,
      expect.stringContaining(vector?.profiles.containerd.rootHash ?? 'none'),
    ]);
  });

  test('a class that was asked for is that of the images', async () => {
    const wanted = ['--erofs-utils-version', 'A'];
    const { status, text } = await rootHash(rawTar(file), [...mkfs('1.9'), ...wanted]);
    expect([status, text]).toEqual([
      4,
      expect.stringContaining('is version 1.9, class C; erofs-utils-version requires'),
    ]);
  });
});

describe('layers that some releases do not take', () => {
  test('a crash of 1.8.10: nodes with it crash as well, later ones do not', async () => {
    const { status, text } = await rootHash(rawTar(file), mkfs('1.8.10', 'cat >/dev/null; kill -SEGV $$'));
    expect([status, text]).toEqual([
      4,
      expect.stringMatching(/crashed on this layer \(SIGSEGV\)\. Nodes with this release/),
    ]);
    expect(text).toContain('1.9.1 and later can');
    expect(text).not.toContain('memory');
    const newer = await rootHash(rawTar(file), mkfs('1.9.4', 'cat >/dev/null; kill -SEGV $$'));
    expect(newer.text).not.toContain('1.9.1 and later');
    const killed = await rootHash(rawTar(file), mkfs('1.9.4', 'cat >/dev/null; kill -KILL $$'));
    expect(killed.text).toContain('Check the free memory');
  });

  test.each([
    ['an entry named /', rawTar({ name: '/', typeflag: '5' }, file)],
    ['no end marker', rawEntry(file)],
    ['one zero block', Buffer.concat([rawEntry(file), Buffer.alloc(512)])],
    ['no byte', Buffer.alloc(0)],
  ])('class A, %s', async (_what, bytes) => {
    const { status, text } = await rootHash(bytes, ['--erofs-utils-version', 'A']);
    expect([status, text]).toEqual([
      4,
      expect.stringMatching(
        /nodes with erofs-utils 1\.8\.10 cannot unpack this layer \(.*1\.9\.1 takes the layer/,
      ),
    ]);
    expect((await rootHash(bytes)).status).toBe(0);
  });

  test.each(['native', 'mkfs'])('a path through a symbolic link is not malformed, %s', async (builder) => {
    const link = { name: 'link', typeflag: '2', linkname: 'real' };
    const tar = rawTar({ name: 'real/', typeflag: '5' }, link, { ...file, name: 'link/file' });
    const { status, text } = await rootHash(tar, ['--builder', builder]);
    expect([status, text]).toEqual([
      3,
      expect.stringContaining('EROFS cannot take this layer: a path goes through'),
    ]);
  });

  test.each([Buffer.from('not a tar\n'), gzipSync('not a tar\n')])('text instead of a tar', async (bytes) => {
    for (const builder of ['native', 'mkfs']) {
      const { status, text } = await rootHash(bytes, ['--builder', builder]);
      expect([status, text]).toEqual([3, expect.stringContaining('the layer is no tar: it has 10 bytes')]);
    }
  });
});

describe('warnings name what the user knows', () => {
  test('a FIFO with data has no device number', async () => {
    const { text } = await rootHash(rawTar({ ...file, name: 'fifo', typeflag: '6' }));
    expect(text).toContain('fifo (FIFO with data: the data is dropped)');
  });

  test('a NUL in a PAX path, and data that is cut where only an index is made', async () => {
    const nul = await rootHash(rawTar(paxHeader({ path: 'a\0b' }), file), ['--builder', 'mkfs']);
    expect(nul.text).toContain('a (NUL in its PAX path');
  });
});
