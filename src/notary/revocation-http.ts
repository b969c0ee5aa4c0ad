import { VeritySignError } from '../errors.ts';

export interface HttpLimits {
  /** Milliseconds for the whole exchange. */
  timeout: number;
  /** Most bytes of the answer. */
  maxBytes: number;
  signal: AbortSignal;
}

/**
 * Gets an answer from a server that a trusted certificate names. Only plain HTTP, as notation: what
 * comes back is signed, and the server's own certificate might need the same check.
 * @param body for a POST; without it a GET
 * @throws VeritySignError 'environment' or 'cancelled'
 */
export async function askServer(
  url: string,
  body: { bytes: Uint8Array; type: string } | undefined,
  { timeout, maxBytes, signal }: HttpLimits,
): Promise<Uint8Array> {
  const target = URL.parse(url);
  if (target?.protocol !== 'http:') throw unusable(url, 'has no URL of http://');
  const deadline = AbortSignal.timeout(timeout);
  try {
    const response = await fetch(target, {
      signal: AbortSignal.any([signal, deadline]),
      ...(body === undefined
        ? {}
        : { method: 'POST', body: Buffer.from(body.bytes), headers: { 'content-type': body.type } }),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw unusable(url, `answered with status ${response.status}`);
    }
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of response.body ?? []) {
      length += chunk.length;
      if (length > maxBytes) throw unusable(url, `sent more than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (cause) {
    if (cause instanceof VeritySignError) throw cause;
    if (signal.aborted) throw new VeritySignError('cancelled', 'the run was cancelled', { cause });
    throw unusable(url, deadline.aborted ? `did not answer in ${timeout} ms` : 'cannot be reached', cause);
  }
}

function unusable(url: string, what: string, cause?: unknown): VeritySignError {
  const shown = JSON.stringify(url.length > 200 ? `${url.slice(0, 200)}…` : url);
  return new VeritySignError('environment', `the revocation server ${shown} ${what}`, { cause });
}
