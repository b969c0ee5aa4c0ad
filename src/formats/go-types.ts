/**
 * Fields of documents that this program does not use, with the types that they have in Go: a program that
 * runs the image decodes them. Go reads null as an absent value.
 */
import * as z from 'zod';

/** A field that this program reads, where Go reads null as absent. */
export function nullable<S extends z.ZodType>(schema: S) {
  return schema.nullish().transform((value) => value ?? undefined);
}

/** A text, where Go reads null and the empty text as absent. */
export const optionalText = z
  .string()
  .nullish()
  .transform((value) => (value === null || value === '' ? undefined : value));

export const text = z.string().nullish();
export const texts = z.array(z.string()).nullish();
export const integer = z.int().nullish();
export const flag = z.boolean().nullish();

/** A value of any form. */
export const anything = z.unknown().optional();

/** `map[string]string`: its names are data. */
export const textMap = z.record(z.string(), z.string()).nullish();

/** `map[string]struct{}`: its names are data. */
export const nameSet = z.record(z.string(), z.looseObject({})).nullish();

/** `[]byte`: padded base64. */
export const bytes = z
  .string()
  .regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'not padded base64')
  .nullish();

/** `time.Time`. [RFC 3339] */
export const time = z.string().refine(isTime, 'not a time of RFC 3339').nullish();

const TIME =
  /^(\d{4}-\d\d-\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** A date of the calendar, a time of the day and an offset; no leap second. */
function isTime(value: string): boolean {
  const day = new Date(`${TIME.exec(value)?.[1]}T00:00:00Z`);
  // Date.parse takes 30 February for 2 March.
  return !Number.isNaN(day.getTime()) && value.startsWith(day.toISOString().slice(0, 10));
}
