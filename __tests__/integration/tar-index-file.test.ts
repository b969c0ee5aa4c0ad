import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { writeTar } from '../../scripts/demo-image/tar-writer.ts';
import { NativeConsumer } from '../../src/convert/worker/native-consumer.ts';
import { testFolder } from '../helpers/temp.ts';

const folder = testFolder();

test('the file of a tar index has the tar, as the root hash says', async () => {
  const path = join(folder, 'file');
  const tar = Buffer.from(
    writeTar([{ path: 'data', bytes: Buffer.alloc(3_000_000, 'content') }], 1_700_000_000),
  );
  const plan = {
    profile: 'containerd-tar-index',
    uuid: '6f1c3cb5-ea8c-5cde-9e2d-3f3f3f3f3f3f',
    mkfsOptions: ['-T0', '--mkfs-time'],
    classes: ['C'],
    file: { class: 'C', path },
  } as const;
  const consumer = new NativeConsumer({ plans: [plan], folder, blobSize: tar.length });
  for (let at = 0; at < tar.length; at += 99_991) {
    await consumer.consume(Buffer.from(tar.subarray(at, at + 99_991)));
  }
  const { roots } = await consumer.end();
  const { imageSize = 0 } = roots?.[0]?.[0] ?? {};
  expect(imageSize).toBeGreaterThan(tar.length);
  expect(
    readFileSync(path)
      .subarray(imageSize - tar.length, imageSize)
      .equals(tar),
  ).toBe(true);
  expect(readdirSync(folder)).toEqual(['file']);
});
