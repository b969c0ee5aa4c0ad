/** The forms of a GeneralName, and how names of each are compared with subtrees. [RFC 5280, 4.2.1.6, 4.2.1.10] */
import { FormatError } from '../../../formats/format-error.ts';
import type { Element } from '../asn1/der.ts';
import { ipAddress, isInNetwork, network } from './addresses.ts';
import { comparableRdns, isBelow } from './directory-name.ts';
import {
  dnsBase,
  dnsName,
  hostBase,
  isHostOf,
  isInDomain,
  isMailboxOf,
  mailbox,
  mailboxBase,
  reachesDomain,
  uriHost,
} from './hosts.ts';

/** Tags of the forms that others refer to. */
export const FORM = { otherName: 0xa0, rfc822Name: 0x81, directoryName: 0xa4 } as const;

/** A name of a certificate that was read, or the base of a subtree; `undefined` if it cannot be compared. */
export type Comparable = { readonly value: unknown } | undefined;

export interface NameForm {
  /** As RFC 5280 writes it. */
  name: string;
  readName(element: Element): Comparable;
  readBase(element: Element): Comparable;
  /** Whether a subtree has the name, both of them read by this form. */
  contains(base: Comparable, name: Comparable): boolean;
  /** As `contains`, for excluded subtrees: whether the name means anything that the subtree has. */
  reaches(base: Comparable, name: Comparable): boolean;
}

interface Comparison<Base, Name> {
  readName(element: Element): Name | undefined;
  readBase(element: Element): Base | undefined;
  contains(base: Base, name: Name): boolean;
  reaches?: (base: Base, name: Name) => boolean;
}

function compared<Base, Name>(name: string, how: Comparison<Base, Name>): NameForm {
  const wrap = (value: unknown): Comparable => (value === undefined ? undefined : { value });
  const both = (test: (base: Base, name: Name) => boolean) => (base: Comparable, one: Comparable) =>
    base !== undefined && one !== undefined && test(base.value as Base, one.value as Name);
  return {
    name,
    readName: (element) => wrap(how.readName(element)),
    readBase: (element) => wrap(how.readBase(element)),
    contains: both(how.contains),
    reaches: both(how.reaches ?? how.contains),
  };
}

/** Names of this form cannot be compared: any constraint on it that applies is a violation. */
function notCompared(name: string): NameForm {
  const none = (): undefined => undefined;
  return { name, readName: none, readBase: none, contains: () => false, reaches: () => true };
}

/** Characters of an IA5String; a byte above 127 belongs to no name of these forms. */
export const ia5 = ({ content }: Element): string => Buffer.from(content).toString('latin1');

const rdns = ({ content }: Element): string[] => comparableRdns(content);

/** By tag. */
const FORMS: ReadonlyMap<number, NameForm> = new Map([
  [FORM.otherName, notCompared('otherName')],
  [
    FORM.rfc822Name,
    compared('rfc822Name', {
      readName: (element) => mailbox(ia5(element)),
      readBase: (element) => mailboxBase(ia5(element)),
      contains: isMailboxOf,
    }),
  ],
  [
    0x82,
    compared('dNSName', {
      readName: (element) => dnsName(ia5(element)),
      readBase: (element) => dnsBase(ia5(element)),
      contains: isInDomain,
      reaches: reachesDomain,
    }),
  ],
  [0xa3, notCompared('x400Address')],
  [FORM.directoryName, compared('directoryName', { readName: rdns, readBase: rdns, contains: isBelow })],
  [0xa5, notCompared('ediPartyName')],
  [
    0x86,
    compared('uniformResourceIdentifier', {
      readName: (element) => uriHost(ia5(element)),
      readBase: (element) => hostBase(ia5(element)),
      contains: isHostOf,
    }),
  ],
  [
    0x87,
    compared('iPAddress', {
      readName: ({ content }) => ipAddress(content),
      readBase: ({ content }) => network(content),
      contains: isInNetwork,
    }),
  ],
  [0x88, notCompared('registeredID')],
]);

/** @throws FormatError for a tag that no GeneralName has. */
export function formOf({ tag }: Pick<Element, 'tag'>): NameForm {
  const form = FORMS.get(tag);
  if (form === undefined) throw new FormatError('has a GeneralName of an unknown kind');
  return form;
}
