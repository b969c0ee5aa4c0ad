import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/model/annotations.ts
var NOTARY_NAMESPACE = "io.cncf.notary";
var NOTARY_PREFIX = `${NOTARY_NAMESPACE}.`;
var OWN_PREFIX = "io.github.verity-sign.";
var LAYER_DIGEST = "io.cncf.notary.layer.digest";
var ROOT_HASH = "io.cncf.notary.dm-verity.root-hash";
var SIGNATURE_MARK = "io.cncf.notary.dm-verity.signature";
var TARDEV_LAYER_DIGEST = "image.layer.digest";
var TARDEV_ROOT_HASH = "image.layer.root_hash";
var TARDEV_SIGNATURE = "image.layer.signature";
var TARDEV_BLOB_NAME = "signature.blob.name";
var THUMBPRINTS = "io.cncf.notary.x509chain.thumbprint#S256";
var TITLE = "org.opencontainers.image.title";
var CREATED = "org.opencontainers.image.created";
var REF_NAME = "org.opencontainers.image.ref.name";
var IMAGE_NAME = "io.containerd.image.name";

export {
  NOTARY_NAMESPACE,
  NOTARY_PREFIX,
  OWN_PREFIX,
  LAYER_DIGEST,
  ROOT_HASH,
  SIGNATURE_MARK,
  TARDEV_LAYER_DIGEST,
  TARDEV_ROOT_HASH,
  TARDEV_SIGNATURE,
  TARDEV_BLOB_NAME,
  THUMBPRINTS,
  TITLE,
  CREATED,
  REF_NAME,
  IMAGE_NAME
};
