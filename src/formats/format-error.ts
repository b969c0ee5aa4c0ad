/**
 * Bytes are not what they should be. The message completes a sentence whose subject the catcher knows,
 * such as `has no payload`; it never leaves this folder.
 */
export class FormatError extends Error {}

/** Runs a library's decoder: whatever it throws for foreign bytes means that they cannot be read. */
export function decoding<T>(what: string, decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    throw new FormatError(what, { cause });
  }
}
