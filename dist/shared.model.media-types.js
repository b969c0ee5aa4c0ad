import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/model/media-types.ts
var OCI = "application/vnd.oci.image";
var DOCKER = "application/vnd.docker";
var MANIFEST_MEDIA_TYPE = `${OCI}.manifest.v1+json`;
var INDEX_MEDIA_TYPE = `${OCI}.index.v1+json`;
var EMPTY_CONFIG_MEDIA_TYPE = "application/vnd.oci.empty.v1+json";
var EMPTY_CONFIG_DIGEST = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
var DOCKER_MANIFEST_MEDIA_TYPE = `${DOCKER}.distribution.manifest.v2+json`;
var DOCKER_INDEX_MEDIA_TYPE = `${DOCKER}.distribution.manifest.list.v2+json`;
var IMAGE_CONFIG_MEDIA_TYPES = [
  `${OCI}.config.v1+json`,
  `${DOCKER}.container.image.v1+json`
];
var LAYER_MEDIA_TYPES = {
  none: `${OCI}.layer.v1.tar`,
  gzip: `${OCI}.layer.v1.tar+gzip`,
  zstd: `${OCI}.layer.v1.tar+zstd`
};
var DOCKER_LAYER_MEDIA_TYPES = {
  none: `${DOCKER}.image.rootfs.diff.tar`,
  gzip: `${DOCKER}.image.rootfs.diff.tar.gzip`,
  zstd: `${DOCKER}.image.rootfs.diff.tar.zstd`
};
var EROFS_LAYER_MEDIA_TYPES = {
  none: "application/vnd.erofs.layer.v1",
  zstd: "application/vnd.erofs.layer.v1+zstd"
};
var PKCS7_MEDIA_TYPE = "application/pkcs7-signature";
var TARDEV_SIGNATURE_MEDIA_TYPE = "application/vnd.oci.image.layer.v1.erofs.sig";

export {
  MANIFEST_MEDIA_TYPE,
  INDEX_MEDIA_TYPE,
  EMPTY_CONFIG_MEDIA_TYPE,
  EMPTY_CONFIG_DIGEST,
  DOCKER_MANIFEST_MEDIA_TYPE,
  DOCKER_INDEX_MEDIA_TYPE,
  IMAGE_CONFIG_MEDIA_TYPES,
  LAYER_MEDIA_TYPES,
  DOCKER_LAYER_MEDIA_TYPES,
  EROFS_LAYER_MEDIA_TYPES,
  PKCS7_MEDIA_TYPE,
  TARDEV_SIGNATURE_MEDIA_TYPE
};
