import { VeritySignError } from '../../../errors.ts';
import type { RawValues } from '../../inputs/catalog.ts';
import type { Dialect } from '../../inputs/common-options.ts';
import { withBuiltImages } from '../../inputs/image-list.ts';

/** The images of a command line: its arguments, and those of `--metadata-file`. @throws VeritySignError 'usage' */
export function imagesOf(listed: readonly string[], raw: RawValues, dialect: Dialect): string[] {
  const images = withBuiltImages(listed, raw, dialect);
  if (images.length > 0) return images;
  throw new VeritySignError('usage', "missing required argument 'image'", {
    remedy: 'Name an image, such as registry.example/app:1.0 or oci:DIR',
  });
}
