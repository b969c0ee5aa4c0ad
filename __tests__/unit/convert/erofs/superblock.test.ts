import { expect, test } from '@jest/globals';
import { checkImageSize, isErofs, readSuperblock } from '../../../../src/convert/erofs/superblock.ts';
import { emptyErofs, erofsLayer, imageIn } from '../../../helpers/erofs-layers.ts';

test('UUID and size of an image by mkfs.erofs', () => {
  const image = imageIn(erofsLayer());
  const superblock = readSuperblock(image.subarray(0, 4096), '');
  // uuid5 of the diffID of the tar, which containerd passes to mkfs.erofs.
  expect(superblock.uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(superblock.size).toBe(image.length);
  expect(isErofs(image)).toBe(true);
});

test('what is no image says what it is', () => {
  const error = { code: 'image', message: expect.stringMatching(/but the layer is zip$/) };
  expect(() => readSuperblock(Buffer.alloc(4096), 'zip')).toThrow(expect.objectContaining(error));
  const cut = emptyErofs(4096).subarray(0, 1151);
  expect(() => readSuperblock(cut, 'zip')).toThrow(expect.objectContaining(error));
  expect(() => readSuperblock(Buffer.alloc(0), 'nothing')).toThrow(/it is empty$/);
});

test.each([0, 8, 17, 31, 255])('blocks of 2^%i bytes are damage', (bits) => {
  const image = emptyErofs(4096);
  image.writeUInt8(bits, 1024 + 12);
  expect(() => readSuperblock(image, '')).toThrow(`blocks have 2^${bits} bytes`);
});

test('an image that is shorter than its superblock says', () => {
  const superblock = readSuperblock(emptyErofs(8192), '');
  expect(checkImageSize(superblock, 8192)).toBe(superblock);
  expect(checkImageSize(superblock, 9000)).toBe(superblock);
  expect(() => checkImageSize(superblock, 8191)).toThrow(/has 8191 bytes.*says 8192: it is truncated/);
});
