import { getEventListeners } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { blobFileLayer, isBlobFile } from '../../../../src/commands/root-hash/blob-file.ts';

const before = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'blob-file-'));
beforeAll(() => {
  writeFileSync(join(folder, 'app.tar'), '');
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

test('a file is a blob, an image is none, with each prefix', async () => {
  for (const file of ['app.tar', './app.tar']) expect(await isBlobFile(file)).toBe(true);
  const images = ['oci-archive:app.tar', 'oci:app.tar', 'docker-daemon:app.tar', 'docker://app.tar'];
  for (const image of [...images, 'app:1.0', '.']) expect(await isBlobFile(image)).toBe(false);
});

test.each(['none.tar', './none', 'folder/none.tgz'])(
  '%s is the path of a file that is missing',
  async (path) => {
    await expect(isBlobFile(path)).rejects.toThrow(`there is no file ${path}`);
  },
);

test('a file that does not decompress leaves no listener on the signal', async () => {
  writeFileSync('broken.gz', Buffer.from('1f8b0800000000000003ffffff', 'hex'));
  const { signal } = new AbortController();
  await expect(blobFileLayer('broken.gz', 1024, signal)).rejects.toMatchObject({ code: 'image' });
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
