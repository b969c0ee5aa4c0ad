import { PassThrough, type Readable } from 'node:stream';

/**
 * Waits until the stream has data or has ended; rejects with its error if it fails before that. Later
 * errors are converted by `failure`.
 */
export function started(source: Readable, failure: (error: unknown) => unknown): Promise<Readable> {
  return new Promise((resolve, reject) => {
    const out = new PassThrough({ highWaterMark: 1024 * 1024 });
    let given = false;
    const give = (): void => {
      if (given) return;
      given = true;
      source.pipe(out);
      resolve(out);
    };
    source.once('readable', give).once('end', give);
    source.once('error', (error) => {
      if (given) out.destroy(failure(error) as Error);
      else reject(error);
    });
    out.once('close', () => source.destroy());
  });
}
