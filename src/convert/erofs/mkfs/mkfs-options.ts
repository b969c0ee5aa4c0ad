import { VeritySignError } from '../../../errors.ts';

/** Short options with an argument that do not change the profile's own settings. */
const ALLOWED_SHORT = 'CELTdmxz';

/** Long options whose argument may be a separate word. */
const WITH_ARGUMENT = new Set([
  'exclude-path',
  'exclude-regex',
  'file-contexts',
  'force-uid',
  'force-gid',
  'max-extent-bytes',
  'compress-hints',
  'chunksize',
  'uid-offset',
  'gid-offset',
  'mount-point',
  'workers',
  'zfeature-bits',
  'root-xattr-isize',
  'sort',
  'dsunit',
  'async-queue-limit',
  'fsalignblks',
  'xattr-prefix',
]);

/** Long options that the profile sets, that read or write elsewhere, or that do not convert. */
const REFUSED_LONG = [
  'tar',
  'aufs',
  'quiet',
  'offset',
  'blobdev',
  'vmdk-desc',
  'clean',
  'incremental',
  'gzip',
  'ungzip',
  'gzinfo',
  'unlzma',
  'unxz',
  's3',
  'oci',
  'version',
  'help',
  'random-pclusterblks',
  'random-algorithms',
];

/**
 * Splits `mkfs-options` at blanks into words; there is no quoting and no shell.
 * @throws VeritySignError 'usage' for an option that the profile sets itself or that could write elsewhere, a
 *   word that is not an option, or options without `-T`, with which every conversion has another root hash
 */
export function parseMkfsOptions(text: string): string[] {
  const words = text.split(/[\s\0]+/).filter((word) => word !== '');
  let argumentOf: string | undefined;
  for (const word of words) {
    if (argumentOf !== undefined) argumentOf = undefined;
    else argumentOf = checkOption(word);
  }
  if (argumentOf !== undefined) throw refused(argumentOf, 'lacks its argument');
  if (!words.some((word) => word.startsWith('-T'))) {
    throw new VeritySignError(
      'usage',
      'mkfs-options has no -T: every conversion would have another root hash',
      {
        remedy: 'Configure the node with -T0 --mkfs-time, and use the same options here',
      },
    );
  }
  return words;
}

/** The option that compresses file data, such as `-zlz4`; undefined if there is none. */
export function compressionIn(words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => word.startsWith('-z'));
  const option = words[at];
  return option === '-z' ? `-z${words[at + 1] ?? ''}` : option;
}

/** Returns the option if the next word is its argument. */
function checkOption(word: string): string | undefined {
  if (word.startsWith('--')) {
    const [name = '', value] = word.slice(2).split('=', 2);
    // getopt_long accepts any unambiguous beginning of a name.
    if (name === '' || REFUSED_LONG.some((long) => long.startsWith(name))) {
      throw refused(word, 'cannot be set here');
    }
    return value === undefined && WITH_ARGUMENT.has(name) ? word : undefined;
  }
  const letter = word[1];
  if (!word.startsWith('-') || letter === undefined) throw refused(word, 'is not an option');
  if (!ALLOWED_SHORT.includes(letter)) throw refused(word, 'cannot be set here');
  return word.length === 2 ? word : undefined;
}

function refused(word: string, why: string): VeritySignError {
  return new VeritySignError('usage', `mkfs-options: ${JSON.stringify(word)} ${why}`, {
    remedy: "Use exactly the mkfs_options of the node's erofs differ",
  });
}
