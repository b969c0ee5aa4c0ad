import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { KNOWN_ANSWERS } from '../../../../../src/convert/erofs/mkfs/known-answer-data.ts';
import { vectors } from '../../../../helpers/vector-image.ts';

const newest = new Map(vectors('1.9.4').map((vector) => [vector.name, vector]));
const oldest = new Map(vectors('1.8.10').map((vector) => [vector.name, vector]));

test.each(KNOWN_ANSWERS.map((known) => [known.name, known] as const))('%s is a vector', (name, known) => {
  const vector = newest.get(`${name}-gzip`);
  const old = oldest.get(`${name}-gzip`);
  expect(vector).toBeDefined();
  if (vector === undefined || old === undefined) return;
  expect(Buffer.from(known.blob, 'base64').equals(readFileSync(vector.path))).toBe(true);
  expect(known.digest).toBe(vector.digest);
  for (const profile of ['containerd', 'containerd-tar-index'] as const) {
    expect(known.images[profile].C).toBe(vector.profiles[profile].imageSha256);
    expect(known.images[profile].A).toBe(old.profiles[profile].imageSha256);
  }
});

test('the classes differ: B in the order of extended attributes from C, in the times from A', () => {
  const at = new Map(KNOWN_ANSWERS.map((known) => [known.name, known.images.containerd]));
  const modes = at.get('modes');
  const xattrs = at.get('xattrs');
  expect(modes?.B).toBe(modes?.C);
  expect(modes?.B).not.toBe(modes?.A);
  expect(xattrs?.B).toBe(xattrs?.A);
  expect(xattrs?.B).not.toBe(xattrs?.C);
});
