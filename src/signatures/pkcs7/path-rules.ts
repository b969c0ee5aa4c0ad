/** What `sign` and `verify` ask of a chain, so that what the one signs with the other accepts. */
import { sameBytes } from '../x509/asn1/der.ts';
import type { Certificate } from '../x509/certificate.ts';
import { NAME_REMEDY, nameConstraintViolation } from '../x509/constraints/check-path.ts';
import { CRITICAL_EXTENSION_REMEDY, criticalExtensionViolation } from '../x509/extensions.ts';
import {
  ISSUER_PURPOSE_REMEDY,
  issuerPurposeViolation,
  SIGNER_PURPOSE_REMEDY,
  signerPurposeViolation,
} from '../x509/purposes.ts';
import { issuerViolation, kernelViolation, leafViolation } from './kernel-rules.ts';

/** What is wrong with a certificate of a path, and what its owner can do. */
export interface PathViolation {
  certificate: Certificate;
  /** A predicate, such as `is not a CA certificate`. */
  reason: string;
  remedy: string;
}

type Rule = [reason: string | undefined, remedy: string];

/**
 * The first rule that a path breaks, apart from its order and dates: forms and algorithms, CA and key usage,
 * purposes, path length, critical extensions, name constraints.
 * @param path signer first, each followed by its issuer; the last one may be a root or any other.
 */
export function pathViolation(path: readonly Certificate[]): PathViolation | undefined {
  for (const [index, certificate] of path.entries()) {
    const rules: Rule[] = [
      [
        kernelViolation(certificate),
        'Use a certificate and CA with a form, key and algorithm that the kernel accepts',
      ],
      ...(index === 0 ? signerRules(certificate) : issuerRules(certificate, path.slice(1, index))),
      [criticalExtensionViolation(certificate), CRITICAL_EXTENSION_REMEDY],
    ];
    for (const [reason, remedy] of rules) if (reason !== undefined) return { certificate, reason, remedy };
  }
  const name = nameConstraintViolation(path);
  return name && { ...name, remedy: NAME_REMEDY };
}

function signerRules(signer: Certificate): Rule[] {
  return [
    [leafViolation(signer), 'Use a certificate for digital signatures, not the one of a CA'],
    [signerPurposeViolation(signer), SIGNER_PURPOSE_REMEDY],
  ];
}

function issuerRules(issuer: Certificate, below: readonly Certificate[]): Rule[] {
  return [
    [issuerViolation(issuer, pathBelow(below)), 'Have the certificate issued by a proper CA'],
    [issuerPurposeViolation(issuer), ISSUER_PURPOSE_REMEDY],
  ];
}

/** CA certificates that count towards a path length: those whose name differs from their issuer's. */
function pathBelow(authorities: readonly Certificate[]): number {
  return authorities.filter(({ raw }) => !sameBytes(raw.issuer, raw.subject)).length;
}
