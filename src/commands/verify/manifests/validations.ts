import { VeritySignError } from '../../../errors.ts';
import { checkExtensions } from '../../../signatures/notary/certificates/signing-chain.ts';
import type { NotaryEnvelope } from '../../../signatures/notary/envelope/envelope.ts';
import type { RevocationChecker } from '../../../signatures/notary/revocation/checker.ts';
import { requireNoServers } from '../../../signatures/notary/revocation/points.ts';
import { verifyTimestamp } from '../../../signatures/notary/timestamp/timestamp.ts';
import { requireTrustedIdentity } from '../../../signatures/notary/trust-policy/trusted-identity.ts';
import { sameBytes } from '../../../signatures/x509/asn1/der.ts';
import { type Certificate, readCertificate } from '../../../signatures/x509/certificate.ts';
import { requireIdentity } from '../layers/evaluate-pkcs7.ts';
import type { Anchors, Trust } from '../trust/load-trust.ts';

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
  envelope: NotaryEnvelope,
  signer: Certificate | undefined,
  trust: Trust,
): void {
  const { identities, policy } = trust;
  const { chain } = envelope;
  const trusted = anchorsOf(envelope, trust);
  if (trusted instanceof VeritySignError) throw trusted;
  const [leaf] = chain;
  if (leaf === undefined || signer === undefined)
    throw new VeritySignError('key', 'the signer has no readable certificate');
  if (lastAnchor(chain, trusted) === -1) {
    const whom = isByAuthority(envelope) ? 'signing authority' : 'certificate';
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
  if (isByAuthority(envelope)) {
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

/**
 * No certificate of the chain is revoked, up to the last trusted one. No signature covers what follows it but the
 * issuer's key: whoever pushed the envelope may have written it, and must not choose which servers are contacted.
 */
export async function checkRevocation(
  envelope: NotaryEnvelope,
  trust: Trust,
  revocation: RevocationChecker,
): Promise<void> {
  const { chain, authenticSigningTime } = envelope;
  const trusted = anchorsOf(envelope, trust);
  const last = trusted instanceof VeritySignError ? -1 : lastAnchor(chain, trusted);
  if (last === -1) requireNoServers(chain.map(readCertificate));
  // The issuer of the trusted certificate is needed to check answers about it.
  else await revocation.requireGood(chain.slice(0, last + 2), authenticSigningTime);
}

function isByAuthority({ signingScheme }: NotaryEnvelope): boolean {
  return signingScheme === 'notary.x509.signingAuthority';
}

function anchorsOf(envelope: NotaryEnvelope, { anchors, signingAuthorities }: Trust): Anchors {
  return isByAuthority(envelope) ? signingAuthorities : anchors;
}

/** Position of the last certificate of the chain that is trusted; -1 if none is. */
function lastAnchor(chain: readonly Uint8Array[], trusted: readonly Uint8Array[]): number {
  return chain.findLastIndex((der) => trusted.some((anchor) => sameBytes(anchor, der)));
}
