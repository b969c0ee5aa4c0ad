import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/model/annotations.ts
var NOTARY_NAMESPACE = "io.cncf.notary";
var NOTARY_PREFIX = `${NOTARY_NAMESPACE}.`;
var OWN_PREFIX = "io.github.verity-sign.";
var LAYER_DIGEST = "io.cncf.notary.layer.digest";
var ROOT_HASH = "io.cncf.notary.dm-verity.root-hash";
var SIGNATURE_MARK = "io.cncf.notary.dm-verity.signature";
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
  THUMBPRINTS,
  TITLE,
  CREATED,
  REF_NAME,
  IMAGE_NAME
};
