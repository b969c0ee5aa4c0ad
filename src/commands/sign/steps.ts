import type { Logger } from '../../logger.ts';
import type { Descriptor, SignatureArtifact } from '../../model/index.ts';
import type { ReferrerStore } from '../../oci/attach/store.ts';

/** A referrer that holds a signature, attached by this run or found. */
export interface Attached {
  /** Descriptor of the signature manifest. */
  descriptor: Descriptor;
  /** True if the referrer existed and nothing was attached. */
  reused: boolean;
}

/**
 * How one kind of signature gets from plan to referrer: of layers, or of manifests. The steps are called
 * in this order, and nothing is attached before all signatures of both kinds exist.
 */
export interface SignatureSteps<Planned, Signed, Done extends Attached> {
  /** For each planned signature a referrer in `store` that says the same; undefined where there is none. */
  find(planned: readonly Planned[], store: ReferrerStore, log: Logger): Promise<(Done | undefined)[]>;
  /** Makes the signatures that are missing. The key is opened only if there are any. */
  sign(missing: readonly Planned[], log: Logger): Promise<Signed>;
  /** The referrer to be attached for one signature. */
  artifact(planned: Planned, signed: Signed): SignatureArtifact;
  /** What this kind reports of a referrer that has been attached. */
  done(planned: Planned, signed: Signed, descriptor: Descriptor): Done;
  /** Whether both would be the same referrer, which is then attached once. */
  isSame(a: Planned, b: Planned): boolean;
  /** A planned signature as the log names it. */
  label(planned: Planned): string;
}
