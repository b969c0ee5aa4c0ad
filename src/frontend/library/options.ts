/**
 * The options of the library: those of the CLI's commands with names in camel case, checked by the same parsers. This
 * is the one place that maps them. `npm run docs` writes option-types.ts from it.
 */
import { VeritySignError } from '../../errors.ts';
import { isPemText, splitPemList } from '../../lib/pem-text.ts';
import { type InputName, type InputSpec, inputsOf, type RawValues } from '../inputs/catalog.ts';
import { listedTags } from '../inputs/image-list.ts';
import { camelCase, emptyValue } from '../inputs/input-spec.ts';
import { parseLines, parseList } from '../inputs/parse-values.ts';

export const COMMANDS = ['sign', 'verify', 'inspect', 'root-hash'] as const;
export type LibraryCommand = (typeof COMMANDS)[number];

/** What an option's value is: `pairs` are an object, and a list may be a single item. */
export type ValueKind = 'text' | 'flag' | 'number' | 'list' | 'pairs';

export interface LibraryOption {
  /** In camel case. */
  name: string;
  /** The input that gets the value. `image` and `source` are the arguments of a command line. */
  input: InputName | 'source';
  description: string;
  kind: ValueKind;
  /** Of a list: what separates its items where it is a text. */
  list?: InputSpec['list'];
  choices?: readonly string[];
  default?: string;
}

/** Options of the CLI that the library does not have. */
export const NOT_IN_LIBRARY: Readonly<Partial<Record<InputName, string>>> = {
  report: 'the functions return the report',
  output: 'the functions return the report',
  json: 'the functions return the report',
  debug: 'the logger of a call decides what it keeps',
  quiet: 'the logger of a call decides what it keeps',
};

const IMAGE: LibraryOption = {
  name: 'image',
  input: 'image',
  description:
    'Images: registry/repository:tag or …@sha256:…, docker://…, oci:DIR[:TAG|@DIGEST] or oci-archive:FILE[:TAG|@DIGEST]. Signing with pushTo also accepts docker-daemon:NAME[:TAG]. Required unless metadataFile is set',
  kind: 'list',
  list: 'lines',
};

const SOURCE: LibraryOption = {
  name: 'source',
  input: 'source',
  description: 'Images, as for sign, or paths of files that contain one layer blob each. Required',
  kind: 'list',
  list: 'lines',
};

/** All options of a command, in the order of the CLI's help. */
export function optionsOf(command: LibraryCommand): LibraryOption[] {
  const inputs = inputsOf(command).filter(({ name }) => NOT_IN_LIBRARY[name] === undefined);
  return [
    command === 'root-hash' ? SOURCE : IMAGE,
    ...inputs.map((input) => ({
      name: camelCase(input.name),
      input: input.name,
      description: input.description,
      kind: kindOf(input),
      ...(input.list === undefined ? {} : { list: input.list }),
      ...(input.choices === undefined ? {} : { choices: input.choices }),
      ...(input.default === undefined ? {} : { default: input.default }),
    })),
  ];
}

function kindOf({ value, default: preset, list }: InputSpec): ValueKind {
  if (preset === 'true' || preset === 'false') return 'flag';
  if (value === 'KEY=VALUE') return 'pairs';
  if (value === 'N') return 'number';
  return list === undefined ? 'text' : 'list';
}

/** The values by the names of the inputs, and the sources, which no input has. */
export interface GivenOptions {
  raw: RawValues;
  sources: string[];
}

/**
 * Turns the options of a call into what the parsers of the inputs read. Undefined stands for an absent option.
 * @throws VeritySignError 'usage' for a name that the command does not have, for a value of another type, and
 *   for an empty value: what was to be inserted there is missing
 */
export function givenOptions(command: LibraryCommand, given: object): GivenOptions {
  const known = new Map(optionsOf(command).map((option) => [option.name, option]));
  const raw: RawValues = {};
  let sources: string[] = [];
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const option = known.get(name);
    if (option === undefined) {
      throw new VeritySignError('usage', `option ${name} is unknown to ${camelCase(command)}`, {
        remedy: `Use one of ${[...known.keys()].join(', ')}`,
      });
    }
    const items = itemsOf(value, option);
    if (option.input === 'source') sources = items;
    else raw[option.input] = items.join('\n');
  }
  return { raw, sources };
}

/** What a value of each kind has to be. */
const EXPECTED: Readonly<Record<ValueKind, string>> = {
  text: 'a string',
  flag: 'true or false',
  number: 'a number',
  list: 'a string or an array of strings',
  pairs: 'an object of strings whose keys have no =',
};

/** The lines of a value. */
function itemsOf(value: unknown, option: LibraryOption): string[] {
  const { name, kind } = option;
  const items = linesOf(value, kind);
  if (items === undefined) {
    throw new VeritySignError('usage', `option ${name} is not ${EXPECTED[kind]}`, {
      remedy: `Give ${EXPECTED[kind]}`,
    });
  }
  requireWholeItems(items, option);
  return items;
}

/** Refuses items that the parsers of the inputs, which read one text, would drop, change or take for several. */
function requireWholeItems(items: readonly string[], option: LibraryOption): void {
  const { name, input, kind } = option;
  // Images may come from metadataFile alone; without it, and without sources, the message says what is missing.
  const mayBeNone = kind === 'pairs' || input === 'image' || input === 'source';
  if (items.some((item) => item.trim() === '') || (items.length === 0 && !mayBeNone)) {
    throw emptyValue(`option ${name}`);
  }
  // PEM text has lines of its own. Elsewhere a second line would be an item that the caller did not give.
  const others = TAKES_PEM.includes(input) ? items.filter((item) => !isPemText(item)) : items;
  if (kind !== 'text' && others.some((item) => /[\r\n]/.test(item))) {
    throw new VeritySignError('usage', `option ${name} has an item of several lines`, {
      remedy: 'Give each item on its own in the array or object',
    });
  }
  const read = kind === 'list' ? readItems(items.join('\n'), option) : others;
  const changed = others.find((item) => !read.includes(item));
  if (changed === undefined) return;
  // The item may be a password by mistake: its number has to do.
  const number = items.indexOf(changed) + 1;
  throw new VeritySignError('usage', `option ${name}: item ${number} is not read as one item`, {
    remedy: `Give each item on its own in the array, without white space around it${option.list === true ? ' and without commas' : ''}`,
  });
}

const TAKES_PEM: readonly LibraryOption['input'][] = ['trusted-certificate', 'preflight-certificate'];

/** The items of a list, as the parser of its input takes them out of one text. */
function readItems(text: string, { input, list }: LibraryOption): string[] {
  if (TAKES_PEM.includes(input)) return splitPemList(text);
  if (input === 'push-to') return listedTags(text);
  return list === true ? parseList(text) : parseLines(text);
}

/** Undefined for a value of another kind. */
function linesOf(value: unknown, kind: ValueKind): string[] | undefined {
  if (kind === 'flag') return typeof value === 'boolean' ? [String(value)] : undefined;
  if (kind === 'number') return typeof value === 'number' ? [String(value)] : undefined;
  if (kind === 'text') return typeof value === 'string' ? [value] : undefined;
  if (kind === 'list') {
    const items: unknown[] = Array.isArray(value) ? value : [value];
    return items.every((item) => typeof item === 'string') ? items : undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const pairs = Object.entries(value).filter(([, text]) => text !== undefined);
  // A key ends at the first `=`.
  if (!pairs.every(([key, text]) => typeof text === 'string' && !key.includes('='))) return undefined;
  return pairs.map(([key, text]) => `${key}=${text}`);
}
