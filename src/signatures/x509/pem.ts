import { FormatError } from './der.ts';

/** One `-----BEGIN label-----` block, decoded. */
export interface PemBlock {
  label: string;
  bytes: Uint8Array;
}

const BEGIN = /^-----BEGIN ([A-Z0-9 ]+)-----$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
/** A few certificates; more is a mistake, such as a machine's whole trust store. */
const MAX_BYTES = 256 * 1024;

/**
 * The blocks of a PEM text in their order; text between blocks is commentary. Only blocks labelled
 * `wanted` are decoded, so that a private key in the same file is never looked at. [RFC 7468]
 * @throws FormatError for a block without an end and for content that is not base64.
 */
export function readPem(pem: string | Uint8Array, wanted: string): PemBlock[] {
  if (pem.length > MAX_BYTES) throw new FormatError(`more than ${MAX_BYTES / 1024} KiB`);
  const text = typeof pem === 'string' ? pem : Buffer.from(pem).toString('latin1');
  const blocks: PemBlock[] = [];
  let label: string | undefined;
  let body: string[] = [];
  for (const rawLine of text.split(/\r\n|\r|\n/)) {
    const line = rawLine.trim();
    const begin = BEGIN.exec(line.replace(/^(\u{feff}|\xef\xbb\xbf)/u, ''));
    if (begin !== null) {
      if (label !== undefined) throw new FormatError(`a ${label} block without an end`);
      label = begin[1] ?? '';
      body = [];
    } else if (label !== undefined && line === `-----END ${label}-----`) {
      const bytes = label === wanted ? decode(body.join(''), label) : new Uint8Array();
      blocks.push({ label, bytes });
      label = undefined;
    } else if (label !== undefined) {
      body.push(line);
    }
  }
  if (label !== undefined) throw new FormatError(`a ${label} block without an end`);
  return blocks;
}

function decode(base64: string, label: string): Uint8Array {
  if (base64 === '' || base64.length % 4 !== 0 || !BASE64.test(base64)) {
    throw new FormatError(`a ${label} block that is not base64`);
  }
  return Buffer.from(base64, 'base64');
}
