import type { IncomingMessage } from 'node:http';
import { HttpError } from './errors.ts';

/**
 * The body of an answer, held in memory.
 * @throws HttpError 'too-large' as soon as it has more than `maxBytes`, whatever its head says;
 * 'encoding'; 'interrupted'
 */
export async function readBody(response: IncomingMessage, url: URL, maxBytes: number): Promise<Buffer> {
  const encoding = response.headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding !== '' && encoding !== 'identity') {
    throw new HttpError('encoding', 'sent an unrequested compressed response', { url });
  }
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > maxBytes) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw interrupted(cause, url);
  }
  if (length <= maxBytes) return Buffer.concat(chunks, length);
  throw new HttpError('too-large', `sent an answer of more than ${inUnits(maxBytes)}`, { url });
}

/** The failure of an answer's body. */
export function interrupted(cause: unknown, url: URL): HttpError {
  const { code = 'ECONNRESET' } = cause as NodeJS.ErrnoException;
  return new HttpError('interrupted', `broke off its answer (${code})`, { url, code, cause });
}

function inUnits(bytes: number): string {
  if (bytes % (1024 * 1024) === 0) return `${bytes / (1024 * 1024)} MiB`;
  return bytes % 1024 === 0 ? `${bytes / 1024} KiB` : `${bytes} bytes`;
}
