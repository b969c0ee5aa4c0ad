/**
 * Bytes violate their format. The message is a predicate, such as `has no payload`; the code that
 * catches it puts the subject in front.
 */
export class FormatError extends Error {}

/** The bytes are valid JSON, but programs understand them differently. */
export class AmbiguityError extends FormatError {}

/** Runs a library's decoder. Any error that foreign bytes cause there becomes a FormatError with `what`. */
export function decoding<T>(what: string, decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    throw new FormatError(what, { cause });
  }
}
