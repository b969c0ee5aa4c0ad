import { createHash } from 'node:crypto';

/** The name space for URLs. [RFC 9562, section 6.6] */
const NAMESPACE_URL = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex');

/** The UUID of every image that tardev-snapshotter makes. [microsoft/kata-containers, EROFS_METADATA_UUID] */
export const TARDEV_UUID = 'c1b9d5a2-f162-11cf-9ece-0020afc76f16';

/** A name-based UUID with SHA-1. [RFC 9562, section 5.5] */
export function uuid5(namespace: Uint8Array, name: string): string {
  const bytes = createHash('sha1').update(namespace).update(name, 'utf8').digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/**
 * The UUID that containerd gives a layer's image.
 * @param digest digest or diffID of the layer, as the profile requires
 * [containerd, plugins/diff/erofs/differ.go]
 */
export function layerUuid(digest: string): string {
  return uuid5(NAMESPACE_URL, `erofs:blobs/${digest}`);
}
