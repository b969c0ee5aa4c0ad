/** Name constraints along a path, critical or not. [RFC 5280, 4.2.1.10 and 6.1.3 (b) and (c)] */
import { FormatError } from '../../../formats/format-error.ts';
import { sameBytes } from '../asn1/der.ts';
import type { Certificate } from '../certificate.ts';
import { type CertificateName, namesOf } from './certificate-names.ts';
import { type NameConstraints, nameConstraintsOf } from './name-constraints.ts';

/** A certificate that breaks a rule, and how, as a predicate. */
export interface NameViolation {
  certificate: Certificate;
  reason: string;
}

/** What to do about it. */
export const NAME_REMEDY = 'Use a certificate with names that each CA above it may certify';

/** Comparisons for one certificate and one CA, each with up to thousands of names. */
const MAX_COMPARISONS = 250_000;

/**
 * The first certificate with a name that a CA above it does not permit or excludes. A name must be permitted
 * by every CA, and excluded by none. The last certificate of the path counts as a CA too, and self-issued
 * ones above the first are exempt.
 * @param path leaf first
 */
export function nameConstraintViolation(path: readonly Certificate[]): NameViolation | undefined {
  for (const [above, issuer] of path.entries()) {
    if (above === 0) continue;
    let constraints: NameConstraints | undefined;
    try {
      constraints = nameConstraintsOf(issuer);
    } catch (error) {
      return { certificate: issuer, reason: unreadable('nameConstraints', error) };
    }
    if (constraints === undefined) continue;
    for (const [index, certificate] of path.slice(0, above).entries()) {
      if (index > 0 && sameBytes(certificate.raw.issuer, certificate.raw.subject)) continue;
      const reason = violationOf(certificate, constraints, issuer.subject);
      if (reason !== undefined) return { certificate, reason };
    }
  }
  return undefined;
}

function violationOf(
  certificate: Certificate,
  { permitted, excluded }: NameConstraints,
  issuer: string,
): string | undefined {
  let names: CertificateName[];
  try {
    names = namesOf(certificate);
  } catch (error) {
    return unreadable('names', error);
  }
  if (names.length * (permitted.length + excluded.length) > MAX_COMPARISONS) {
    return `has ${names.length} names, too many to compare with the nameConstraints of "${issuer}"`;
  }
  for (const { form, value, shown } of names) {
    const allowed = permitted.filter((subtree) => subtree.form === form);
    const forbidden = excluded.filter((subtree) => subtree.form === form);
    const subtrees = [...allowed, ...forbidden];
    if (subtrees.length === 0) continue;
    if (value === undefined || subtrees.some(({ base }) => base === undefined)) {
      return `has ${shown}, which cannot be compared with the nameConstraints of "${issuer}"`;
    }
    if (forbidden.some(({ base }) => form.reaches(base, value))) {
      return `has ${shown}, which the nameConstraints of "${issuer}" exclude`;
    }
    if (allowed.length > 0 && !allowed.some(({ base }) => form.contains(base, value))) {
      return `has ${shown}, which the nameConstraints of "${issuer}" do not permit`;
    }
  }
  return undefined;
}

function unreadable(what: string, error: unknown): string {
  if (!(error instanceof FormatError)) throw error;
  return `has ${what} that cannot be read: it ${error.message}`;
}
