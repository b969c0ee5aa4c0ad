import { VeritySignError } from '../../../errors.ts';
import { TOOL } from '../../../report/tool.ts';
import type { RawValues } from '../../inputs/catalog.ts';
import type { Dialect } from '../../inputs/common-options.ts';
import { withBuiltImages } from '../../inputs/image-list.ts';

/** The images of a command line: its arguments, and those of `--metadata-file`. @throws VeritySignError 'usage' */
export function imagesOf(listed: readonly string[], raw: RawValues, dialect: Dialect): string[] {
  const images = withBuiltImages(listed, raw, dialect);
  if (images.length > 0) return images;
  throw new VeritySignError('usage', "missing required argument 'image'", {
    remedy: `Run ${TOOL.name} --help for the commands and options`,
  });
}
