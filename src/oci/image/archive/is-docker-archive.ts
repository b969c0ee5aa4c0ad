import { createReadStream } from 'node:fs';
import { Parser, type ReadEntry } from 'tar';
import { VeritySignError } from '../../../errors.ts';
import { onAbort } from '../../../lib/concurrent.ts';

/** Whether a tar file has docker's manifest.json, and is no layout. It reads all headers of the file. */
export async function isDockerArchive(file: string, signal?: AbortSignal): Promise<boolean> {
  let manifest = false;
  let layout = false;
  const input = createReadStream(file, { highWaterMark: 1024 * 1024 });
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      input.destroy();
      reject(new VeritySignError('cancelled', 'reading the archive was stopped'));
    };
    const release = onAbort(signal, stop);
    const end = (): void => {
      release();
      resolve();
    };
    const parser = new Parser({
      onReadEntry(entry: ReadEntry) {
        const name = entry.path.replace(/^(\.\/)+/, '');
        manifest ||= name === 'manifest.json';
        layout ||= name === 'oci-layout' || name === 'index.json';
        entry.resume();
      },
    });
    // A damaged or unreadable file: what was found before it counts.
    parser.on('error', end);
    parser.on('end', end);
    input.on('error', end);
    input.pipe(parser as unknown as NodeJS.WritableStream);
  });
  return manifest && !layout;
}
