import { expect, test } from '@jest/globals';
import { isDigest, sha256Digest, splitDigest } from '../../../src/formats/digest.ts';

/** FIPS 180-4, the digest of no bytes. */
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

test('the digest of bytes', () => {
  expect(sha256Digest(Buffer.alloc(0))).toBe(`sha256:${EMPTY}`);
});

test('a digest has an algorithm and a hex part', () => {
  expect(splitDigest(`sha256:${EMPTY}`)).toEqual({ algorithm: 'sha256', hex: EMPTY });
  expect(splitDigest(`sha512:${'0a'.repeat(64)}`)).toEqual({ algorithm: 'sha512', hex: '0a'.repeat(64) });
});

test.each([
  '',
  EMPTY,
  `sha256:${EMPTY.slice(1)}`,
  `sha256:${EMPTY}0`,
  `sha256:${EMPTY.toUpperCase()}`,
  `sha256:${EMPTY}\n`,
  ` sha256:${EMPTY}`,
  `sha512:${EMPTY}`,
  `SHA256:${EMPTY}`,
  `sha384:${'0a'.repeat(48)}`,
  'sha256:../../../etc/passwd',
])('%j is not a digest', (text) => {
  expect(isDigest(text)).toBe(false);
  expect(() => splitDigest(text)).toThrow(
    expect.objectContaining({ code: 'image', message: `${JSON.stringify(text)} is not a valid digest` }),
  );
});
