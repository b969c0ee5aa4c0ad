/** Layers that are small, or ordinary to look at, and cost a careless builder much memory or time. */
import { gzipSync } from 'node:zlib';
import { END, paxHeader, rawEntry } from './raw-tar.ts';

const MEBIBYTE = 1024 * 1024;

/** A gzip layer, as the names of the entries and what stands before each. */
function layer(entries: Iterable<Buffer>): Buffer {
  const chunks: Buffer[] = [];
  for (const entry of entries) chunks.push(entry);
  return gzipSync(Buffer.concat([...chunks, END]), { level: 1 });
}

/** Files with so many extended attributes each, no two of them alike. */
export function manyXattrs(files: number, xattrs: number): Buffer {
  return layer(
    (function* () {
      for (let file = 0; file < files; file++) {
        const records: Record<string, string> = {};
        for (let at = 0; at < xattrs; at++) records[`SCHILY.xattr.user.${file}.${at}`] = `${file}-${at}`;
        yield Buffer.concat([paxHeader(records), rawEntry({ name: `f${file}` })]);
      }
    })(),
  );
}

/** Paths of so many folders each, no two with a common beginning: a few bytes for each folder. */
export function deepPaths(paths: number, depth: number): Buffer {
  return layer(
    (function* () {
      for (let number = 0; number < paths; number++) {
        const path = `p${number}/${'a/'.repeat(depth - 2)}f`;
        yield Buffer.concat([paxHeader({ path }), rawEntry({ name: 'f' })]);
      }
    })(),
  );
}

/** So many files in one folder. */
export function largeFolder(files: number): Buffer {
  return layer(
    (function* () {
      for (let file = 0; file < files; file++)
        yield rawEntry({ name: `folder/${String(file).padStart(60, 'n')}` });
    })(),
  );
}

/** Files with a few attributes of their own, and so many more that a global header gives to each. */
export function repeatedXattrs(files: number, xattrs: number): Buffer {
  const records: Record<string, string> = {};
  for (let at = 0; at < xattrs; at++)
    records[`SCHILY.xattr.user.global.${at}`] = `value ${at} ${'v'.repeat(40)}`;
  return layer(
    (function* () {
      yield paxHeader(records, 'g');
      for (let file = 0; file < files; file++) {
        const own = paxHeader({ 'SCHILY.xattr.user.own': `${file}` });
        yield Buffer.concat([own, rawEntry({ name: `f${file}` })]);
      }
    })(),
  );
}

/** A folder with so many MB of extended attributes, some in each of three entries for it, and so many files. */
export function heavyFolder(megabytes: number, files: number): Buffer {
  const [entries, bytes] = [3, 60_000];
  return layer(
    (function* () {
      for (let entry = 0; entry < entries; entry++) {
        const records: Record<string, string> = {};
        for (let at = 0; at < (megabytes * 1e6) / bytes / entries; at++)
          records[`SCHILY.xattr.user.${entry}.${at}`] = 'v'.repeat(bytes);
        yield Buffer.concat([paxHeader(records), rawEntry({ name: 'heavy/', typeflag: '5' })]);
      }
      for (let file = 0; file < files; file++) yield rawEntry({ name: `d/${file}` });
    })(),
  );
}

/** So many empty files whose names are as short as can be, in one folder. */
export function emptyFiles(files: number): Buffer {
  return layer(
    (function* () {
      for (let file = 0; file < files; file++) yield rawEntry({ name: `d/${file.toString(36)}` });
    })(),
  );
}

/** So many symbolic links, to each of which a global header gives a target of 7 MiB. */
export function repeatedTargets(links: number): Buffer {
  return layer(
    (function* () {
      yield paxHeader({ linkpath: Buffer.alloc(7 * MEBIBYTE, 'l') }, 'g');
      for (let link = 0; link < links; link++) yield rawEntry({ name: `s${link}`, typeflag: '2' });
    })(),
  );
}

/** So many folders, to each of which a global header gives a path of millions of names. */
export function repeatedPaths(folders: number, names: string): Buffer {
  const path = Buffer.concat([Buffer.from('a/'), Buffer.alloc(7 * MEBIBYTE, names), Buffer.from('/end')]);
  return layer(
    (function* () {
      yield paxHeader({ path }, 'g');
      for (let folder = 0; folder < folders; folder++) yield rawEntry({ name: `f${folder}`, typeflag: '5' });
    })(),
  );
}

/** So many files with a header of nearly 8 MiB each: names of attributes with a long common beginning. */
export function longNames(files: number): Buffer {
  return layer(
    (function* () {
      for (let file = 0; file < files; file++) {
        const records: Record<string, string> = {};
        for (let at = 0; at < 1000; at++)
          records[`SCHILY.xattr.user.${'n'.repeat(8000)}${(at * 7919) % 1000}`] = 'v';
        yield Buffer.concat([paxHeader(records), rawEntry({ name: `f${file}` })]);
      }
    })(),
  );
}
