import { Fields, FormatError, readDer, TAG } from './der.ts';

/**
 * An ECDSA signature of two fixed-size halves r‖s (IEEE P1363, as vaults and JWS give it) as the DER
 * SEQUENCE of two INTEGERs that X.509 and PKCS#7 use. [RFC 3279, 2.2.3]
 * @param coordinateBytes Size of one half: 32, 48 or 66.
 * @throws FormatError if the length is not exactly twice that, or a half is zero.
 */
export function p1363ToDer(signature: Uint8Array, coordinateBytes: number): Uint8Array {
  if (signature.length !== 2 * coordinateBytes) {
    throw new FormatError(
      `an ECDSA signature of ${signature.length} bytes instead of ${2 * coordinateBytes}`,
    );
  }
  const body = [signature.subarray(0, coordinateBytes), signature.subarray(coordinateBytes)].map(integer);
  const content = Buffer.concat(body);
  const header =
    content.length < 0x80 ? [TAG.sequence, content.length] : [TAG.sequence, 0x81, content.length];
  return Buffer.concat([Buffer.from(header), content]);
}

/**
 * Checks that bytes are an ECDSA signature in DER whose numbers fit the curve.
 * @throws FormatError otherwise.
 */
export function checkEcdsaDer(signature: Uint8Array, coordinateBytes: number): void {
  const sequence = readDer(signature);
  if (sequence.tag !== TAG.sequence) throw new FormatError('an ECDSA signature that is not a SEQUENCE');
  const fields = new Fields(sequence, 'the ECDSA signature');
  for (const name of ['r', 's']) {
    const { content } = fields.take(TAG.integer, name);
    const first = content[0] ?? 0;
    const magnitude = first === 0 ? content.subarray(1) : content;
    if (first >= 0x80 || magnitude.length === 0 || magnitude.length > coordinateBytes) {
      throw new FormatError(`an ECDSA signature whose ${name} is out of range`);
    }
  }
  fields.end();
}

function integer(half: Uint8Array): Uint8Array {
  const start = half.findIndex((byte) => byte !== 0);
  if (start === -1) throw new FormatError('an ECDSA signature with a zero');
  const magnitude = half.subarray(start);
  const sign = (magnitude[0] ?? 0) >= 0x80 ? [0] : [];
  return Buffer.concat([Buffer.from([TAG.integer, magnitude.length + sign.length, ...sign]), magnitude]);
}
