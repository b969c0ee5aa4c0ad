/**
 * Checks the text of a JSON document for what readers understand differently although it is valid: names
 * that occur twice, numbers, characters that do not exist. JSON.parse decides whether it is valid.
 */
import { AmbiguityError, FormatError } from './format-error.ts';
import { atPath, quoteName } from './json-path.ts';

/** Most levels of objects and arrays. Go's limit is 10,000; no document of an image has more than ten. */
const MAX_DEPTH = 100;

/**
 * Most names, objects and arrays of a document, each of which takes far more memory than its text. An index
 * of 4 MiB with ordinary entries has 160,000.
 */
const MAX_PARTS = 250_000;

/** An integer as Go's decoder takes it for an int64. `-0` is another number in JavaScript than `0`. */
const INTEGER = /^(?:0|-?[1-9][0-9]*)$/;
const NUMBER = /-?[0-9][0-9.eE+-]*/y;

/** An object or array that is not closed yet. */
interface Level {
  /** The names so far; undefined in an array. */
  names: Set<string> | undefined;
  /** The name or position of the current value. */
  key: string | number;
  /** Whether the next string is a name. */
  atName: boolean;
}

/**
 * Refuses a name twice in one object, the name `__proto__`, numbers that are not integers in plain
 * digits within ±(2^53 - 1), halves of surrogate pairs, more than 100 levels, and more than 250,000 names,
 * objects and arrays.
 *
 * @param text JSON; what this check accepts may still be invalid
 * @throws FormatError, whose subject is the document
 */
export function checkJsonText(text: string): void {
  const open: Level[] = [];
  let parts = 0;
  for (let at = 0; at < text.length; at += 1) {
    const level = open.at(-1);
    const char = text.charAt(at);
    if (char === '{' || char === '[') {
      if (open.length === MAX_DEPTH) throw new FormatError(`nests deeper than ${MAX_DEPTH} levels`);
      parts += 1;
      const isObject = char === '{';
      open.push({ names: isObject ? new Set() : undefined, key: isObject ? '' : 0, atName: isObject });
    } else if (char === '}' || char === ']') open.pop();
    else if (char === ':' && level !== undefined) level.atName = false;
    else if (char === ',' && level !== undefined) next(level);
    else if (char === '"') {
      const end = endOfString(text, at);
      const value = stringOf(text.slice(at, end), open);
      if (level?.atName === true) {
        addName(level, value, open);
        parts += 1;
      }
      at = end - 1;
    } else if (char === '-' || (char >= '0' && char <= '9')) {
      NUMBER.lastIndex = at;
      const [digits = char] = NUMBER.exec(text) ?? [];
      checkNumber(digits, open);
      at += digits.length - 1;
    }
    if (parts > MAX_PARTS) throw new FormatError(`has more than ${MAX_PARTS} names, objects and lists`);
  }
}

function next(level: Level): void {
  if (typeof level.key === 'number') level.key += 1;
  else level.atName = true;
}

function addName(level: Level, name: string, open: readonly Level[]): void {
  if (level.names?.has(name)) {
    throw new AmbiguityError(`has the name ${quoteName(name)} twice${placeOf(open.slice(0, -1))}`);
  }
  if (name === '__proto__') {
    const where = placeOf(open.slice(0, -1));
    throw new AmbiguityError(`has the name "__proto__"${where}, which JavaScript programs read otherwise`);
  }
  level.names?.add(name);
  level.key = name;
}

function checkNumber(digits: string, open: readonly Level[]): void {
  if (INTEGER.test(digits) && Number.isSafeInteger(Number(digits))) return;
  throw new AmbiguityError(
    `has the number ${digits.slice(0, 40)}${placeOf(open)}: programs agree only on integers in plain digits, up to ${Number.MAX_SAFE_INTEGER}`,
  );
}

/** The position behind the closing quote. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '"') return at + 1;
    if (char === '\\') at += 1;
  }
  throw new FormatError('is not valid JSON');
}

function stringOf(quoted: string, open: readonly Level[]): string {
  // The text was decoded from UTF-8: only an escape can make half a pair.
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  let value: string;
  try {
    value = JSON.parse(quoted);
  } catch (cause) {
    throw new FormatError('is not valid JSON', { cause });
  }
  if (value.isWellFormed()) return value;
  throw new AmbiguityError(`has half a surrogate pair in a text${placeOf(open)}`);
}

/** Where a value is. An object's own key is set only when its first name has been read. */
function placeOf(open: readonly Level[]): string {
  return atPath(open.map(({ key }) => key).filter((key) => key !== ''));
}
