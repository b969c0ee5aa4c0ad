/** Artifact types of the two kinds of signature that are attached to an image, and of signed IPE policies. */

/** One signature per layer, over its dm-verity root hash. [Notary Project specs/proposals/dm-verity.md] */
export const DM_VERITY_ARTIFACT_TYPE = 'application/vnd.cncf.notary.signature.dm-verity';

/** One signature over the image manifest. [Notary Project signature-specification, OCI signature manifest] */
export const NOTARY_ARTIFACT_TYPE = 'application/vnd.cncf.notary.signature';

/** A signed IPE policy; it has no subject. */
export const IPE_POLICY_ARTIFACT_TYPE = 'application/vnd.verity-sign.ipe-policy.v1+p7b';

/**
 * The same as DM_VERITY_ARTIFACT_TYPE with other names, before the Notary Project had chosen its own: tardev-snapshotter
 * of kata-containers and the prototype of `notation sign --dm-verity` read and write it.
 */
export const TARDEV_ARTIFACT_TYPE = 'application/vnd.oci.mt.pkcs7';
