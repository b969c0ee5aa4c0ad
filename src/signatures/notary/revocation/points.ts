import { VeritySignError } from '../../../errors.ts';
import { FormatError, readPart } from '../../../formats/format-error.ts';
import type { Certificate } from '../../x509/certificate.ts';
import { CRL_POINTS } from '../../x509/extensions.ts';
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
const FRESHEST_CRL = '2.5.29.46';
/** More of them say the same, or are there to keep verifiers busy. */
const MAX_POINTS = 8;

/**
 * All CRLs of the certificate, each of which may be the one that lists it, and its first responders, one of which
 * suffices.
 * @throws FormatError if there are more than 8 CRLs; its subject is the certificate.
 */
export function revocationPoints({ extensions: { all } }: Certificate): RevocationPoints {
  const [info, points] = [all.get(AUTHORITY_INFO_ACCESS), all.get(CRL_POINTS)];
  const found = readPart('a list of revocation servers', () => ({
    ocsp: info === undefined ? [] : readAccessUrls(info.value, OCSP).slice(0, MAX_POINTS),
    crls: points === undefined ? [] : allPoints(points.value),
    freshest: all.has(FRESHEST_CRL),
  }));
  if (found.crls.length > MAX_POINTS) throw new FormatError(`names more than ${MAX_POINTS} CRLs`);
  return found;
}

/** The first URLs of an extension of the form of CRLDistributionPoints, where one suffices. */
export function pointUrls(value: Uint8Array): CrlPoint[] {
  return allPoints(value).slice(0, MAX_POINTS);
}

function allPoints(value: Uint8Array): CrlPoint[] {
  return readDistributionPoints(value).flatMap((names) => followed(names).map((url) => ({ url, names })));
}

/**
 * For a signer who leads to no trusted certificate, and so does not choose which servers are contacted.
 * @throws VeritySignError 'environment' if a certificate other than a root names servers
 */
export function requireNoServers(certificates: readonly Certificate[]): void {
  const found = certificates.find((certificate) => !certificate.selfSigned && mayNameServers(certificate));
  if (found === undefined) return;
  const what = `the revocation status of the certificate "${found.subject}" cannot be determined`;
  const why = 'servers are asked only about signers that lead to a trusted certificate';
  throw new VeritySignError('environment', `${what}: ${why}`);
}

/** Also if its list of servers cannot be read. */
function mayNameServers(certificate: Certificate): boolean {
  try {
    const { ocsp, crls } = revocationPoints(certificate);
    return ocsp.length + crls.length > 0;
  } catch (error) {
    if (error instanceof FormatError) return true;
    throw error;
  }
}

/** URLs of one point are places of one list: the others need not be followed where one is of plain HTTP. */
function followed(names: readonly string[]): readonly string[] {
  const http = names.filter((url) => URL.parse(url)?.protocol === 'http:');
  return http.length === 0 ? names : http;
}
