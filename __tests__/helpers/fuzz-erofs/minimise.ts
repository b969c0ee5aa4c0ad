import { minimise } from '../../../src/convert/builders/reproducer.ts';
import type { Pieces } from './generate.ts';

/** Removes all chunks, and at last the contents of files, that `differs` does not need. */
export async function minimised(pieces: Pieces, differs: (tar: Buffer) => Promise<boolean>): Promise<Pieces> {
  const kept = await minimise(pieces, (fewer) => differs(Buffer.concat(fewer)));
  const emptied = kept.map(withoutContents);
  return (await differs(Buffer.concat(emptied))) ? emptied : kept;
}

/** Zeros in place of file data; headers of all kinds stay. */
function withoutContents(piece: Buffer): Buffer {
  const copy = Buffer.from(piece);
  for (let at = 0; at + 512 <= copy.length; ) {
    const size = Number.parseInt(copy.toString('latin1', at + 124, at + 135), 8);
    const flag = copy.toString('latin1', at + 156, at + 157);
    const end = at + 512 + Math.ceil((Number.isNaN(size) ? 0 : size) / 512) * 512;
    if (!'xgLK'.includes(flag)) copy.fill(0, Math.min(at + 512, copy.length));
    if (!'xgLK'.includes(flag)) break;
    at = end;
  }
  return copy;
}
