import { FormatError } from '../../formats/format-error.ts';

/** One `-----BEGIN label-----` block as it is written. */
export interface PemText {
  label: string;
  /** Without blanks around them, the first and last line among them. */
  lines: readonly string[];
  /** Whether it has its `-----END label-----`. */
  ended: boolean;
}

/** One block, decoded. */
export interface PemBlock {
  label: string;
  bytes: Uint8Array;
}

const BEGIN = /^-----BEGIN ([A-Z0-9 ]+)-----$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
/** A byte order mark, also where its UTF-8 was read as Latin-1. */
const MARK = /^(\u{feff}|\xef\xbb\xbf)/u;
/** A few certificates; more is a mistake, such as a machine's whole trust store. */
const MAX_BYTES = 256 * 1024;

/** The blocks of a PEM text in their order, those without an end too; text between blocks is commentary. [RFC 7468] */
export function splitPem(text: string): PemText[] {
  const blocks: (PemText & { lines: string[] })[] = [];
  let open: (PemText & { lines: string[] }) | undefined;
  for (const raw of text.split(/\r\n|\r|\n/)) {
    const line = raw.trim();
    const [begin, label] = BEGIN.exec(line.replace(MARK, '')) ?? [];
    if (label !== undefined) {
      open = { label, lines: [], ended: false };
      blocks.push(open);
    }
    open?.lines.push(begin ?? line);
    if (open !== undefined && line === `-----END ${open.label}-----`) {
      open.ended = true;
      open = undefined;
    }
  }
  return blocks;
}

/**
 * The blocks of a PEM text, decoded. Only blocks labelled `wanted` are: a private key in the same file is
 * never looked at, and its bytes are empty.
 * @throws FormatError for a block without an end and for content that is not base64.
 */
export function readPem(pem: string | Uint8Array, wanted: string): PemBlock[] {
  if (pem.length > MAX_BYTES) throw new FormatError(`has more than ${MAX_BYTES / 1024} KiB`);
  const text = typeof pem === 'string' ? pem : Buffer.from(pem).toString('latin1');
  return splitPem(text).map(({ label, lines, ended }) => {
    if (!ended) throw new FormatError(`has a ${label} block without an end`);
    return { label, bytes: label === wanted ? decode(lines.slice(1, -1).join(''), label) : new Uint8Array() };
  });
}

function decode(base64: string, label: string): Uint8Array {
  if (base64 === '' || base64.length % 4 !== 0 || !BASE64.test(base64)) {
    throw new FormatError(`has a ${label} block that is not base64`);
  }
  return Buffer.from(base64, 'base64');
}
