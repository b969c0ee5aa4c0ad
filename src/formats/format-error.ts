/**
 * Bytes violate their format. The message is a predicate, such as `has no payload`; the code that
 * catches it puts the subject in front.
 */
export class FormatError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FormatError';
  }
}

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

/**
 * Runs the reader of a part. Its FormatError becomes one of the whole: `has a certificate that cannot be
 * read: it ends too early`.
 * @param part With its article, such as `a certificate`.
 */
export function readPart<T>(part: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new FormatError(`has ${part} that cannot be read: it ${cause.message}`, { cause });
  }
}

/** Runs the reader of a whole: its FormatError says of what kind it should be, `is not a CRL: it ends too early`. */
export function readAs<T>(kind: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new FormatError(`is not ${kind}: it ${cause.message}`, { cause });
  }
}
