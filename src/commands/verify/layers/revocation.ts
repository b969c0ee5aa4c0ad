import { VeritySignError } from '../../../errors.ts';
import type { RevocationChecker } from '../../../signatures/notary/revocation/checker.ts';
import { requireNoServers } from '../../../signatures/notary/revocation/points.ts';
import { parsePkcs7 } from '../../../signatures/pkcs7/parse.ts';
import type { Trust } from '../trust/load-trust.ts';
import type { SignatureSet } from './evaluate-referrer.ts';

/**
 * Checks whether the signers of a set or their issuers have been revoked, if the trust policy requires
 * it. Servers are asked only about paths to a trusted certificate.
 * @throws VeritySignError 'cancelled'
 */
export async function checkSetRevocation(
  set: SignatureSet,
  { enforcement: { revocation: action } }: Trust,
  revocation: RevocationChecker,
): Promise<SignatureSet> {
  if (action === 'skip' || set.verdict !== 'verified') return set;
  for (const { path, pkcs7 } of set.layers) {
    try {
      // Without a path the trust policy only logs authenticity.
      if (path.length > 0) await revocation.requireGood(path.map(({ der }) => der));
      else if (pkcs7 !== undefined) requireNoServers(parsePkcs7(pkcs7).certificates);
    } catch (error) {
      if (!(error instanceof VeritySignError) || error.code === 'cancelled') throw error;
      if (action === 'log') {
        const note = `revocation failed, which the trust policy only logs: ${error.message}`;
        return { ...set, notes: [...set.notes, note] };
      }
      const verdict = error.code === 'key' ? 'not-trusted' : 'unchecked';
      const layers = set.layers.map((layer) =>
        layer.path === path ? { ...layer, verdict, reason: error.message } : layer,
      );
      return { ...set, verdict, reason: error.message, layers } as SignatureSet;
    }
  }
  return set;
}
