/** The release of erofs-utils that is built where none will do. */
export const VERSION = '1.9.4';
/** Of `erofs-utils-VERSION.tar.gz`. */
export const SHA256 = '7d135aa2550326a5acf20f53c518aea5a8900015ce50700044e40f818c31dd80';

/** Nothing optional: layers are not compressed, and fewer libraries are fewer differences. */
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
