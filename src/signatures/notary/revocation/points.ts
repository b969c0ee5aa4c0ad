import { Certificate, CRLDistributionPoints, type Extension, type GeneralName, InfoAccess } from 'pkijs';
import { decoding } from '../../../formats/format-error.ts';

/** Where a certificate says that its state can be asked for. */
export interface RevocationPoints {
  /** URLs of OCSP responders. [RFC 5280, 4.2.2.1] */
  ocsp: readonly string[];
  /** Revocation lists. [RFC 5280, 4.2.1.13] */
  crls: readonly CrlPoint[];
  /** It names lists of changes itself, which notation does not follow. [RFC 5280, 4.2.1.15] */
  freshest: boolean;
}

export interface CrlPoint {
  url: string;
  /** All URLs of its distribution point, by which the list may call itself. */
  names: readonly string[];
}

const AUTHORITY_INFO = '1.3.6.1.5.5.7.1.1';
const OCSP = '1.3.6.1.5.5.7.48.1';
const CRL_POINTS = '2.5.29.31';
const FRESHEST_CRL = '2.5.29.46';
/** GeneralName of the kind uniformResourceIdentifier. */
const URI = 6;
/** More say the same, or are there to keep somebody busy. */
const MOST = 8;

/** @throws FormatError */
export function revocationPoints(der: Uint8Array): RevocationPoints {
  return decoding('a certificate whose revocation servers cannot be read', () => {
    const { extensions = [] } = Certificate.fromBER(Uint8Array.from(der));
    const find = (id: string) => extensions.find(({ extnID }) => extnID === id);
    const info = find(AUTHORITY_INFO);
    const access = info === undefined ? [] : InfoAccess.fromBER(contentOf(info)).accessDescriptions;
    const points = find(CRL_POINTS);
    return {
      ocsp: access
        .filter(({ accessMethod }) => accessMethod === OCSP)
        .flatMap(({ accessLocation }) => urlsOf([accessLocation]))
        .slice(0, MOST),
      crls: points === undefined ? [] : pointUrls(contentOf(points)),
      freshest: find(FRESHEST_CRL) !== undefined,
    };
  });
}

/** The URLs of an extension of the form of CRLDistributionPoints. */
export function pointUrls(content: Uint8Array<ArrayBuffer>): CrlPoint[] {
  const { distributionPoints } = CRLDistributionPoints.fromBER(content);
  return distributionPoints
    .map(({ distributionPoint }) => (Array.isArray(distributionPoint) ? urlsOf(distributionPoint) : []))
    .flatMap((names) => names.map((url) => ({ url, names })))
    .slice(0, MOST);
}

export function contentOf({ extnValue }: Extension): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(extnValue.valueBlock.valueHexView);
}

/** The URLs among general names. */
export function urlsOf(names: readonly GeneralName[]): string[] {
  return names.flatMap(({ type, value }) => (type === URI && typeof value === 'string' ? [value] : []));
}
