/** Base64 in its one canonical form: RFC 4648 leaves room for several texts that decode to the same bytes. */
import * as z from 'zod';

/** Unpadded base64url, as JWS uses it. [RFC 7515, 2] */
export const base64url = canonical('base64url');

/** Padded base64, as `x5c` uses it. [RFC 7515, 4.1.6] */
export const base64 = canonical('base64');

function canonical(encoding: 'base64' | 'base64url') {
  return z
    .string()
    .refine((text) => Buffer.from(text, encoding).toString(encoding) === text, {
      message: `not canonical ${encoding}`,
    })
    .transform((text): Uint8Array => Buffer.from(text, encoding));
}
