/** Names of annotations in manifests and in their descriptors. */

/** The Notary Project reserves every key of signed metadata that begins with it. [notation-go signer] */
export const NOTARY_NAMESPACE = 'io.cncf.notary';
/** Every annotation under it belongs to the Notary Project. */
export const NOTARY_PREFIX = `${NOTARY_NAMESPACE}.`;
/** Every annotation under it belongs to this program. */
export const OWN_PREFIX = 'io.github.verity-sign.';

/** Digest of the signed layer, on the descriptor of its signature. [Notary Project specs/proposals/dm-verity.md] */
export const LAYER_DIGEST = 'io.cncf.notary.layer.digest';
/** Root hash of the signed layer, on the descriptor of its signature. */
export const ROOT_HASH = 'io.cncf.notary.dm-verity.root-hash';
/** `true` on the signature manifest. */
export const SIGNATURE_MARK = 'io.cncf.notary.dm-verity.signature';
/** On the descriptor of a signature in the form of tardev. [microsoft/kata-containers, sign-oci-layer-root-hashes] */
export const TARDEV_LAYER_DIGEST = 'image.layer.digest';
export const TARDEV_ROOT_HASH = 'image.layer.root_hash';
/** The PKCS#7 signature itself, in base64. */
export const TARDEV_SIGNATURE = 'image.layer.signature';
export const TARDEV_BLOB_NAME = 'signature.blob.name';
/** SHA-256 thumbprints of the signer's chain. [Notary Project signature-specification, OCI signature manifest] */
export const THUMBPRINTS = 'io.cncf.notary.x509chain.thumbprint#S256';

/** [image-spec annotations.md] */
export const TITLE = 'org.opencontainers.image.title';
export const CREATED = 'org.opencontainers.image.created';
/** The tag of an entry in a layout's index.json. */
export const REF_NAME = 'org.opencontainers.image.ref.name';
/** The full name of an entry in index.json. [containerd images/annotations.go] */
export const IMAGE_NAME = 'io.containerd.image.name';
