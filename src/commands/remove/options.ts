import type { CommonOptions } from '../shared/options.ts';

export interface RemoveOptions extends CommonOptions {
  image: string;
  /** SHA-256 fingerprint of the certificate whose signatures are removed, lowercase hex. */
  signer: string;
  /** Only layer signatures of these profiles; empty: all signatures of the signer. */
  onlyProfiles: readonly string[];
  /** Remove them; without it they are listed. */
  yes: boolean;
  /** Remove even the last good signature. */
  force: boolean;
}
