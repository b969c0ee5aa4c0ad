/**
 * The parameters that go into a root hash: hash type 1 (the salt comes before the data), SHA-256,
 * a salt of 32 zero bytes, data and hash blocks of one size.
 * [Linux Documentation/admin-guide/device-mapper/verity.rst; containerd internal/dmverity]
 */
export const ALGORITHM = 'sha256';
export const DIGEST_SIZE = 32;
export const SALT = Buffer.alloc(32);
