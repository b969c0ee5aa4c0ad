import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { KNOWN_ANSWERS } from '../../../../../src/convert/erofs/mkfs/known-answer-data.ts';
import { vectors } from '../../../../helpers/vector-image.ts';

const newest = new Map(vectors('1.9.4').map((vector) => [vector.name, vector]));
const old = new Map(vectors('1.8.10').map((vector) => [vector.name, vector]));
const oldest = new Map(vectors('1.8.6').map((vector) => [vector.name, vector]));

// The layer `prefixes` is no vector: only mkfs.erofs can say that its images are right.
const OF_VECTORS = KNOWN_ANSWERS.filter(({ name }) => name !== 'prefixes');

test('all but one known answer are vectors', () => {
  expect(OF_VECTORS.map(({ name }) => name)).toEqual(['simple', 'whiteouts', 'modes', 'xattrs']);
  expect(KNOWN_ANSWERS).toHaveLength(5);
});

test.each(OF_VECTORS.map((known) => [known.name, known] as const))('%s is a vector', (name, known) => {
  const [vector, of186] = [newest.get(`${name}-gzip`), oldest.get(`${name}-gzip`)];
  const ofA = old.get(`${name}-gzip`);
  if (vector === undefined || ofA === undefined || of186 === undefined) throw new TypeError(name);
  expect(Buffer.from(known.blob, 'base64').equals(readFileSync(vector.path))).toBe(true);
  expect(known.digest).toBe(vector.digest);
  for (const profile of ['containerd', 'containerd-tar-index'] as const) {
    expect(known.images[profile].C).toBe(vector.profiles[profile].imageSha256);
    expect(known.images[profile].A).toBe(ofA.profiles[profile].imageSha256);
    expect(known.images[profile]['1.8.6']).toBe(of186.profiles[profile].imageSha256);
  }
});

test('the classes differ: B in the order of extended attributes from C, in the times from A, 1.8.6 in names from A', () => {
  const at = new Map(KNOWN_ANSWERS.map((known) => [known.name, known.images.containerd]));
  const modes = at.get('modes');
  const xattrs = at.get('xattrs');
  expect(modes?.B).toBe(modes?.C);
  expect(modes?.B).not.toBe(modes?.A);
  expect(xattrs?.B).toBe(xattrs?.A);
  expect(xattrs?.B).not.toBe(xattrs?.C);
  // In whole images they differ in nothing else.
  expect(at.get('prefixes')?.['1.8.6']).not.toBe(at.get('prefixes')?.A);
});
