import { VeritySignError } from '../../../errors.ts';
import type { Descriptor } from '../../../model/index.ts';

/** Maximum number of listed referrers of one subject and type that are read. */
export const MOST_REFERRERS = 1000;

/** Bytes of all signature manifests that are read for one subject, and as many again of signatures. */
const MOST_BYTES = 32 * 1024 * 1024;

/** Signatures that are read for one subject: each is one request to the registry. */
const MOST_BLOBS = 10_000;

/**
 * What reading the referrers of one subject may cost. Anyone who may push can attach referrers, so
 * the work has a limit. Manifests and signatures have a share each: junk of one kind cannot use up
 * the other.
 */
export class ReadBudget {
  #manifestBytes = 0;
  #signatureBytes = 0;
  #signatures = 0;

  /** Counts a manifest of `size` bytes. @throws VeritySignError 'registry' if that is too much */
  takeManifest(size: number): void {
    if (this.#manifestBytes + size > MOST_BYTES) {
      throw notRead(`the signature manifests have more than ${MOST_BYTES} bytes`);
    }
    this.#manifestBytes += size;
  }

  /** Whether all of these signatures can be counted. */
  allows(signatures: readonly Descriptor[]): boolean {
    const bytes = signatures.reduce((sum, { size }) => sum + size, this.#signatureBytes);
    return bytes <= MOST_BYTES && this.#signatures + signatures.length <= MOST_BLOBS;
  }

  /** Counts a signature of `size` bytes. @throws VeritySignError 'registry' if that is too much */
  takeSignature(size: number): void {
    if (this.#signatureBytes + size > MOST_BYTES) {
      throw notRead(`the signatures have more than ${MOST_BYTES} bytes`);
    }
    if (this.#signatures === MOST_BLOBS) throw notRead(`there are more than ${MOST_BLOBS} signatures`);
    this.#signatureBytes += size;
    this.#signatures += 1;
  }
}

/** The reason why a referrer beyond a limit was not read. */
export function notRead(why: string): VeritySignError {
  return new VeritySignError('registry', `not read: ${why}`, {
    remedy: 'Delete the referrers that do not belong to the image',
  });
}
