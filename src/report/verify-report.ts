/** The types of the reports of `verify` and `inspect`, see report.ts. */
import type * as z from 'zod';
import type { inspectedLayer, inspectedNotary, inspectedReferrer, inspectReport } from './schema/inspect.ts';
import type {
  layerVerdict,
  manifestVerdict,
  notarySignature,
  platformVerdict,
  profileVerdict,
  signatureSet,
  verdict,
  verifyReport,
} from './schema/verify.ts';

/**
 * The result of a check. `not-signed`: there are no signatures, or none for the profile. `invalid`: the
 * signatures are not valid for this image. `not-trusted`: they are valid, but no trusted certificate
 * vouches for the signer. `unchecked`: the check was not possible. `skipped`: the trust policy says so.
 */
export type Verdict = z.infer<typeof verdict>;
/** What a run of `verify` found for one image. */
export type VerifyReport = z.infer<typeof verifyReport>;
/** The verdict over the Notary Project signatures of one manifest. */
export type ManifestVerdict = z.infer<typeof manifestVerdict>;
/** One Notary Project signature. */
export type NotarySignatureReport = z.infer<typeof notarySignature>;
export type PlatformVerdict = z.infer<typeof platformVerdict>;
export type ProfileVerdict = z.infer<typeof profileVerdict>;
/** One referrer, with a signature for each layer. */
export type SignatureSetReport = z.infer<typeof signatureSet>;
export type LayerVerdict = z.infer<typeof layerVerdict>;

/** The signatures attached to one image, unverified. */
export type InspectReport = z.infer<typeof inspectReport>;
export type InspectedReferrer = z.infer<typeof inspectedReferrer>;
export type InspectedLayer = z.infer<typeof inspectedLayer>;
/** One Notary Project signature, unverified. */
export type InspectedNotary = z.infer<typeof inspectedNotary>;
