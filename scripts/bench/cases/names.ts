/** Names of contestants and cases that limits and tables look up. */

export const HELP = 'verity-sign --help';
export const TINY = 'verity-sign sign, one layer of 1 MB';

export const BUILD_CACHE = 'ctr images build-erofs-cache';

/** Numbers of entries of the layers that have many. */
export const ENTRIES: readonly number[] = [10_000, 200_000, 1_000_000];
export const entriesCase = (entries: number): string => `entries/${entries}`;
export const ROOT_HASH = 'verity-sign root-hash';
export const MKFS_EROFS = 'mkfs.erofs';
export const MKFS_AND_HASHES = 'mkfs.erofs, veritysetup and openssl';

/** Commands on an image that is signed. */
export const VERIFY = 'verify';
export const VERIFY_SIGNATURES = 'verify --recompute=false';

/** On an image in a registry. */
export const FROM_REGISTRY = 'sign in a registry';
export const GATE = 'gate: sign a layout and push it';
export const VERIFY_REGISTRY = 'verify in a registry';
export const NOTATION = "notation's prototype";
