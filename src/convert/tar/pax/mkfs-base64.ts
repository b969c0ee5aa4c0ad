const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Removes the `=` at the end of a text that consists of whole groups of four. */
function unpadded(text: string): { body: string; padding: boolean } {
  if (text.length === 0 || text.length % 4 !== 0) return { body: text, padding: false };
  return { body: text.replace(/={1,2}$/, ''), padding: true };
}

/**
 * Decodes base64 as mkfs.erofs 1.9.1 and later do: the remaining bits of unpadded text become one more byte
 * unless they are zero. Returns latin1, or undefined for text that it refuses. [erofs-utils, lib/base64.c]
 */
export function decodeBase64(text: string): string | undefined {
  return decode(text, (rest, sextet) => ((rest.value << 6) | sextet) & 0xffff, 'high');
}

/** The same as 1.8.10 does: the first sextet has the lowest bits. [erofs-utils 1.8.10, lib/tar.c] */
export function decodeBase64Reversed(text: string): string | undefined {
  return decode(text, (rest, sextet) => rest.value + (sextet << rest.bits), 'low');
}

interface Rest {
  value: number;
  bits: number;
}

function decode(
  text: string,
  join: (rest: Rest, sextet: number) => number,
  from: 'high' | 'low',
): string | undefined {
  const { body, padding } = unpadded(text);
  const rest: Rest = { value: 0, bits: 0 };
  const bytes: number[] = [];
  for (const letter of body) {
    const sextet = ALPHABET.indexOf(letter);
    if (sextet === -1) return undefined;
    rest.value = join(rest, sextet);
    rest.bits += 6;
    if (rest.bits < 8) continue;
    rest.bits -= 8;
    if (from === 'high') {
      bytes.push((rest.value >> rest.bits) & 0xff);
    } else {
      bytes.push(rest.value & 0xff);
      rest.value >>= 8;
    }
  }
  const left = from === 'high' ? rest.value & ((1 << rest.bits) - 1) : rest.value;
  if (left !== 0) {
    if (padding || left > 0xff) return undefined;
    bytes.push(left);
  }
  return Buffer.from(bytes).toString('latin1');
}

/** Percent-decodes an attribute's name up to a NUL. [erofs-utils, lib/tar.c, url_decode] */
export function decodePercent(text: string): string {
  const end = text.indexOf('\0');
  const name = end === -1 ? text : text.slice(0, end);
  return name.replace(/%([0-9A-Fa-f]{2})/g, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}
