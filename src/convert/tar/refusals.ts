import { VeritySignError } from '../../errors.ts';

const REBUILD = 'Build this layer again; no node can unpack it into EROFS either';

/** `image`: mkfs.erofs refuses the tar. */
export function malformed(what: string): VeritySignError {
  return new VeritySignError('image', `the layer's tar is malformed: ${what}`, { remedy: REBUILD });
}

/** `image`: mkfs.erofs accepts the tar but uses memory that it has freed or never set; images may differ. */
export function undefinedResult(what: string): VeritySignError {
  return new VeritySignError('image', `the layer triggers an out-of-bounds access in mkfs.erofs: ${what}`, {
    remedy: 'Build this layer again without that; nodes may create different images of it',
  });
}

/** `environment`: mkfs.erofs accepts the tar; only the native builder refuses it. */
export function unsupported(what: string): VeritySignError {
  return new VeritySignError('environment', `the native builder does not support this layer: ${what}`, {
    remedy: 'Use the builder mkfs for this image',
  });
}

/** A name from a tar for a message, at most 1,024 characters; it must not steer a terminal or a log. */
export function printable(name: string): string {
  const text = Buffer.from(name.slice(0, 1024), 'latin1').toString('utf8');
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
}
