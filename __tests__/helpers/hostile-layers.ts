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

/** Bytes of an extended header that is just not too large. */
const LARGE_HEADER = 8 * MEBIBYTE;

/** So many headers of 8 MiB with these records, for one file. What is left of each is a comment. */
export function largeHeaders(
  headers: number,
  records: (header: number) => Record<string, string | Buffer>,
  typeflag = 'x',
): Buffer {
  return layer(
    (function* () {
      for (let header = 0; header < headers; header++) {
        const own = records(header);
        const used = paxHeader(own).length;
        yield paxHeader(
          { ...own, comment: Buffer.alloc(Math.max(0, LARGE_HEADER - used - 1024), 'c') },
          typeflag,
        );
      }
      yield rawEntry({ name: 'f' });
    })(),
  );
}

/** So many large headers of records without a name, `4 =`. */
export function shortRecords(headers: number): Buffer {
  const data = Buffer.alloc(LARGE_HEADER - 1024, '4 =\n');
  return layer(
    (function* () {
      for (let header = 0; header < headers; header++) yield rawEntry({ name: 'x', typeflag: 'x', data });
      yield rawEntry({ name: 'f' });
    })(),
  );
}

/** A text that fills a header. */
export const LARGE_TEXT = LARGE_HEADER - 2048;

/** So many files, to which a global header gives attributes, of which one has a NUL in its name. */
export function ambiguousXattrs(files: number, xattrs: number): Buffer {
  const records: Record<string, string> = { 'SCHILY.xattr.\0z': '' };
  for (let at = 0; at < xattrs; at++) records[`SCHILY.xattr.${at.toString(36).padStart(3, '0')}`] = '';
  return layer(
    (function* () {
      yield paxHeader(records, 'g');
      for (let file = 0; file < files; file++) yield rawEntry({ name: `f${file}` });
    })(),
  );
}

/** So many attributes by a global header, and again by the file's own. */
export function numerousXattrs(xattrs: number): Buffer {
  const records = (flag: string): Record<string, string> =>
    Object.fromEntries(
      Array.from({ length: xattrs }, (_, at) => [`SCHILY.xattr.${flag}${at.toString(36)}`, '']),
    );
  return layer([
    paxHeader({ ...records('g'), 'LIBARCHIVE.xattr.z': 'QQ' }, 'g'),
    paxHeader({ ...records('x'), 'LIBARCHIVE.xattr.z': 'QQ' }),
    rawEntry({ name: 'f' }),
  ]);
}

/** So many whiteouts, to each of which a global header gives a path of so many names of 254 bytes. */
export function longWhiteouts(whiteouts: number, names = 32_000): Buffer {
  const path = Buffer.concat([Buffer.alloc(names * 255, `${'a'.repeat(254)}/`), Buffer.from('.wh.x')]);
  return layer(
    (function* () {
      yield paxHeader({ path }, 'g');
      for (let at = 0; at < whiteouts; at++) yield rawEntry({ name: 'z' });
    })(),
  );
}

/** So many symbolic links with distinct targets of 4,000 bytes, in GNU headers, which all releases read. */
export function longTargets(links: number): Buffer {
  return layer(
    (function* () {
      for (let link = 0; link < links; link++) {
        yield rawEntry({
          name: '././@LongLink',
          typeflag: 'K',
          data: Buffer.from(`${'k'.repeat(4000)}${link}\0`),
        });
        yield rawEntry({ name: `l${link}`, typeflag: '2' });
      }
    })(),
  );
}

/** So many hard links to one file: names only. */
export function hardLinks(links: number): Buffer {
  return layer(
    (function* () {
      yield rawEntry({ name: 'f' });
      for (let link = 0; link < links; link++)
        yield rawEntry({ name: link.toString(36), typeflag: '1', linkname: 'f' });
    })(),
  );
}
