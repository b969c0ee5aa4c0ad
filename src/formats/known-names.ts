/**
 * Refuses names that Go programs take for other ones: where a schema has an object, Go has a struct, and
 * encoding/json matches the names of its fields by case folding; the last of several wins. The names of a
 * record are data, as those of a Go map, and may differ in case only.
 */
import type * as z from 'zod';
import { foldName } from './fold-name.ts';
import { AmbiguityError } from './format-error.ts';
import { atPath, type JsonPath, quoteName } from './json-path.ts';

type Schema = z.core.$ZodType;

/**
 * Checks all names of a document, at every level. An object that the schema does not mention may not
 * have two names that are equal but for case folding. What the schema calls unknown is not checked.
 *
 * @param value the document; it need not match the schema yet
 * @throws AmbiguityError, whose subject is the document
 */
export function checkNames(schema: Schema, value: unknown, path: JsonPath = []): void {
  if (typeof value !== 'object' || value === null) return;
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'object':
      if (!Array.isArray(value)) checkFields(def.shape, value, path);
      return;
    case 'array':
      for (const [key, item] of Object.entries(value)) checkNames(def.element, item, [...path, key]);
      return;
    case 'record':
      for (const [key, item] of Object.entries(value)) checkNames(def.valueType, item, [...path, key]);
      return;
    case 'optional':
    case 'nullable':
      checkNames(def.innerType, value, path);
      return;
    case 'pipe':
      checkNames(def.in, value, path);
      return;
    case 'string':
    case 'number':
    case 'boolean':
    case 'literal':
    case 'undefined':
      // The schema refuses an object here.
      return;
    case 'unknown':
      return;
    default:
      throw new TypeError(`the names in a schema of type ${def.type} cannot be checked`);
  }
}

/** The names of an object whose known names are those of `shape`. */
function checkFields(shape: Readonly<Record<string, Schema>>, value: object, path: JsonPath): void {
  const known = knownNames(shape);
  for (const name of Object.keys(value)) {
    const meant = known.get(foldName(name)) ?? name;
    if (meant === name) continue;
    throw new AmbiguityError(
      `has the name ${quoteName(name)}${atPath(path)}, which Go programs read as ${quoteName(meant)}`,
    );
  }
  checkDistinct(value, path);
  for (const [name, item] of Object.entries(value)) {
    const field = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (field === undefined) checkUndeclared(item, [...path, name]);
    else checkNames(field, item, [...path, name]);
  }
}

const KNOWN = new WeakMap<object, ReadonlyMap<string, string>>();

/** The names of `shape` by their folded form. */
function knownNames(shape: object): ReadonlyMap<string, string> {
  const names = KNOWN.get(shape) ?? new Map(Object.keys(shape).map((name) => [foldName(name), name]));
  KNOWN.set(shape, names);
  return names;
}

/** A value that the schema does not mention: another program's, which may know it as a struct. */
function checkUndeclared(value: unknown, path: JsonPath): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) checkDistinct(value, path);
  for (const [key, item] of Object.entries(value)) checkUndeclared(item, [...path, key]);
}

function checkDistinct(value: object, path: JsonPath): void {
  const seen = new Map<string, string>();
  for (const name of Object.keys(value)) {
    const folded = foldName(name);
    const other = seen.get(folded);
    if (other !== undefined) {
      throw new AmbiguityError(
        `has the names ${quoteName(other)} and ${quoteName(name)}${atPath(path)}, which Go programs take for the same`,
      );
    }
    seen.set(folded, name);
  }
}
