import { VeritySignError } from '../../../errors.ts';

/** Short options that take an argument and leave the profile's own settings alone. */
const ALLOWED_SHORT = 'CELTdmxz';

/** Long options whose argument may be a word of its own. */
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

/** What the profile decides, what reads or writes elsewhere, and what does no conversion at all. */
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
 * Splits `mkfs-options` at blanks into words; there is no quoting and no shell. Errors (`usage`): an
 * option that the profile sets itself or that could write elsewhere, a word that is no option, or no
 * `-T`, without which every conversion has another root hash.
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
        remedy: 'Configure the node with -T0 --mkfs-time and give the same options here',
      },
    );
  }
  return words;
}

/** Returns the option if the next word is its argument. */
function checkOption(word: string): string | undefined {
  if (word.startsWith('--')) {
    const [name = '', value] = word.slice(2).split('=', 2);
    // getopt_long takes any unambiguous beginning of a name.
    if (name === '' || REFUSED_LONG.some((long) => long.startsWith(name))) {
      throw refused(word, 'is not for the user to set');
    }
    return value === undefined && WITH_ARGUMENT.has(name) ? word : undefined;
  }
  const letter = word[1];
  if (!word.startsWith('-') || letter === undefined) throw refused(word, 'is not an option');
  if (!ALLOWED_SHORT.includes(letter)) throw refused(word, 'is not for the user to set');
  return word.length === 2 ? word : undefined;
}

function refused(word: string, why: string): VeritySignError {
  return new VeritySignError('usage', `mkfs-options: ${JSON.stringify(word)} ${why}`, {
    remedy: "Give the mkfs_options of the node's erofs differ and nothing else",
  });
}
