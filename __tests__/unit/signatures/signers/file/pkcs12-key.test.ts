import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import forge from 'node-forge';
import {
  type Passphrase,
  type Pkcs12Digest,
  pkcs12Key,
} from '../../../../../src/signatures/signers/file/pkcs12-key.ts';

const DIGESTS: Pkcs12Digest[] = ['sha1', 'sha256', 'sha384', 'sha512'];
const PASSPHRASES: Passphrase[] = [null, '', 'smeg', 'Grüße 😀', 'x'.repeat(100)];

/** As forge derives it. */
function expected(
  passphrase: Passphrase,
  salt: Buffer,
  digest: Pkcs12Digest,
  id: number,
  bytes: number,
): Buffer {
  const buffer = forge.util.createBuffer(salt.toString('latin1'));
  const md = forge.md[digest].create();
  return Buffer.from(forge.pkcs12.generateKey(passphrase, buffer, id, 3, bytes, md).getBytes(), 'latin1');
}

describe('the key derivation of PKCS#12', () => {
  test.each(DIGESTS)('%s: as forge derives', (digest) => {
    for (const passphrase of PASSPHRASES) {
      for (const salt of [8, 0, 64, 200].map((length) => randomBytes(length))) {
        for (const bytes of [5, 8, 24, 64, 200]) {
          const key = pkcs12Key(passphrase, salt, { digest, id: 3, iterations: 3, bytes });
          expect(key.toString('hex')).toBe(expected(passphrase, salt, digest, 3, bytes).toString('hex'));
        }
      }
    }
  });

  // Test vectors that circulate among implementations, such as those of Bouncy Castle.
  test.each([
    [1, 24, '8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3'],
    [2, 8, '79993dfe048d3b76'],
  ])('a known key, id %d', (id, bytes, key) => {
    const salt = Buffer.from('0a58cf64530d823f', 'hex');
    expect(pkcs12Key('smeg', salt, { digest: 'sha1', id, iterations: 1, bytes }).toString('hex')).toBe(key);
  });
});
