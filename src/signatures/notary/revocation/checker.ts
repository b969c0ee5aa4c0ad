import { VeritySignError } from '../../../errors.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { type Certificate, readCertificate } from '../../x509/certificate.ts';
import { KEY_USAGE } from '../../x509/extensions.ts';
import { type Crl, readCrl, readDelta, stateIn } from './crl.ts';
import { coverAllReasons } from './crl-scope.ts';
import { type RevocationState, readOcspAnswer } from './ocsp.ts';
import { ocspQuestion } from './ocsp-request.ts';
import { type CrlPoint, type RevocationPoints, revocationPoints } from './points.ts';
import { RevocationServers } from './servers.ts';

const MAX_SHOWN = 200;

interface Finding {
  state: RevocationState;
  /** Why it is unknown. */
  reason?: string;
}

/**
 * Asks the servers that certificates name whether they have been revoked: OCSP responders, and lists
 * where there are none or their answer does not help. Each certificate is asked for once in a run.
 * Certificates that name no server cannot be revoked, nor can a root.
 * [notaryproject/specifications trust-store-trust-policy.md, certificate revocation evaluation]
 */
export class RevocationChecker {
  readonly #findings = new Map<string, Promise<Finding>>();
  readonly #now: Date;
  readonly #servers: RevocationServers;

  /** @param now The current time, not that of `at`: servers report the state of today. */
  constructor(now: Date, signal: AbortSignal, servers = new RevocationServers(signal)) {
    this.#now = now;
    this.#servers = servers;
  }

  /**
   * @param chain DER: each certificate followed by its issuer; the last one is not asked for.
   * @param signingTime Vouched for by an authority.
   * @throws VeritySignError 'key' for a revoked certificate, 'environment' if that cannot be determined,
   * 'cancelled'
   */
  async requireGood(chain: readonly Uint8Array[], signingTime?: Date): Promise<void> {
    const certificates = chain.map(readCertificate);
    const find = (certificate: Certificate, index: number): Promise<Finding> =>
      this.#find(certificate, certificates[index + 1] ?? certificate, signingTime);
    const findings = await this.#servers.during(() => Promise.all(certificates.slice(0, -1).map(find)));
    const name = (state: RevocationState): string | undefined =>
      certificates[findings.findIndex((finding) => finding.state === state)]?.subject;
    const revoked = name('revoked');
    if (revoked !== undefined)
      throw new VeritySignError('key', `the certificate "${revoked}" has been revoked`);
    const unknown = findings.find(({ state }) => state === 'unknown');
    if (unknown === undefined) return;
    const what = `the revocation status of the certificate "${name('unknown')}" cannot be determined`;
    throw new VeritySignError('environment', `${what}: ${unknown.reason}`, {
      remedy:
        'Make the server reachable, have the CA correct what the reason names, ' +
        'or let the trust policy override revocation with log or skip',
    });
  }

  #find(certificate: Certificate, issuer: Certificate, signingTime: Date | undefined) {
    // By the key of the issuer: whoever pushed a signature may have made certificates of its name and key.
    const mayList = issuer.extensions.keyUsage?.bits.has(KEY_USAGE.crlSign) !== false;
    const by = [Buffer.from(issuer.raw.publicKey).toString('base64'), mayList];
    const key = [certificate.fingerprint, ...by, signingTime?.getTime()].join();
    const known = this.#findings.get(key) ?? this.#ask(certificate, issuer, signingTime);
    this.#findings.set(key, known);
    return known;
  }

  async #ask(certificate: Certificate, issuer: Certificate, signingTime: Date | undefined): Promise<Finding> {
    try {
      const points = revocationPoints(certificate);
      const answer = await this.#askResponders(points, certificate, issuer, signingTime);
      if (answer !== undefined && (answer.state !== 'unknown' || points.crls.length === 0)) return answer;
      if (points.crls.length === 0) return { state: 'good' };
      return { state: await this.#askLists(points, certificate, issuer, signingTime) };
    } catch (error) {
      return { state: 'unknown', reason: reasonOf(error) };
    }
  }

  /** The first valid answer decides; undefined without any responder. */
  async #askResponders(
    { ocsp }: RevocationPoints,
    certificate: Certificate,
    issuer: Certificate,
    signingTime: Date | undefined,
  ): Promise<Finding | undefined> {
    let last: Finding | undefined;
    for (const url of ocsp) {
      try {
        const question = ocspQuestion(certificate, issuer);
        const answer = await this.#servers.askResponder(url, question.bytes);
        const state = about(`the OCSP response of ${shown(url)}`, () =>
          readOcspAnswer(answer, question, this.#now, signingTime),
        );
        const reason = `the OCSP responder ${shown(url)} does not know the certificate`;
        return state === 'unknown' ? { state, reason } : { state };
      } catch (error) {
        last = { state: 'unknown', reason: reasonOf(error) };
      }
    }
    return last;
  }

  /** Each list may cover only some reasons: all must be there, and none may have the certificate. */
  async #askLists(
    { crls, freshest }: RevocationPoints,
    certificate: Certificate,
    issuer: Certificate,
    signingTime: Date | undefined,
  ): Promise<RevocationState> {
    const reasons: ReadonlySet<number>[] = [];
    for (const point of crls) {
      const lists = await this.#listsAt(point, certificate, issuer);
      reasons.push(...lists.map((list) => list.reasons));
      if (freshest && lists.length === 1) {
        throw new FormatError('names a delta CRL (freshestCRL), which is not followed');
      }
      const state = about(`the CRL ${shown(point.url)}`, () => stateIn(lists, certificate, signingTime));
      if (state === 'revoked') return 'revoked';
    }
    if (!coverAllReasons(reasons)) throw new FormatError('names CRLs that cover only some reasons');
    return 'good';
  }

  /** A complete list, and where it names delta CRLs, the first of them that can be used. */
  async #listsAt({ url, names }: CrlPoint, certificate: Certificate, issuer: Certificate): Promise<Crl[]> {
    const scope = { names, ca: certificate.extensions.basicConstraints?.isCa === true };
    const bytes = await this.#servers.list(url);
    const base = about(`the CRL ${shown(url)}`, () => readCrl(bytes, issuer, scope, this.#now));
    let failed: unknown;
    for (const deltaUrl of base.deltaUrls) {
      try {
        const delta = await this.#servers.list(deltaUrl);
        const read = () => readDelta(delta, issuer, base, this.#now);
        return [base, about(`the delta CRL ${shown(deltaUrl)}`, read)];
      } catch (error) {
        if (!(error instanceof VeritySignError)) throw error;
        failed = error;
      }
    }
    if (failed !== undefined) throw failed;
    return [base];
  }
}

/** Names the document that a FormatError is about. */
function about<T>(subject: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new VeritySignError('environment', `${subject} ${cause.message}`, { cause });
  }
}

/** For people. An error that is neither a server's nor the certificate's fault is a defect of this program. */
function reasonOf(error: unknown): string {
  if (error instanceof VeritySignError && error.code !== 'cancelled') return error.message;
  if (error instanceof FormatError) return `the certificate ${error.message}`;
  throw error;
}

function shown(url: string): string {
  return JSON.stringify(url.length > MAX_SHOWN ? `${url.slice(0, MAX_SHOWN)}…` : url);
}
