/**
 * The purposes (extendedKeyUsage) that certificates may have if they sign layers or manifests. Each rule gives
 * the reason as a predicate; `undefined` if the rule is kept. Whether the extension is critical makes no
 * difference. [RFC 5280, 4.2.1.12; Notary signature-specification, Certificate Requirements]
 */
import type { Certificate } from './certificate.ts';

/** Object identifiers of the purposes that the rules name. */
export const PURPOSE = {
  anyExtendedKeyUsage: '2.5.29.37.0',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  OCSPSigning: '1.3.6.1.5.5.7.3.9',
} as const;

type PurposeName = keyof typeof PURPOSE;

/** A key that also does one of these is in more hands than those of a signer. */
const FOREIGN: ReadonlySet<string> = new Set(
  Object.values(PURPOSE).filter((purpose) => purpose !== PURPOSE.codeSigning),
);

/** What to do about a violation of `signerPurposeViolation`. */
export const SIGNER_PURPOSE_REMEDY =
  'Use a certificate that is issued with extendedKeyUsage = codeSigning alone, or without extendedKeyUsage';
/** What to do about a violation of `issuerPurposeViolation` by a CA of signers. */
export const ISSUER_PURPOSE_REMEDY =
  'Use a certificate of a CA without extendedKeyUsage, or with codeSigning in it';

/** A certificate that signs layers or manifests: no purposes, or codeSigning and none of the foreign ones. */
export function signerPurposeViolation({ extensions }: Certificate): string | undefined {
  const purposes = extensions.extendedKeyUsage?.purposes;
  if (purposes === undefined) return undefined;
  if (!purposes.includes(PURPOSE.codeSigning)) return `${isFor(purposes)}, not for codeSigning`;
  const foreign = purposes.find((purpose) => FOREIGN.has(purpose));
  return foreign && `also allows ${nameOf(foreign)} (extendedKeyUsage)`;
}

/**
 * A CA above a certificate of the given purpose: no purposes, or that one, or any. The extension of a CA
 * restricts what is below it, as OpenSSL and Go have it.
 */
export function issuerPurposeViolation(
  { extensions }: Certificate,
  purpose: PurposeName = 'codeSigning',
): string | undefined {
  const purposes = extensions.extendedKeyUsage?.purposes;
  if (purposes === undefined) return undefined;
  const allowed = purposes.includes(PURPOSE[purpose]) || purposes.includes(PURPOSE.anyExtendedKeyUsage);
  return allowed ? undefined : `${isFor(purposes)}, and must not issue certificates for ${purpose}`;
}

function isFor(purposes: readonly string[]): string {
  const names = purposes.map(nameOf);
  return `is for ${names.length === 0 ? 'no purpose' : names.slice(0, 8).join(', ')} (extendedKeyUsage)`;
}

function nameOf(purpose: string): string {
  return Object.entries(PURPOSE).find(([, id]) => id === purpose)?.[0] ?? purpose;
}
