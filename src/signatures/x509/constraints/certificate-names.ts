/** The names of a certificate that name constraints apply to. [RFC 5280, 4.2.1.10] */
import { FormatError } from '../../../formats/format-error.ts';
import { quoted } from '../../../lib/printable.ts';
import { childrenOf, type Element, readDer } from '../asn1/der.ts';
import { TAG } from '../asn1/der-rules.ts';
import { oidOf } from '../asn1/values.ts';
import type { Certificate } from '../certificate.ts';
import { EXTENSION } from '../extensions.ts';
import { readName } from '../name.ts';
import { type Comparable, FORM, formOf, ia5, type NameForm } from './name-forms.ts';

export interface CertificateName {
  form: NameForm;
  value: Comparable;
  /** With an article, for messages. */
  shown: string;
}

const EMAIL_ADDRESS = '1.2.840.113549.1.9.1';
/** otherName of an internationalized mailbox, to which constraints on rfc822Name apply. [RFC 9598, 6] */
const SMTP_UTF8_MAILBOX = '1.3.6.1.5.5.7.8.9';
const EMPTY_NAME = 2;

/**
 * The subject, unless it is empty; e-mail addresses in it; and every subjectAltName.
 * @throws FormatError
 */
export function namesOf({ raw, extensions }: Certificate): CertificateName[] {
  const names = raw.subject.length > EMPTY_NAME ? subjectNames(raw.subject) : [];
  const alternatives = extensions.all.get(EXTENSION.subjectAltName);
  if (alternatives === undefined) return names;
  const list = readDer(alternatives.value);
  if (list.tag !== TAG.sequence) throw new FormatError('has a subjectAltName that is not a SEQUENCE');
  return [...names, ...childrenOf(list).flatMap(alternativeNames)];
}

function subjectNames(subject: Uint8Array): CertificateName[] {
  const asDirectoryName = { tag: FORM.directoryName, bytes: subject, content: subject };
  const emails = readName(subject).filter(({ type }) => type === EMAIL_ADDRESS);
  return [
    nameOf(asDirectoryName, 'a subject'),
    ...emails.map(({ value }) => {
      // What is not ASCII must not look like something that is.
      const content = Buffer.from(value);
      return nameOf({ tag: FORM.rfc822Name, bytes: content, content }, `the emailAddress ${quoted(value)}`);
    }),
  ];
}

function alternativeNames(element: Element): CertificateName[] {
  const names = [nameOf(element, shownOf(element))];
  const [type] = element.tag === FORM.otherName ? childrenOf(element) : [];
  if (type !== undefined && oidOf(type) === SMTP_UTF8_MAILBOX) {
    names.push({ form: formOf({ tag: FORM.rfc822Name }), value: undefined, shown: 'a SmtpUTF8Mailbox' });
  }
  return names;
}

function nameOf(element: Element, shown: string): CertificateName {
  const form = formOf(element);
  return { form, value: form.readName(element), shown };
}

/** Forms of text with the text. */
function shownOf(element: Element): string {
  const { name } = formOf(element);
  if (name === 'iPAddress') return `the iPAddress ${Buffer.from(element.content).toString('hex')}`;
  const isText = ['rfc822Name', 'dNSName', 'uniformResourceIdentifier'].includes(name);
  return isText ? `the ${name} ${quoted(ia5(element))}` : `a name of the form ${name}`;
}
