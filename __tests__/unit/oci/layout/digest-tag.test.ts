import { expect, test } from '@jest/globals';
import { hasDigestTag } from '../../../../src/oci/layout/digest-tag.ts';

const HEX = 'ab'.repeat(32);
const entry = (name?: string, digest = `sha256:${'cd'.repeat(32)}`) => ({
  ...{ mediaType: 'x', digest, size: 1 },
  ...(name === undefined ? {} : { annotations: { 'org.opencontainers.image.ref.name': name } }),
});

test('names of lists and of cosign, after the digest of another manifest', () => {
  for (const name of [`sha256-${HEX}`, `sha512-${HEX}`, `sha512-${HEX}${HEX}`, `sha256-${HEX}.sig`]) {
    expect([name, hasDigestTag(entry(name))]).toEqual([name, true]);
  }
  for (const name of [
    undefined,
    '1.0',
    'sha256-ab',
    `sha256:${HEX}`,
    `app-sha256-${HEX}`,
    `sha256-${HEX}-1`,
  ]) {
    expect([name, hasDigestTag(entry(name))]).toEqual([name, false]);
  }
  // Some tag images by their own digest.
  expect(hasDigestTag(entry(`sha256-${HEX}`, `sha256:${HEX}`))).toBe(false);
});
