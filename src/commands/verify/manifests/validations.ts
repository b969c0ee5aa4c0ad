import { VeritySignError } from '../../../errors.ts';
import { checkExtensions } from '../../../signatures/notary/certificates/signing-chain.ts';
import type { NotaryEnvelope } from '../../../signatures/notary/envelope/envelope.ts';
import type { RevocationChecker } from '../../../signatures/notary/revocation/checker.ts';
import { verifyTimestamp } from '../../../signatures/notary/timestamp/timestamp.ts';
import { requireTrustedIdentity } from '../../../signatures/notary/trust-policy/trusted-identity.ts';
import { type Certificate, readCertificate } from '../../../signatures/x509/certificate.ts';
import { requireIdentity } from '../layers/evaluate-pkcs7.ts';
import type { Trust } from '../trust/load-trust.ts';

/**
 * The validations that a trust policy enforces, logs or skips, each as notation does it. They throw
 * VeritySignError: 'key' or 'image' if the signature fails, any other code if it cannot be checked.
 * [notation-go verifier/verifier.go]
 */

/**
 * A certificate of the chain is a trust anchor, its issuers may vouch for this signer, and the signer has a
 * trusted identity.
 */
export function checkAuthenticity(
  { chain, signingScheme }: NotaryEnvelope,
  signer: Certificate | undefined,
  { anchors, signingAuthorities, identities, policy }: Trust,
): void {
  const byAuthority = signingScheme === 'notary.x509.signingAuthority';
  const trusted = byAuthority ? signingAuthorities : anchors;
  if (trusted instanceof VeritySignError) throw trusted;
  const isTrusted = (der: Uint8Array): boolean => trusted.some((anchor) => Buffer.from(anchor).equals(der));
  const [leaf] = chain;
  if (leaf === undefined || signer === undefined)
    throw new VeritySignError('key', 'the signer has no readable certificate');
  if (!chain.some(isTrusted)) {
    const whom = byAuthority ? 'signing authority' : 'certificate';
    throw new VeritySignError('key', `the signer "${signer.subject}" does not lead to any trusted ${whom}`);
  }
  checkExtensions(chain);
  if (policy !== undefined) requireTrustedIdentity(policy.statement.trustedIdentities, leaf);
  requireIdentity(signer, identities);
}

/** The signature's own expiry has not passed. */
export function checkExpiry({ expiry }: NotaryEnvelope, { at }: Trust): void {
  if (expiry === undefined || at < expiry) return;
  throw new VeritySignError('key', `the signature expired on ${expiry.toISOString()}`);
}

/**
 * The certificates were valid at the signing time that a timestamp or signing authority states; without
 * one they must be valid at the time of verification.
 * @returns that authority's time.
 */
export async function checkTimestamp(
  envelope: NotaryEnvelope,
  trust: Trust,
  revocation: RevocationChecker,
  notes: string[],
): Promise<Date | undefined> {
  const chain = envelope.chain.map(readCertificate);
  if (envelope.signingScheme === 'notary.x509.signingAuthority') {
    const time = envelope.authenticSigningTime;
    if (time === undefined) throw new VeritySignError('key', 'the signing authority states no signing time');
    const invalid = chain.find(({ notBefore, notAfter }) => time < notBefore || time > notAfter);
    if (invalid === undefined) return time;
    throw new VeritySignError(
      'key',
      `the certificate "${invalid.subject}" was not valid when it was signed, ${time.toISOString()}`,
    );
  }
  const { at, tsa, policy } = trust;
  const expired = chain.some(({ notAfter }) => at > notAfter);
  const afterExpiry = policy?.statement.verifyTimestamp === 'afterCertExpiry';
  if (tsa === undefined || (afterExpiry && !expired)) {
    for (const { subject, notBefore, notAfter } of chain) {
      if (at < notBefore)
        throw new VeritySignError(
          'key',
          `the certificate "${subject}" is not valid before ${notBefore.toISOString()}`,
        );
      if (at <= notAfter) continue;
      const what = `the certificate "${subject}" expired on ${notAfter.toISOString()}`;
      if (!trust.allowExpired) throw new VeritySignError('key', what);
      notes.push(`${what}, which is allowed`);
    }
    return undefined;
  }
  if (envelope.timestamp === undefined) throw new VeritySignError('key', 'the signature has no timestamp');
  if (tsa instanceof VeritySignError) throw tsa;
  const {
    time,
    accuracyMs,
    chain: authority,
  } = await verifyTimestamp(envelope.timestamp, envelope.signature, tsa);
  for (const { subject, notBefore, notAfter } of chain) {
    if (+time - accuracyMs < +notBefore || +time + accuracyMs > +notAfter) {
      throw new VeritySignError(
        'key',
        `the certificate "${subject}" was not valid at the timestamp, ${time.toISOString()}`,
      );
    }
  }
  // Without a trust policy no server is contacted. With one, the level has no effect here, as in notation.
  if (policy !== undefined) await revocation.requireGood(authority);
  return time;
}

/** No certificate of the chain is revoked. */
export function checkRevocation(envelope: NotaryEnvelope, revocation: RevocationChecker): Promise<void> {
  return revocation.requireGood(envelope.chain, envelope.authenticSigningTime);
}
