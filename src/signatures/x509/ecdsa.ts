/** The two forms of ECDSA signatures: DER as in X.509 and PKCS#7, and r‖s as in JWS and vaults. [RFC 3279, 2.2.3] */
import { FormatError } from '../../formats/format-error.ts';
import { readDer } from './asn1/der.ts';
import { TAG } from './asn1/der-rules.ts';
import { encode, encodeInteger } from './asn1/encode.ts';
import { fieldsOf } from './asn1/fields.ts';

/**
 * Two fixed-size halves r‖s (IEEE P1363) as the DER SEQUENCE of two INTEGERs.
 * @param coordinateBytes Size of one half: 32, 48 or 66.
 * @throws FormatError if the length is not exactly twice that, or a half is zero.
 */
export function p1363ToDer(signature: Uint8Array, coordinateBytes: number): Uint8Array {
  if (signature.length !== 2 * coordinateBytes) {
    throw new FormatError(`has ${signature.length} bytes instead of ${2 * coordinateBytes}`);
  }
  const halves = [signature.subarray(0, coordinateBytes), signature.subarray(coordinateBytes)];
  if (halves.some((half) => half.every((byte) => byte === 0))) throw new FormatError('has a zero as r or s');
  return encode(TAG.sequence, ...halves.map(encodeInteger));
}

/**
 * The reverse: r‖s, each half filled up with zeros on the left.
 * @throws FormatError if the bytes are not an ECDSA signature in DER whose numbers fit the curve.
 */
export function derToP1363(signature: Uint8Array, coordinateBytes: number): Uint8Array {
  const numbers = readNumbers(signature, coordinateBytes);
  return Buffer.concat(
    numbers.map((number) => Buffer.concat([Buffer.alloc(coordinateBytes - number.length), number])),
  );
}

/**
 * Checks that bytes are an ECDSA signature in DER whose numbers fit the curve.
 * @throws FormatError otherwise.
 */
export function checkEcdsaDer(signature: Uint8Array, coordinateBytes: number): void {
  readNumbers(signature, coordinateBytes);
}

/** r and s without leading zeros. */
function readNumbers(signature: Uint8Array, coordinateBytes: number): Uint8Array[] {
  const fields = fieldsOf(readDer(signature), 'the ECDSA signature');
  const numbers = ['r', 's'].map((name) => {
    const { content } = fields.take(TAG.integer, name);
    const magnitude = content[0] === 0 ? content.subarray(1) : content;
    const negative = (content[0] ?? 0) >= 0x80;
    if (negative || magnitude.length === 0 || magnitude.length > coordinateBytes) {
      throw new FormatError(`has an ${name} that is out of range`);
    }
    return magnitude;
  });
  fields.end();
  return numbers;
}
