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
export function checkNames(schema: Schema, value: unknown): void {
  visit(schema, value, []);
}

/** @param path of `value`; it is the same array in all calls, so that a large document needs no others */
function visit(schema: Schema, value: unknown, path: PropertyKey[]): void {
  if (typeof value !== 'object' || value === null) return;
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'object':
      if (!Array.isArray(value)) checkFields(def.shape, value, path);
      return;
    case 'array':
      visitAll(value, path, () => def.element);
      return;
    case 'record':
      visitAll(value, path, () => def.valueType);
      return;
    case 'optional':
    case 'nullable':
      visit(def.innerType, value, path);
      return;
    case 'pipe':
      visit(def.in, value, path);
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

/** Visits what an object or array has, each by its schema; what has none is undeclared. */
function visitAll(value: object, path: PropertyKey[], schemaOf: (name: string) => Schema | undefined): void {
  const one = (key: PropertyKey, item: unknown): void => {
    if (typeof item !== 'object' || item === null) return;
    path.push(key);
    const schema = schemaOf(String(key));
    if (schema === undefined) checkUndeclared(item, path);
    else visit(schema, item, path);
    path.pop();
  };
  if (Array.isArray(value)) for (let index = 0; index < value.length; index += 1) one(index, value[index]);
  else for (const name of Object.keys(value)) one(name, (value as Record<string, unknown>)[name]);
}

/** The names of an object whose known names are those of `shape`. */
function checkFields(shape: Readonly<Record<string, Schema>>, value: object, path: PropertyKey[]): void {
  const known = knownNames(shape);
  for (const name of Object.keys(value)) {
    const meant = known.get(foldName(name)) ?? name;
    if (meant === name) continue;
    throw new AmbiguityError(
      `has the name ${quoteName(name)}${atPath(path)}, which Go programs read as ${quoteName(meant)}`,
    );
  }
  checkDistinct(value, path);
  visitAll(value, path, (name) => (Object.hasOwn(shape, name) ? shape[name] : undefined));
}

const KNOWN = new WeakMap<object, ReadonlyMap<string, string>>();

/** The names of `shape` by their folded form. */
function knownNames(shape: object): ReadonlyMap<string, string> {
  const names = KNOWN.get(shape) ?? new Map(Object.keys(shape).map((name) => [foldName(name), name]));
  KNOWN.set(shape, names);
  return names;
}

/** A value that the schema does not mention: another program's, which may know it as a struct. */
function checkUndeclared(value: object, path: PropertyKey[]): void {
  if (!Array.isArray(value)) checkDistinct(value, path);
  visitAll(value, path, () => undefined);
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
