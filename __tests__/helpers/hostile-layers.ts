/** Layers that are small, or ordinary to look at, and cost a careless builder much memory or time. */
import { gzipSync } from 'node:zlib';
import { END, paxHeader, rawEntry } from './raw-tar.ts';

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
