import { type Entry, writeTar } from '../../demo-image/tar-writer.ts';
import { ContentMaker } from './content.ts';
import { Random } from './random.ts';

/** 2024-01-01, seconds since 1970. */
const MTIME = Date.UTC(2024, 0, 1) / 1000;
const END_OF_ARCHIVE = 1024;
/** Folders of a package: its own, and those in it. */
const FOLDERS = ['', 'dist/', 'lib/', 'src/'];
const EXTENSIONS = ['js', 'd.ts', 'json', 'md', 'js.map', 'mjs'];
const OWNERS = [
  { uid: 0, gid: 0 },
  { uid: 1000, gid: 1000 },
  { uid: 65534, gid: 65534 },
];
const MAX_FILE = 200;

/**
 * The tar of a layer of `entries` entries, in chunks of whole entries: packages of folders with 50 to 99 small
 * files each, every 32nd a symbolic link. The same for the same seed and number.
 */
export function* entriesTar(entries: number, seed: number): Generator<Uint8Array> {
  const random = new Random(seed);
  const content = new ContentMaker(random);
  let left = entries;
  for (let at = 0; left > 0; at++) {
    const inFolder = folder(at, random, content).slice(0, left);
    left -= inFolder.length;
    // Folders have one time each, as a package manager leaves them.
    yield writeTar(inFolder, MTIME + at).subarray(0, -END_OF_ARCHIVE);
  }
  yield new Uint8Array(END_OF_ARCHIVE);
}

/** A folder and its files; the first of a package comes after the folder of packages, once. */
function folder(at: number, random: Random, content: ContentMaker): Entry[] {
  const number = Math.floor(at / FOLDERS.length);
  const path = `usr/lib/node_modules/package-${number}/${FOLDERS[at % FOLDERS.length]}`;
  const owner = OWNERS[number % OWNERS.length] as (typeof OWNERS)[number];
  const parents = at === 0 ? ['usr/', 'usr/lib/', 'usr/lib/node_modules/'] : [];
  const entries: Entry[] = [...parents, path].map((name) => ({ path: name, owner }));
  const files = 50 + random.below(50);
  let previous = 'index.js';
  for (let file = 0; file < files; file++) {
    const name = `module-${file}.${EXTENSIONS[random.below(EXTENSIONS.length)]}`;
    if (random.below(32) === 0) {
      entries.push({ path: `${path}${name}`, owner, link: { type: 'symbolic', target: previous } });
    } else {
      const bytes = new Uint8Array(random.below(MAX_FILE));
      content.fill(bytes, 'text');
      entries.push({ path: `${path}${name}`, owner, bytes });
    }
    previous = name;
  }
  return entries;
}
