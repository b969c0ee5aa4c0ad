/** The files of a signer. */
export interface Signer {
  /** Paths of PEM files. */
  key: string;
  certificate: string;
  /** The certificate and its intermediates, without the root. */
  chain: string;
  /** Intermediates and root. */
  issuers: string;
}
