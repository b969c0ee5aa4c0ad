import { VeritySignError } from '../../../errors.ts';

/**
 * Splits `IMAGE… DIR`.
 * @param what the folder in messages
 * @throws VeritySignError 'usage' if there is no folder
 */
export function splitFolder(words: readonly string[], what: string): { listed: string[]; folder: string } {
  const folder = words.at(-1);
  if (folder === undefined || folder === '') {
    throw new VeritySignError('usage', `${what} is not given`, { remedy: 'Name it after the images' });
  }
  if (/^(oci|oci-archive|docker|docker-daemon):/.test(folder)) {
    throw new VeritySignError('usage', `the last word, ${folder}, is an image and not ${what}`, {
      remedy: 'Name the folder after the images',
    });
  }
  return { listed: words.slice(0, -1), folder };
}
