import { extension, headerBlock, octalField, padded, paxRecord } from '../raw-header.ts';
import { randomFields } from './attributes.ts';
import type { Random } from './random.ts';

const BLOCK = 4096;

/** Many entries in one directory, so that it fills blocks. */
export function manyEntries(random: Random): Buffer[] {
  const folder = random.pick(['many', 'a', 'a/b', '']);
  const stem = 'm'.repeat(random.pick([1, 5, 30, 60]));
  const pieces: Buffer[] = [];
  for (let number = random.pick([10, 40, 120, 300, 600]); number > 0; number--) {
    const name = `${folder === '' ? '' : `${folder}/`}${stem}${random.below(1000)}`;
    const typeflag = random.pick(['0', '0', '0', '5', '2', '6']);
    const data = typeflag === '0' && random.once(3) ? random.bytes(random.between(1, 60)) : Buffer.alloc(0);
    const linkname = typeflag === '2' ? 'x'.repeat(random.between(1, 90)) : '';
    const size = octalField(data.length, 12);
    const header = headerBlock({ name, typeflag, linkname, size, ...randomFields(random, 'sane') });
    pieces.push(Buffer.concat([header, padded(data)]));
  }
  return pieces;
}

/**
 * A root inode that does not fit into the first block and so lies behind the file data, mostly further from
 * the beginning than the 16 bits of its number can say.
 */
export function farRoot(random: Random): Buffer[] {
  return rootBehind(random.pick([500, 509, 510, 511, 512, 900, 1100]), random.bytes(7));
}

/** The same with exactly `blocks` blocks of data in front, if nothing else is in the tar. */
export function rootBehind(blocks: number, content: Buffer): Buffer[] {
  const data = Buffer.alloc(blocks * BLOCK, content);
  const xattr = paxRecord('SCHILY.xattr.user.big', Buffer.alloc(3500, content));
  return [
    Buffer.concat([headerBlock({ name: 'large', size: octalField(data.length, 12) }), padded(data)]),
    Buffer.concat([extension('x', xattr), headerBlock({ name: './', typeflag: '5', mtime: '00000000000' })]),
  ];
}

/**
 * A symbolic link with a target of a block or more, whose inode fits into two blocks of metadata that are
 * equally full; the last one became so first. Links of one length fill the first block and half of an earlier
 * one, a link of twice the length fills the last block, and the folder's first link the other half.
 */
export function tiedBlocks(random: Random): Buffer[] {
  const half = 32 * random.between(46, 61);
  const pieces = [
    link(`a${random.below(100)}`, half),
    link(`b${random.below(100)}`, half),
    link(`c${random.below(100)}`, 2 * half + 32),
    link(`0/a${random.below(100)}`, half),
    link(`0/b${random.below(100)}`, BLOCK * random.between(1, 3) + random.between(1, 900)),
  ];
  for (let extra = random.pick([0, 0, 1, 3]); extra > 0; extra--) {
    pieces.push(
      link(`0/x${random.below(100)}`, random.pick([half, BLOCK, BLOCK + 32, random.below(2 * BLOCK)])),
    );
  }
  return pieces;
}

/** A symbolic link with a target of so many bytes. */
function link(name: string, length: number): Buffer {
  const target = paxRecord('linkpath', 't'.repeat(length));
  return Buffer.concat([extension('x', target), headerBlock({ name, typeflag: '2', linkname: 't' })]);
}
