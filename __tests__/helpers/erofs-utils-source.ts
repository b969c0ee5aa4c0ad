import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { download } from '../../scripts/tools/download.ts';
import { Origin } from '../../scripts/tools/origin.ts';
import { EROFS_UTILS } from '../../scripts/tools/pins.ts';

/** The release tarball of erofs-utils, from the source of the pinned tools. `folder` is a scratch folder. */
export async function erofsUtilsSource(folder: string): Promise<Buffer> {
  const target = join(folder, 'source.tar.gz');
  const origin = new Origin();
  try {
    const archive = await origin.archive();
    const { version, sha256, url } = EROFS_UTILS;
    if (archive === undefined) await download(url, sha256, target);
    else await archive.tarball('erofs-utils', version, sha256, target);
    return readFileSync(target);
  } finally {
    await origin.close();
  }
}
