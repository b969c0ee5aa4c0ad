import type { CommonOptions, VerifyOptions } from '../shared/options.ts';

export interface DoctorOptions {
  /** Root folder of the node: `/` for this machine, else a copy of its files. */
  root: string;
  /** Path on the node. */
  containerdConfig: string;
  /** The node has one profile: `profiles` has one item. */
  common: CommonOptions;
  /** The image that the node is to run, and how it is verified; undefined without one. */
  verifying: VerifyOptions | undefined;
  /** Certificates of signers, each a path, `env://NAME` or PEM, where no image is given. */
  signerCertificates: readonly string[];
}
