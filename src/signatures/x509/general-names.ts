/** GeneralNames and distribution points, as far as they are URLs. [RFC 5280, 4.2.1.6 and 4.2.1.13] */
import { FormatError } from '../../formats/format-error.ts';
import { childrenOf, type Element, readDer } from './asn1/der.ts';
import { TAG } from './asn1/der-rules.ts';
import { Fields, fieldsOf } from './asn1/fields.ts';
import { oidOf } from './asn1/values.ts';

/** Tag of `uniformResourceIdentifier [6] IMPLICIT IA5String`. */
const URI = 0x86;

/** The URL that a GeneralName is; an empty list for one of another kind. */
export function urlOf({ tag, content }: Element): string[] {
  return tag === URI ? [Buffer.from(content).toString('latin1')] : [];
}

/**
 * The URLs of a DistributionPointName ::= CHOICE { fullName [0] GeneralNames,
 * nameRelativeToCRLIssuer [1] }: a name relative to the issuer's has none.
 */
export function urlsOfPointName(wrapper: Element, name: string): string[] {
  const choice = new Fields(wrapper, name).takeIf(TAG.context0);
  return choice === undefined ? [] : childrenOf(choice).flatMap(urlOf);
}

/**
 * CRLDistributionPoints ::= SEQUENCE OF DistributionPoint, each as the list of its URLs.
 * @throws FormatError
 */
export function readDistributionPoints(value: Uint8Array): string[][] {
  const points = readDer(value);
  if (points.tag !== TAG.sequence) throw new FormatError('has distribution points that are not a SEQUENCE');
  return childrenOf(points).map((point) => {
    const name = fieldsOf(point, 'a distribution point').takeIf(TAG.context0);
    return name === undefined ? [] : urlsOfPointName(name, 'the name of a distribution point');
  });
}

/**
 * AuthorityInfoAccessSyntax ::= SEQUENCE OF SEQUENCE { accessMethod, accessLocation GeneralName }.
 * @param method Object identifier of the access method whose URLs are wanted.
 */
export function readAccessUrls(value: Uint8Array, method: string): string[] {
  const descriptions = readDer(value);
  if (descriptions.tag !== TAG.sequence)
    throw new FormatError('has information access that is not a SEQUENCE');
  return childrenOf(descriptions).flatMap((description) => {
    const fields = fieldsOf(description, 'an access description');
    const location = oidOf(fields.takeAny()) === method ? fields.takeAny() : undefined;
    return location === undefined ? [] : urlOf(location);
  });
}
