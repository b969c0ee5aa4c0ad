/** The names that users give to the ways in which a node makes an EROFS image of a layer. */

/** How a node turns a layer into an image; what a name means is in convert/erofs/profile.ts. */
export const PROFILE_NAMES = ['containerd', 'containerd-cache', 'containerd-tar-index', 'tardev'] as const;
export type ProfileName = (typeof PROFILE_NAMES)[number];

/** Those of containerd itself. */
export type ContainerdProfile = Exclude<ProfileName, 'tardev'>;

export function isContainerdProfile(profile: ProfileName): profile is ContainerdProfile {
  return profile !== 'tardev';
}

export function isProfileName(text: string): text is ProfileName {
  return (PROFILE_NAMES as readonly string[]).includes(text);
}

/**
 * The first release of containerd that makes the signed images of a profile. Earlier ones give each image a
 * random UUID (`containerd` before 2.1.4, tar index before 2.3.0) or have no cache.
 */
export const FIRST_CONTAINERD: Readonly<Record<ContainerdProfile, string>> = {
  containerd: '2.1.4',
  'containerd-cache': '2.4.0',
  'containerd-tar-index': '2.3.0',
};

/**
 * The first release of containerd with dm-verity, and the first that sets the block size of whole images:
 * before, mkfs.erofs takes the page size, and a node with pages of 16 or 64 KiB has other images.
 */
export const FIRST_VERITY_CONTAINERD = '2.3.0';
export const FIRST_LARGE_PAGES_CONTAINERD = '2.3.3';

/**
 * The classes of mkfs.erofs releases: those of one class make the same image of the same tar.
 * The newest first: most nodes have it. New classes are named by their newest release.
 */
export const KNOWN_CLASSES = ['C', 'B', 'A', '1.8.6'] as const;
export type KnownClass = (typeof KNOWN_CLASSES)[number];

/** The classes in messages and descriptions, oldest first: `1.8.6, A, B or C`. */
export const CLASSES_IN_WORDS = KNOWN_CLASSES.toReversed()
  .join(', ')
  .replace(/, ([^,]*)$/, ' or $1');

/** The class of the native builder's images unless the user names others. */
export const DEFAULT_CLASS: KnownClass = 'C';

/**
 * The classes of the known releases of erofs-utils, oldest release first. __tests__/fuzz/erofs-release.ts
 * compared each of them with the native builder.
 */
export const RELEASE_CLASSES: Readonly<Record<string, KnownClass>> = {
  '1.8.6': '1.8.6',
  '1.8.10': 'A',
  '1.9.1': 'A',
  '1.9.2': 'B',
  '1.9.3': 'C',
  '1.9.4': 'C',
};

/** `unknown`: a release that makes images of no known class; used only with the user's consent. */
export type MkfsClass = KnownClass | 'unknown';

/**
 * A class that a signer recorded. A later version of this program may know more classes, which are named by a
 * release of erofs-utils.
 */
export type RecordedClass = MkfsClass | `${number}.${string}`;

export function isRecordedClass(text: string | undefined): text is RecordedClass {
  return text === 'unknown' || isKnownClass(text) || (text !== undefined && RELEASE.test(text));
}

const RELEASE = /^\d{1,3}\.\d{1,3}(\.\d{1,3})?$/;

export function isKnownClass(text: string | undefined): text is KnownClass {
  return (KNOWN_CLASSES as readonly (string | undefined)[]).includes(text);
}
