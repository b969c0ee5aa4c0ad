import type { KnownClass } from '../../../model/index.ts';

/** A release whose bytes are reproduced; 1.9.3 also stands for 1.9.4. */
export type Release = '1.8.6' | '1.8.10' | '1.9.1' | '1.9.2' | '1.9.3';

/** What changed between the releases. [erofs-utils, lib/{tar,xattr,inode,rebuild}.c of each] */
export interface Rules {
  release: Release;
  /** Sorts extended attributes by name and value; before 1.9.3 they keep the order of addition. */
  sortsXattrs: boolean;
  /** Before 1.9.3 a negative size is no error. */
  negativeSizes: boolean;
  /**
   * Up to 1.9.1: an empty PAX value counts as a value, the digits of a fraction of mtime are a number of
   * nanoseconds, and PAX data above 32 KiB is misread.
   */
  oldPax: boolean;
  /** Up to 1.9.1 device numbers are packed twice, and GNU long names have no limit. */
  oldEntries: boolean;
  /** 1.8.10 requires an end-of-archive marker. */
  needsEnd: boolean;
  /** In 1.8.10 a fraction of a second makes an inode extended. */
  fractionExtends: boolean;
  /** 1.8.10 joins the sextets of base64 in reverse order. */
  reversedBase64: boolean;
  /** 1.8.10 removes the file that a hard link replaces before it looks up the target. */
  linkRemovesFirst: boolean;
  /** 1.8.10 creates `.` and `..` together with the directory and crashes on some names. */
  earlyDots: boolean;
  /** Up to 1.8.6, a number in base 256 cannot begin with 0xff. */
  noNegativeNumbers: boolean;
  /** Up to 1.8.6, attributes without a prefix that has an index are omitted. */
  knownPrefixesOnly: boolean;
  /** Up to 1.8.6, images with blocks of 512 bytes have no checksum. */
  noIndexChecksum: boolean;
}

const NEWEST: Rules = {
  release: '1.9.3',
  sortsXattrs: true,
  negativeSizes: false,
  oldPax: false,
  oldEntries: false,
  needsEnd: false,
  fractionExtends: false,
  reversedBase64: false,
  linkRemovesFirst: false,
  earlyDots: false,
  noNegativeNumbers: false,
  knownPrefixesOnly: false,
  noIndexChecksum: false,
};

const OLDER: Rules = {
  ...NEWEST,
  release: '1.8.10',
  sortsXattrs: false,
  negativeSizes: true,
  oldPax: true,
  oldEntries: true,
  needsEnd: true,
  fractionExtends: true,
  reversedBase64: true,
  linkRemovesFirst: true,
  earlyDots: true,
};

export const RULES: Readonly<Record<Release, Rules>> = {
  '1.9.3': NEWEST,
  '1.9.2': { ...NEWEST, release: '1.9.2', sortsXattrs: false, negativeSizes: true },
  '1.9.1': {
    ...NEWEST,
    release: '1.9.1',
    sortsXattrs: false,
    negativeSizes: true,
    oldPax: true,
    oldEntries: true,
  },
  '1.8.10': OLDER,
  '1.8.6': {
    ...OLDER,
    release: '1.8.6',
    noNegativeNumbers: true,
    knownPrefixesOnly: true,
    noIndexChecksum: true,
  },
};

export type NativeClass = KnownClass;

/** The releases of a class. If they make different images of a layer, it has no root hash for the class. */
export const RELEASES: Readonly<Record<NativeClass, readonly Release[]>> = {
  A: ['1.8.10', '1.9.1'],
  B: ['1.9.2'],
  C: ['1.9.3'],
  '1.8.6': ['1.8.6'],
};
