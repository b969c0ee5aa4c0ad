/**
 * Forms of a certificate that OpenSSL reads and the kernel does not. One such certificate makes it refuse the
 * whole message, or keeps it out of a keyring. [Linux crypto/asymmetric_keys/x509_cert_parser.c, x509.asn1]
 */
import { childrenOf, type Element, readDer } from '../x509/asn1/der.ts';
import { TAG } from '../x509/asn1/der-rules.ts';
import type { Certificate } from '../x509/certificate.ts';
import { EXTENSION } from '../x509/extensions.ts';
import { ownIssue } from './kernel-links.ts';

/** Its clock begins here. */
const FIRST_YEAR = 1970;
/** Years from here on are written as GeneralizedTime, and only those. [RFC 5280, 4.1.2.5] */
const FIRST_GENERALIZED = 2050;
/** The length of a subjectKeyIdentifier is read from one byte. */
const MAX_KEY_ID = 127;
/** Fields of an AuthorityKeyIdentifier in their order: key identifier, issuer, serial number. */
const AUTHORITY_KEY_ID = [0x80, 0xa1, 0x82];
/** What a GeneralName of an authorityKeyIdentifier may be beside a directoryName; other kinds have no use there. */
const SIMPLE_NAMES: ReadonlySet<number> = new Set([0x81, 0x82, 0x86, 0x87, 0x88]);
const DIRECTORY_NAME = 0xa4;

/** Why the kernel cannot parse a certificate, as a predicate; `undefined` if it can. */
export function formViolation(certificate: Certificate): string | undefined {
  const reason = timeViolation(certificate) ?? nameViolation(certificate) ?? extensionViolation(certificate);
  if (reason !== undefined) return `${reason}; the kernel cannot parse it`;
  if (ownIssue(certificate) !== 'unreadable') return undefined;
  return 'names itself as its issuer, but its own key and identifiers do not confirm that; the kernel cannot parse it';
}

function timeViolation({ notBefore, notAfter, raw }: Certificate): string | undefined {
  const times = [
    ['notBefore', notBefore, raw.notBefore],
    ['notAfter', notAfter, raw.notAfter],
  ] as const;
  for (const [name, date, der] of times) {
    const year = date.getUTCFullYear();
    if (year < FIRST_YEAR) return `has a ${name} before ${FIRST_YEAR}`;
    if (year < FIRST_GENERALIZED && der[0] === TAG.generalizedTime) {
      return `has a ${name} before ${FIRST_GENERALIZED} as GeneralizedTime instead of UTCTime`;
    }
  }
  return undefined;
}

function nameViolation({ raw }: Certificate): string | undefined {
  for (const [name, der] of [['subject', raw.subject] as const, ['issuer', raw.issuer] as const]) {
    if (!isName(readDer(der))) return `has an empty name, or an empty part of one, as its ${name}`;
  }
  return undefined;
}

function extensionViolation({ extensions: { all } }: Certificate): string | undefined {
  const forms: [id: string, name: string, isReadable: (value: Element) => boolean][] = [
    [EXTENSION.subjectKeyId, 'subjectKeyIdentifier', isKeyId],
    [EXTENSION.keyUsage, 'keyUsage', isKeyUsage],
    [EXTENSION.basicConstraints, 'basicConstraints', isBasicConstraints],
    [EXTENSION.authorityKeyId, 'authorityKeyIdentifier', isAuthorityKeyId],
  ];
  for (const [id, name, isReadable] of forms) {
    const extension = all.get(id);
    if (extension !== undefined && !isReadable(readDer(extension.value))) return `has an unusual ${name}`;
  }
  return undefined;
}

function isKeyId({ tag, content }: Element): boolean {
  return tag === TAG.octetString && content.length > 0 && content.length <= MAX_KEY_ID;
}

/** One bit at least. */
function isKeyUsage({ tag, content }: Element): boolean {
  return tag === TAG.bitString && content.length > 1;
}

/** Nothing, or first of all that it is a CA. */
function isBasicConstraints(value: Element): boolean {
  if (value.tag !== TAG.sequence) return false;
  const [first] = childrenOf(value);
  return first === undefined || (first.tag === TAG.boolean && first.content[0] === 0xff);
}

function isAuthorityKeyId(value: Element): boolean {
  if (value.tag !== TAG.sequence) return false;
  const fields = childrenOf(value);
  const places = fields.map(({ tag }) => AUTHORITY_KEY_ID.indexOf(tag));
  const inOrder = places.every((place, index) => place > (places[index - 1] ?? -1));
  const names = fields.filter(({ tag }) => tag === AUTHORITY_KEY_ID[1]).flatMap(childrenOf);
  return inOrder && names.every(isAuthorityName);
}

function isAuthorityName(element: Element): boolean {
  if (element.tag !== DIRECTORY_NAME) return SIMPLE_NAMES.has(element.tag);
  const [name, ...others] = childrenOf(element);
  return name !== undefined && others.length === 0 && isName(name);
}

/** A Name with one RDN at least, and one attribute at least in each. */
function isName(name: Element): boolean {
  const rdns = name.tag === TAG.sequence ? childrenOf(name) : [];
  return rdns.length > 0 && rdns.every((rdn) => rdn.tag === TAG.set && areAttributes(childrenOf(rdn)));
}

function areAttributes(attributes: readonly Element[]): boolean {
  return (
    attributes.length > 0 &&
    attributes.every((attribute) => {
      const [type, ...values] = attribute.tag === TAG.sequence ? childrenOf(attribute) : [];
      return type?.tag === TAG.oid && values.length === 1;
    })
  );
}
