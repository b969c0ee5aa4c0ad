import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { VeritySignError } from '../../src/errors.ts';
import { buildPkcs7 } from '../../src/signatures/pkcs7/build.ts';
import { parsePkcs7 } from '../../src/signatures/pkcs7/parse.ts';
import { buildTrustPath, loadTrustAnchors } from '../../src/signatures/pkcs7/trust.ts';
import { verifySignature } from '../../src/signatures/pkcs7/verify.ts';
import { pki } from '../helpers/pki.ts';
import { processorTime } from '../helpers/processor-time.ts';
import { random } from '../helpers/random.ts';
import { chainIn, openSigner } from '../helpers/signer.ts';

const ROOT_HASH = 'ab'.repeat(32);
const NOW = new Date('2026-06-01T00:00:00Z');
const MUTANTS = 1500;

function mutate(original: Uint8Array, next: (below: number) => number): Uint8Array {
  const bytes = Buffer.from(original);
  const at = next(bytes.length);
  const length = 1 + next(40);
  switch (next(6)) {
    case 0:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << next(8));
      return bytes;
    case 1:
      bytes[at] = next(256);
      return bytes;
    case 2:
      return bytes.subarray(0, at);
    case 3:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 4: {
      const from = next(bytes.length);
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(from, from + length), bytes.subarray(at)]);
    }
    default: {
      // Bytes of the same length from elsewhere: the lengths around them stay right.
      bytes.copyWithin(at, next(bytes.length), next(bytes.length));
      return bytes;
    }
  }
}

describe.each(['rsa2048', 'p256', 'chained'])('mutants of a signature by %s', (name) => {
  let original: Uint8Array;
  let anchors: Uint8Array[];

  function accept(der: Uint8Array): void {
    const parsed = parsePkcs7(der);
    verifySignature(parsed, ROOT_HASH);
    buildTrustPath(parsed.certificates, anchors, NOW);
  }

  beforeAll(async () => {
    const files = (await pki()).leaf(name);
    const chain = await chainIn(files.chainPath);
    const signer = await openSigner(files.keyPath, { certificates: [chain.leaf.der] });
    const signature = await signer.sign(Buffer.from(ROOT_HASH), 'layer');
    original = buildPkcs7({ signature, chain, rootHash: ROOT_HASH });
    anchors = loadTrustAnchors(await readFile(files.caPath));
    accept(original);
  });

  test(`none of ${MUTANTS} is accepted, none does anything but be refused`, () => {
    const next = random(20_260_601);
    let slowest = 0;
    let refused = 0;
    for (let count = 0; count < MUTANTS; count++) {
      const mutant = mutate(original, next);
      if (Buffer.compare(mutant, original) === 0) continue;
      const start = processorTime();
      let error: unknown;
      try {
        accept(mutant);
      } catch (thrown) {
        error = thrown;
      }
      slowest = Math.max(slowest, processorTime() - start);
      if (!(error instanceof VeritySignError)) {
        throw new Error(
          `mutant ${count}: ${error === undefined ? 'accepted' : error}: ${Buffer.from(mutant).toString('hex')}`,
        );
      }
      refused += 1;
    }
    expect(refused).toBeGreaterThan(0.9 * MUTANTS);
    expect(slowest).toBeLessThan(2000);
  });

  test('no single inverted byte is accepted', () => {
    for (let at = 0; at < original.length; at++) {
      const mutant = Buffer.from(original);
      mutant[at] = (mutant[at] ?? 0) ^ 0xff;
      expect(() => accept(mutant)).toThrow(VeritySignError);
    }
  });
});
