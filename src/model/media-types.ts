/** Media types of manifests, indexes, configs, layers and signatures. [image-spec media-types.md] */
import type { Compression } from './index.ts';

const OCI = 'application/vnd.oci.image';
const DOCKER = 'application/vnd.docker';

export const MANIFEST_MEDIA_TYPE = `${OCI}.manifest.v1+json`;
export const INDEX_MEDIA_TYPE = `${OCI}.index.v1+json`;
/** The config of an artifact that needs none: the two bytes `{}`. [image-spec manifest.md] */
export const EMPTY_CONFIG_MEDIA_TYPE = 'application/vnd.oci.empty.v1+json';
export const EMPTY_CONFIG_DIGEST = 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';

export const DOCKER_MANIFEST_MEDIA_TYPE = `${DOCKER}.distribution.manifest.v2+json`;
export const DOCKER_INDEX_MEDIA_TYPE = `${DOCKER}.distribution.manifest.list.v2+json`;

/** Configs of container images; any other config belongs to another kind of artifact. */
export const IMAGE_CONFIG_MEDIA_TYPES: readonly string[] = [
  `${OCI}.config.v1+json`,
  `${DOCKER}.container.image.v1+json`,
];

/** A tar layer by its compression. */
export const LAYER_MEDIA_TYPES: Readonly<Record<Compression, string>> = {
  none: `${OCI}.layer.v1.tar`,
  gzip: `${OCI}.layer.v1.tar+gzip`,
  zstd: `${OCI}.layer.v1.tar+zstd`,
};

/** The same in images of Docker's format. */
export const DOCKER_LAYER_MEDIA_TYPES: Readonly<Record<Compression, string>> = {
  none: `${DOCKER}.image.rootfs.diff.tar`,
  gzip: `${DOCKER}.image.rootfs.diff.tar.gzip`,
  zstd: `${DOCKER}.image.rootfs.diff.tar.zstd`,
};

/** A layer that is an EROFS image. [containerd core/images mediatypes.go] */
export const EROFS_LAYER_MEDIA_TYPES: Readonly<Record<Exclude<Compression, 'gzip'>, string>> = {
  none: 'application/vnd.erofs.layer.v1',
  zstd: 'application/vnd.erofs.layer.v1+zstd',
};

/** A layer's PKCS#7 signature, DER. [Notary Project specs/proposals/dm-verity.md] */
export const PKCS7_MEDIA_TYPE = 'application/pkcs7-signature';

/** The same in the form of tardev. */
export const TARDEV_SIGNATURE_MEDIA_TYPE = 'application/vnd.oci.image.layer.v1.erofs.sig';
