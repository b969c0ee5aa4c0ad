/** GeneralNames and distribution points, as far as they are URLs. [RFC 5280, 4.2.1.6 and 4.2.1.13] */
import { FormatError } from '../../formats/format-error.ts';
import { childrenOf, type Element, readDer } from './asn1/der.ts';
import { TAG } from './asn1/der-rules.ts';
import { Fields, fieldsOf } from './asn1/fields.ts';
import { oidOf } from './asn1/values.ts';

/** The extension that `readAccessUrls` reads. [RFC 5280, 4.2.2.1] */
export const AUTHORITY_INFO_ACCESS = '1.3.6.1.5.5.7.1.1';

/** Tag of `uniformResourceIdentifier [6] IMPLICIT IA5String`. */
const URI = 0x86;
/** Tags of the nine choices of GeneralName, from otherName to registeredID. */
const GENERAL_NAMES: ReadonlySet<number> = new Set([0xa0, 0x81, 0x82, 0xa3, 0xa4, 0xa5, URI, 0x87, 0x88]);
/** Tags in a DistributionPoint: reasons [1] IMPLICIT BIT STRING. */
const REASONS = 0x81;

/** The URL that a GeneralName is; an empty list for one of another kind. */
function urlOf({ tag, content }: Element): string[] {
  if (!GENERAL_NAMES.has(tag)) throw new FormatError('has a GeneralName of an unknown kind');
  return tag === URI ? [Buffer.from(content).toString('latin1')] : [];
}

/**
 * The URLs of a DistributionPointName ::= CHOICE { fullName [0] GeneralNames,
 * nameRelativeToCRLIssuer [1] }: a name relative to the issuer's has none.
 * @param wrapper The EXPLICIT tag around it.
 * @throws FormatError
 */
export function urlsOfPointName(wrapper: Element): string[] {
  const choice = new Fields(wrapper, 'the name of a distribution point');
  const full = choice.takeIf(TAG.context0);
  if (full === undefined) choice.take(TAG.context1, 'relative name');
  choice.end();
  return full === undefined ? [] : childrenOf(full).flatMap(urlOf);
}

/**
 * CRLDistributionPoints ::= SEQUENCE OF SEQUENCE { distributionPoint [0], reasons [1], cRLIssuer [2] }, all
 * OPTIONAL; each as the list of its URLs.
 * @throws FormatError
 */
export function readDistributionPoints(value: Uint8Array): string[][] {
  const points = readDer(value);
  if (points.tag !== TAG.sequence) throw new FormatError('has distribution points that are not a SEQUENCE');
  return childrenOf(points).map((point) => {
    const fields = fieldsOf(point, 'a distribution point');
    const name = fields.takeIf(TAG.context0);
    fields.takeIf(REASONS);
    fields.takeIf(TAG.context2);
    fields.end();
    return name === undefined ? [] : urlsOfPointName(name);
  });
}

/**
 * AuthorityInfoAccessSyntax ::= SEQUENCE OF SEQUENCE { accessMethod, accessLocation GeneralName }.
 * @param method Object identifier of the access method whose URLs are wanted.
 * @throws FormatError
 */
export function readAccessUrls(value: Uint8Array, method: string): string[] {
  const descriptions = readDer(value);
  if (descriptions.tag !== TAG.sequence) {
    throw new FormatError('has information access that is not a SEQUENCE');
  }
  return childrenOf(descriptions).flatMap((description) => {
    const fields = fieldsOf(description, 'an access description');
    const own = oidOf(fields.takeAny());
    const location = fields.takeAny();
    fields.end();
    if (location === undefined) throw new FormatError('has an access description without a location');
    const urls = urlOf(location);
    return own === method ? urls : [];
  });
}
