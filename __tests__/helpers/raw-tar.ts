import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ExpectedLayer } from '../../src/convert/blob/layer-tar.ts';
import { headerBlock, octalField, padded, paxRecord, type RawFields } from './raw-header.ts';

/** Fields of a tar header as text, so that tests can write what no tar writer would. */
export interface RawEntry extends Omit<RawFields, 'size'> {
  data?: Buffer;
  /** Default: octal of `data`. */
  size?: string | Buffer;
}

export const END = Buffer.alloc(1024);

/** One entry: header, data, padding. */
export function rawEntry({ data = Buffer.alloc(0), size, ...fields }: RawEntry): Buffer {
  const text = typeof size === 'string' ? size : size?.toString('latin1');
  const header = headerBlock({
    mtime: '14524770400',
    ...fields,
    size: text ?? octalField(data.length, 12),
  });
  return Buffer.concat([header, padded(data)]);
}

/** A PAX header with these records, for the entry that follows. */
export function paxHeader(records: Readonly<Record<string, string | Buffer>>, typeflag = 'x'): Buffer {
  const data = Object.entries(records).map(([key, value]) => paxRecord(key, Buffer.from(value)));
  return rawEntry({ name: 'PaxHeader', typeflag, data: Buffer.concat(data) });
}

/** The whole tar. */
export function rawTar(...entries: (RawEntry | Buffer)[]): Buffer {
  return Buffer.concat([...entries.map((entry) => (Buffer.isBuffer(entry) ? entry : rawEntry(entry))), END]);
}

export function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** The digests and sizes that an honest image states for a blob. */
export function expectedOf(
  blob: Buffer,
  tar: Buffer,
  compression: ExpectedLayer['compression'],
): ExpectedLayer {
  return { digest: sha256(blob), size: blob.length, diffId: sha256(tar), compression };
}

/** The bytes as a stream in chunks of `size`. */
export function inPieces(bytes: Buffer, size: number): Readable {
  return Readable.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    })(),
    { objectMode: false },
  );
}
