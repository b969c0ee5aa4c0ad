/** JSON that all readers understand alike, since one that signs and one that checks may be different programs. */
import { decode } from 'cborg/json';
import * as z from 'zod';
import { decoding, FormatError } from './format-error.ts';

/**
 * Parses JSON against a schema: no invalid UTF-8, no byte order mark, no name twice in an object. The
 * value is JSON.parse's; the second reader is there because JSON.parse keeps the last of two like names.
 * @throws FormatError
 */
export function parseStrictJson<S extends z.ZodType>(
  schema: S,
  bytes: Uint8Array,
  what: string,
): z.output<S> {
  const value = decoding(`has ${what} that is not valid JSON`, (): unknown => {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return JSON.parse(text);
  });
  decoding(`has ${what} with a name that occurs twice`, () =>
    decode(bytes, { rejectDuplicateMapKeys: true, useMaps: true }),
  );
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  throw new FormatError(`has ${what} that is malformed${where}: ${issue?.message ?? 'unknown form'}`);
}

/**
 * An object whose names beyond `shape` are kept, unless one differs from a name of `shape` in case
 * alone: Go's JSON decoder, and so notation, would take it for that name.
 */
export function openObject<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$loose> {
  const known = new Map(Object.keys(shape).map((name) => [fold(name), name]));
  const unlike = (name: string): boolean => (known.get(fold(name)) ?? name) === name;
  return z.looseObject(shape).refine((object) => Object.keys(object).every(unlike), {
    message: 'a name in other upper and lower case than the one of the specification',
  });
}

/** As Go folds: `ſ` equals `s`, the Kelvin sign equals `k`. */
function fold(name: string): string {
  return name.toUpperCase().toLowerCase();
}
