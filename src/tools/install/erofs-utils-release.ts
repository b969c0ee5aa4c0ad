import { VeritySignError } from '../../errors.ts';
import { erofsUtilsFits } from '../versions.ts';
import type { Archive } from './archive/archive.ts';
import { isArchive } from './oras-release.ts';

/** The release of erofs-utils that is built where no usable one is found. */
export const VERSION = '1.9.4';
/** SHA-256 of `erofs-utils-VERSION.tar.gz`. */
export const SHA256 = '7d135aa2550326a5acf20f53c518aea5a8900015ce50700044e40f818c31dd80';

/**
 * SHA-256 by release, the newest first: a class gets its newest release. kernel.org and GitHub serve
 * the same bytes. The older checksums are those in Homebrew, and also in Termux and nixpkgs.
 */
const RELEASES: Readonly<Record<string, string>> = {
  [VERSION]: SHA256,
  '1.9.2': 'd915b45646a928174917c44a2c84ba005b161e84ab732cd5d2560371560b8d13',
  '1.9.1': 'a9ef5ab67c4b8d2d3e9ed71f39cd008bda653142a720d8a395a36f1110d0c432',
  '1.8.10': '05eb4edebe11decce6ecb34e98d2f80c8cd283c2f2967d8ba7efd58418570514',
};

const KERNEL_ORG = 'https://git.kernel.org/pub/scm/linux/kernel/git/xiang/erofs-utils.git/snapshot';
const GITHUB = 'https://github.com/erofs/erofs-utils/archive/refs/tags';

/** Without optional features: layers are not compressed, and fewer libraries mean fewer differences. */
export const CONFIGURE = [
  '--disable-lz4',
  '--disable-lzma',
  '--disable-fuse',
  '--without-zlib',
  '--without-libdeflate',
  '--without-libzstd',
  '--without-xxhash',
  '--without-libcurl',
  '--without-openssl',
  '--without-libxml2',
  '--without-selinux',
  '--without-uuid',
];

export interface ErofsUtilsRequest {
  /** A version, a class, or `any`; undefined for any that passes the known-answer test. */
  wanted?: string | undefined;
  /** SHA-256 of the tarball, for a version that is not in the table. */
  sha256?: string | undefined;
  /** URL of the tarball, or of a folder that has `erofs-utils-VERSION.tar.gz`. */
  url?: string | undefined;
}

/**
 * The tarball to build.
 * @throws VeritySignError 'environment' if no release with a known checksum is the wanted one
 */
export function erofsUtilsArchive({ wanted, sha256, url }: ErofsUtilsRequest): Archive {
  const exact = wanted !== undefined && /^\d/.test(wanted) ? wanted : undefined;
  const version =
    sha256 === undefined
      ? Object.keys(RELEASES).find((known) => erofsUtilsFits(known, wanted))
      : (exact ?? VERSION);
  const checksum = sha256 ?? RELEASES[version ?? ''];
  if (version === undefined || checksum === undefined) {
    throw new VeritySignError(
      'environment',
      `erofs-utils-version ${wanted} has no known checksum; known are those of ${Object.keys(RELEASES).join(', ')}`,
      { remedy: 'Set erofs-utils-sha256 to the checksum of its tarball, or install it and set mkfs-path' },
    );
  }
  const file = `erofs-utils-${version}.tar.gz`;
  const urls =
    url === undefined
      ? [`${KERNEL_ORG}/${file}`, `${GITHUB}/v${version}.tar.gz`]
      : [isArchive(url) ? url : `${url.replace(/\/+$/, '')}/${file}`];
  return { tool: 'erofs-utils', version, sha256: checksum, urls, input: 'erofs-utils-url' };
}
