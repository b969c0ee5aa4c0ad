import { VeritySignError } from '../../../errors.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { type NotaryCertificate, readNotaryCertificate } from '../certificates/certificate.ts';
import { type Crl, readCrl, readDelta, stateIn } from './crl.ts';
import { getFrom, MAX_CRL_BYTES, postTo } from './http.ts';
import { ocspQuestion, type RevocationState, readOcspAnswer } from './ocsp.ts';
import { type CrlPoint, type RevocationPoints, revocationPoints } from './points.ts';

const OCSP_ANSWER_LIMIT = 64 * 1024;
/** A server that is slower does not answer, milliseconds; notation waits 2 s for OCSP, 5 s for lists. */
const TIMEOUT = 5000;

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
  readonly #lists = new Map<string, Promise<Uint8Array>>();
  readonly #now: Date;
  readonly #signal: AbortSignal;

  /** @param now the true time: servers tell how things are today */
  constructor(now: Date, signal: AbortSignal) {
    this.#now = now;
    this.#signal = signal;
  }

  /**
   * @param chain DER: each certificate followed by its issuer; the last one is not asked for.
   * @param signingTime that an authority vouches for
   * @throws VeritySignError 'key' for a revoked certificate, 'environment' if that cannot be told,
   * 'cancelled'
   */
  async requireGood(chain: readonly Uint8Array[], signingTime?: Date): Promise<void> {
    const certificates = chain.map((der) => readNotaryCertificate(der));
    const findings = await Promise.all(
      certificates.slice(0, -1).map((certificate, index) => {
        const issuer = certificates[index + 1] ?? certificate;
        return this.#find(certificate, issuer, signingTime);
      }),
    );
    const name = (state: RevocationState): string | undefined =>
      certificates[findings.findIndex((finding) => finding.state === state)]?.name;
    const revoked = name('revoked');
    if (revoked !== undefined)
      throw new VeritySignError('key', `the certificate "${revoked}" has been revoked`);
    const unknown = findings.find(({ state }) => state === 'unknown');
    if (unknown === undefined) return;
    const what = `whether the certificate "${name('unknown')}" has been revoked cannot be told`;
    throw new VeritySignError('environment', `${what}: ${unknown.reason}`, {
      remedy: 'Make the server reachable, or let the trust policy override revocation with log or skip',
    });
  }

  #find(certificate: NotaryCertificate, issuer: NotaryCertificate, signingTime: Date | undefined) {
    const print = (one: NotaryCertificate): string => one.x509.fingerprint256;
    const key = [print(certificate), print(issuer), signingTime?.getTime()].join();
    const known = this.#findings.get(key) ?? this.#ask(certificate, issuer, signingTime);
    this.#findings.set(key, known);
    return known;
  }

  async #ask(
    certificate: NotaryCertificate,
    issuer: NotaryCertificate,
    signingTime: Date | undefined,
  ): Promise<Finding> {
    try {
      const points = revocationPoints(certificate.der);
      const answer = await this.#askResponders(points, certificate, issuer, signingTime);
      if (answer !== undefined && (answer.state !== 'unknown' || points.crls.length === 0)) return answer;
      if (points.crls.length === 0) return { state: 'good' };
      return { state: await this.#askLists(points, certificate, issuer, signingTime) };
    } catch (error) {
      return { state: 'unknown', reason: reasonOf(error) };
    }
  }

  /** The first answer that can be believed decides; undefined without any responder. */
  async #askResponders(
    { ocsp }: RevocationPoints,
    certificate: NotaryCertificate,
    issuer: NotaryCertificate,
    signingTime: Date | undefined,
  ): Promise<Finding | undefined> {
    let last: Finding | undefined;
    for (const url of ocsp) {
      try {
        const question = await ocspQuestion(certificate, issuer);
        const body = { bytes: question.bytes, type: 'application/ocsp-request' };
        const limits = { timeout: TIMEOUT, maxBytes: OCSP_ANSWER_LIMIT, signal: this.#signal };
        const answer = await postTo(url, body, limits);
        const state = readOcspAnswer(answer, question, this.#now, signingTime);
        return state === 'unknown' ? { state, reason: `${url} does not know it` } : { state };
      } catch (error) {
        last = { state: 'unknown', reason: `${url}: ${reasonOf(error)}` };
      }
    }
    return last;
  }

  /** Lists may each be for some reasons only, so all must be there, and none may have the certificate. */
  async #askLists(
    { crls, freshest }: RevocationPoints,
    certificate: NotaryCertificate,
    issuer: NotaryCertificate,
    signingTime: Date | undefined,
  ): Promise<RevocationState> {
    for (const point of crls) {
      const lists = await this.#listsAt(point, certificate, issuer);
      if (freshest && lists.length === 1)
        throw new FormatError('names a list of changes that is not followed');
      if (stateIn(lists, certificate, signingTime) === 'revoked') return 'revoked';
    }
    return 'good';
  }

  /** A list, and the changes since where it names such. */
  async #listsAt(
    { url, names }: CrlPoint,
    certificate: NotaryCertificate,
    issuer: NotaryCertificate,
  ): Promise<Crl[]> {
    const scope = { names, ca: certificate.basicConstraints?.isCa === true };
    const base = readCrl(await this.#fetchList(url), issuer, scope, this.#now);
    let failed: unknown;
    for (const deltaUrl of base.deltaUrls) {
      let bytes: Uint8Array;
      try {
        bytes = await this.#fetchList(deltaUrl);
      } catch (error) {
        failed = error;
        continue;
      }
      return [base, readDelta(bytes, issuer, base, this.#now)];
    }
    if (failed !== undefined) throw failed;
    return [base];
  }

  #fetchList(url: string): Promise<Uint8Array> {
    const limits = { timeout: TIMEOUT, maxBytes: MAX_CRL_BYTES, signal: this.#signal };
    const list = this.#lists.get(url) ?? getFrom(url, limits);
    this.#lists.set(url, list);
    return list;
  }
}

/** For people; what is neither the server's fault nor the certificate's is a defect of this program. */
function reasonOf(error: unknown): string {
  if (error instanceof VeritySignError && error.code !== 'cancelled') return error.message;
  if (error instanceof FormatError) return `it ${error.message}`;
  throw error;
}
