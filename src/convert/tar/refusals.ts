import { VeritySignError } from '../../errors.ts';

const REBUILD = 'Build this layer again; no node can unpack it into EROFS either';

/** `image`: mkfs.erofs refuses the tar. */
export function malformed(what: string): VeritySignError {
  return new VeritySignError('image', `the layer's tar is malformed: ${what}`, { remedy: REBUILD });
}

/** `image`: a file has less data than its header says. mkfs.erofs notices it unless it only makes an index of the tar. */
export function cutData(): VeritySignError {
  return new VeritySignError('image', "the layer's tar is malformed: the data of a file is cut", {
    remedy: 'Build this layer again: its end is missing, even if a node can unpack the rest of it',
  });
}

/** `image`: a valid tar that no release of mkfs.erofs takes. */
export function notForErofs(what: string): VeritySignError {
  return new VeritySignError('image', `EROFS cannot take this layer: ${what}`, {
    remedy: REAL_PATHS,
  });
}

/** What to do about entries behind a symbolic link. */
export const REAL_PATHS =
  'Build this layer with the real path of each entry: other snapshotters follow links in paths, mkfs.erofs does not';

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
