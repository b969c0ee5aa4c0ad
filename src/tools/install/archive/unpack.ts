import { VeritySignError } from '../../../errors.ts';
import { networkEnvironment } from '../../../lib/process/environment.ts';
import { run } from '../../../lib/process/run.ts';
import type { Archive } from './archive.ts';

/** Unpacks a tar.gz or zip file into `folder`. @throws VeritySignError 'environment' */
export async function unpack(
  file: string,
  folder: string,
  archive: Archive,
  signal: AbortSignal,
): Promise<void> {
  try {
    if (archive.urls.some((url) => new URL(url).pathname.endsWith('.zip'))) {
      // Lazy import: only Windows has a zip file.
      const { extractZip } = await import('@actions/tool-cache');
      await extractZip(file, folder);
      return;
    }
    const argv = ['tar', '--extract', '--gzip', '--no-same-owner', '--file', file, '--directory', folder];
    await run(argv, { env: networkEnvironment(), signal });
  } catch (cause) {
    signal.throwIfAborted();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new VeritySignError(
      'environment',
      `cannot unpack the archive of ${archive.tool} ${archive.version} (${reason})`,
      {
        remedy: 'Check that tar and gzip are installed, and that the checksum is that of a complete archive',
        cause,
      },
    );
  }
}
