import { readPart } from '../../../formats/format-error.ts';
import type { Certificate } from '../../x509/certificate.ts';
import { AUTHORITY_INFO_ACCESS, readAccessUrls, readDistributionPoints } from '../../x509/general-names.ts';

/** Where a certificate says that its state can be asked for. */
export interface RevocationPoints {
  /** URLs of OCSP responders. [RFC 5280, 4.2.2.1] */
  ocsp: readonly string[];
  /** Revocation lists. [RFC 5280, 4.2.1.13] */
  crls: readonly CrlPoint[];
  /** It names delta CRLs itself, which notation does not follow. [RFC 5280, 4.2.1.15] */
  freshest: boolean;
}

export interface CrlPoint {
  url: string;
  /** All URLs of its distribution point, by which the list may call itself. */
  names: readonly string[];
}

const OCSP = '1.3.6.1.5.5.7.48.1';
const CRL_POINTS = '2.5.29.31';
const FRESHEST_CRL = '2.5.29.46';
/** More of them say the same, or are there to keep verifiers busy. */
const MAX_POINTS = 8;

/** @throws FormatError; its subject is the certificate. */
export function revocationPoints({ extensions: { all } }: Certificate): RevocationPoints {
  const [info, points] = [all.get(AUTHORITY_INFO_ACCESS), all.get(CRL_POINTS)];
  return readPart('a list of revocation servers', () => ({
    ocsp: info === undefined ? [] : readAccessUrls(info.value, OCSP).slice(0, MAX_POINTS),
    crls: points === undefined ? [] : pointUrls(points.value),
    freshest: all.has(FRESHEST_CRL),
  }));
}

/** The URLs of an extension of the form of CRLDistributionPoints. */
export function pointUrls(value: Uint8Array): CrlPoint[] {
  return readDistributionPoints(value)
    .flatMap((names) => followed(names).map((url) => ({ url, names })))
    .slice(0, MAX_POINTS);
}

/** URLs of one point are places of one list: the others need not be followed where one is of plain HTTP. */
function followed(names: readonly string[]): readonly string[] {
  const http = names.filter((url) => URL.parse(url)?.protocol === 'http:');
  return http.length === 0 ? names : http;
}
