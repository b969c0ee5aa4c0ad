/**
 * JSON from outside, read so that all programs understand it alike: the program that signs a document,
 * the one that checks it and the one that runs the image may be different ones. Every reader of foreign
 * JSON in this program ends here.
 */
import type * as z from 'zod';
import { decoding, FormatError } from './format-error.ts';
import { atPath } from './json-path.ts';
import { checkJsonText } from './json-text.ts';
import { checkNames } from './known-names.ts';

/** Characters up to which a refused text is parsed for a better reason. */
const MAX_EXPLAINED = 64 * 1024;

/**
 * Parses JSON against a schema, by the rules of {@link decodeJson} and {@link matchSchema}.
 *
 * @param what names the document in messages, such as `a payload`
 * @throws FormatError
 */
export function parseStrictJson<S extends z.ZodType>(
  schema: S,
  bytes: Uint8Array,
  what: string,
): z.output<S> {
  try {
    return matchSchema(schema, decodeJson(bytes));
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new FormatError(`has ${what} that ${cause.message}`, { cause });
  }
}

/**
 * The value of a JSON document, as JSON.parse has it: in UTF-8 without a byte order mark, and with
 * nothing in it that another decoder may read differently (see {@link checkJsonText}).
 *
 * @throws FormatError, whose subject is the document
 */
export function decodeJson(bytes: Uint8Array): unknown {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    throw new FormatError('is not valid JSON: it begins with a byte order mark');
  }
  const text = decoding('is not valid JSON: it is not UTF-8', () =>
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
  );
  try {
    checkJsonText(text);
  } catch (cause) {
    // A text that is no JSON at all is reported as such; a long one would cost memory here.
    if (text.length <= MAX_EXPLAINED) parse(text);
    throw cause;
  }
  return parse(text);
}

function parse(text: string): unknown {
  return decoding('is not valid JSON', (): unknown => JSON.parse(text));
}

/** zod would write and compile code for each object of a schema, which pays for a thousand values and not for one. */
const ONCE = { jitless: true } as const;

/**
 * The value as `schema` has it. No name may equal one that the schema knows but for case: Go's decoder
 * would take it for that name.
 *
 * @throws FormatError, whose subject is the document, with the path of the first violation
 */
export function matchSchema<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  checkNames(schema, value);
  const result = schema.safeParse(value, ONCE);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = atPath(issue?.path ?? []);
  throw new FormatError(`is malformed${where}: ${issue?.message ?? 'unknown form'}`, { cause: result.error });
}
