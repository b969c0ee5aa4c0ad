import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { levelAbove, rootOf } from '../../../../src/convert/verity/hash-tree.ts';
import { whyIncomplete } from '../../../../src/convert/verity-file/check.ts';
import { fileLayout } from '../../../../src/convert/verity-file/layout.ts';
import { VerityFile } from '../../../../src/convert/verity-file/verity-file.ts';
import { testFolder } from '../../../helpers/temp.ts';

const UUID = '6f1c3cb5-ea8c-5cde-9e2d-3f3f3f3f3f3f';
const folder = testFolder();
const path = join(folder, 'file');

describe.each([1, 2, 200])('an image of %i blocks', (blocks) => {
  const image = Buffer.alloc(blocks * 4096, 7);
  Buffer.from(UUID.replaceAll('-', ''), 'hex').copy(image, 1024 + 48);
  const leaves = levelAbove(image, 4096);
  const rootHash = rootOf(leaves, 4096);
  const layout = fileLayout(image.length, 4096);
  const expected = { hashOffset: layout.hashOffset, blockSize: 4096, uuid: UUID, rootHash } as const;

  beforeEach(() => {
    rmSync(path, { force: true });
    const file = new VerityFile(path, UUID, 4096, folder);
    file.leaves.add(leaves.subarray(32));
    file.write(4096, image.subarray(4096));
    file.write(0, image.subarray(0, 4096));
    file.end();
    file.finish({ imageSize: image.length, rootHash });
  });

  const change = (offset: number): void => {
    const bytes = readFileSync(path);
    bytes.writeUInt8(bytes.readUInt8(offset) ^ 1, offset);
    writeFileSync(path, bytes);
  };

  test('is complete', async () => {
    expect(await whyIncomplete(path, expected)).toBeUndefined();
  });

  test('that was cut off, or is longer', async () => {
    truncateSync(path, layout.size - 1);
    expect(await whyIncomplete(path, expected)).toContain(`instead of ${layout.size}`);
    truncateSync(path, layout.size + 1);
    expect(await whyIncomplete(path, expected)).toContain(`instead of ${layout.size}`);
  });

  test('with other parameters, of another layer, or with another tree', async () => {
    change(layout.hashOffset + 64);
    expect(await whyIncomplete(path, expected)).toContain('superblock');
    change(layout.hashOffset + 64);
    expect(await whyIncomplete(path, { ...expected, uuid: UUID.replace('6', '7') })).toContain(
      'another layer',
    );
    expect(await whyIncomplete(path, { ...expected, rootHash: 'ab'.repeat(32) })).toContain('root hash');
    change(layout.levels.at(-1)?.offset ?? 100);
    expect(await whyIncomplete(path, expected)).toContain('root hash');
  });

  test('whose UUID in the superblock is another is complete: containerd makes a random one', async () => {
    change(layout.hashOffset + 20);
    expect(await whyIncomplete(path, expected)).toBeUndefined();
  });

  test('that is missing, or a folder', async () => {
    expect(await whyIncomplete(join(folder, 'missing'), expected)).toContain('ENOENT');
    mkdirSync(join(folder, 'a-folder'), { recursive: true });
    expect(await whyIncomplete(join(folder, 'a-folder'), expected)).toBe('is no file');
  });
});
