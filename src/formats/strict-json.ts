/**
 * JSON from outside, read so that all readers understand it alike: the program that signs a document
 * and the one that checks it may be different ones. Every JSON reader of this program ends here.
 */
import { decode } from 'cborg/json';
import * as z from 'zod';
import { decoding, FormatError } from './format-error.ts';

/** What a document may have although readers treat it differently. */
export interface JsonRules {
  /** A byte order mark before the text; it is skipped. */
  byteOrderMark: boolean;
  /** The same name twice in an object; the last one counts. */
  repeatedNames: boolean;
}

const STRICT: JsonRules = { byteOrderMark: false, repeatedNames: false };

/**
 * Parses JSON against a schema: no invalid UTF-8, no byte order mark, no name twice in an object.
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
    return matchSchema(schema, decodeJson(bytes, STRICT));
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new FormatError(`has ${what} that ${cause.message}`, { cause });
  }
}

/**
 * The value of a JSON document in UTF-8. It is JSON.parse's; a second reader looks for repeated names,
 * of which JSON.parse keeps the last.
 * @throws FormatError, whose subject is the document
 */
export function decodeJson(bytes: Uint8Array, rules: JsonRules): unknown {
  const value = decoding('is not valid JSON', (): unknown => {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: !rules.byteOrderMark }).decode(bytes);
    return JSON.parse(text);
  });
  if (!rules.repeatedNames) {
    decoding('has a name that occurs twice', () =>
      decode(bytes, { rejectDuplicateMapKeys: true, useMaps: true }),
    );
  }
  return value;
}

/**
 * The value as `schema` has it.
 * @throws FormatError, whose subject is the document, with the path of the first violation
 */
export function matchSchema<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.join('.') ?? '';
  const where = path === '' ? '' : ` at ${path}`;
  throw new FormatError(`is malformed${where}: ${issue?.message ?? 'unknown form'}`, { cause: result.error });
}

/**
 * An object that keeps names beyond `shape`, unless one differs from a name of `shape` only in case:
 * Go's JSON decoder, and so notation, would take it for that name.
 */
export function openObject<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$loose> {
  const known = new Map(Object.keys(shape).map((name) => [fold(name), name]));
  const unlike = (name: string): boolean => (known.get(fold(name)) ?? name) === name;
  return z.looseObject(shape).refine((object) => Object.keys(object).every(unlike), {
    message: 'a name in other upper and lower case than the one of the specification',
  });
}

/** Folds case as Go does: `ſ` equals `s`, the Kelvin sign equals `k`. */
function fold(name: string): string {
  return name.toUpperCase().toLowerCase();
}
