import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  encode,
  encodeInteger
} from "./shared.signatures.x509.asn1.encode.js";
import {
  TAG,
  fieldsOf,
  readDer
} from "./shared.signatures.x509.algorithms.js";
import {
  FormatError
} from "./shared.formats.format-error.js";

// src/signatures/x509/ecdsa.ts
function p1363ToDer(signature, coordinateBytes) {
  if (signature.length !== 2 * coordinateBytes) {
    throw new FormatError(`has ${signature.length} bytes instead of ${2 * coordinateBytes}`);
  }
  const halves = [signature.subarray(0, coordinateBytes), signature.subarray(coordinateBytes)];
  if (halves.some((half) => half.every((byte) => byte === 0))) throw new FormatError("has a zero as r or s");
  return encode(TAG.sequence, ...halves.map(encodeInteger));
}
function derToP1363(signature, coordinateBytes) {
  const numbers = readNumbers(signature, coordinateBytes);
  return Buffer.concat(
    numbers.map((number) => Buffer.concat([Buffer.alloc(coordinateBytes - number.length), number]))
  );
}
function checkEcdsaDer(signature, coordinateBytes) {
  readNumbers(signature, coordinateBytes);
}
function readNumbers(signature, coordinateBytes) {
  const fields = fieldsOf(readDer(signature), "the ECDSA signature");
  const numbers = ["r", "s"].map((name) => {
    const { content } = fields.take(TAG.integer, name);
    const magnitude = content[0] === 0 ? content.subarray(1) : content;
    const negative = (content[0] ?? 0) >= 128;
    if (negative || magnitude.length === 0 || magnitude.length > coordinateBytes) {
      throw new FormatError(`has an ${name} that is out of range`);
    }
    return magnitude;
  });
  fields.end();
  return numbers;
}

export {
  p1363ToDer,
  derToP1363,
  checkEcdsaDer
};
