import { createHash } from 'node:crypto';
import { render, type Tree, treeOf, within } from './json-tree.ts';
import type { Next } from './random.ts';

/** Names that Go programs know somewhere in the documents of images. */
const NAMES = [
  ...[
    'schemaVersion',
    'mediaType',
    'config',
    'layers',
    'manifests',
    'subject',
    'annotations',
    'artifactType',
  ],
  ...['digest', 'size', 'urls', 'data', 'platform', 'os', 'architecture', 'variant', 'os.version'],
  ...['os.features', 'features', 'fsLayers', 'blobs', 'signatures', 'history', 'rootfs', 'type', 'diff_ids'],
  ...['created', 'author', 'Config', 'Layers', 'RepoTags', 'Env', 'Cmd', 'Labels', 'Healthcheck', 'Interval'],
  ...[
    'container_config',
    'docker_version',
    'targetArtifact',
    'Size',
    'empty_layer',
    'created_by',
    '__proto__',
  ],
];

const VALUES = [
  ...['null', '""', '"x"', 'true', 'false', '[]', '{}', '[null]', '{"a":"b"}', '[[]]', '"linux"'],
  ...['0', '-0', '-1', '1', '1.0', '1e3', '1E0', '0.5', '12345678901234567890', '9007199254740993'],
  ...['9223372036854775807', '-9223372036854775809', '1e400', '01', '+1', '.5', 'NaN'],
  ...['"\\ud800"', '"\\udc00\\ud800"', '"\\ud83d\\ude00"', '"\\u0000"', '"a\\/b"', '"\\x41"', "'a'"],
  ...[
    '"YQ=="',
    '"YQ"',
    '"=="',
    '"2026-02-30T00:00:00Z"',
    '"2026-02-28T23:59:60Z"',
    '"2026-01-01T00:00:00+14:00"',
  ],
  `"sha256:${'d'.repeat(64)}"`,
  `"sha256:${'D'.repeat(64)}"`,
];

/** A change of a tree in place; false if there is nothing to change. */
type Change = (tree: Tree, next: Next) => boolean;
type ObjectTree = Extract<Tree, { members: unknown }>;

const CHANGES: Record<string, Change> = {
  'a name twice': (tree, next) =>
    inObject(tree, next, (object, member) => insert(object, next, member.name, other(tree, next))),
  'a name in another case, beside it': (tree, next) =>
    inObject(tree, next, (object, member) =>
      insert(object, next, fold(member.name, next), other(tree, next)),
    ),
  'a name in another case': (tree, next) =>
    inObject(tree, next, (_object, member) => {
      member.name = fold(member.name, next);
    }),
  'a name with an escape': (tree, next) =>
    inObject(tree, next, (_object, member) => {
      member.name = withEscape(member.name, next);
    }),
  'a name of another place': (tree, next) =>
    inObject(tree, next, (object) =>
      insert(object, next, JSON.stringify(pick(NAMES, next)), other(tree, next)),
    ),
  'a known name in another case': (tree, next) =>
    inObject(tree, next, (object) =>
      insert(object, next, fold(JSON.stringify(pick(NAMES, next)), next), other(tree, next)),
    ),
  'another value': (tree, next) =>
    inObject(tree, next, (_object, member) => {
      member.value = other(tree, next);
    }),
  'another number': (tree, next) => {
    const numbers = within(tree).filter((one) => 'raw' in one && /^\d/.test(one.raw)) as { raw: string }[];
    const found = numbers[next(Math.max(1, numbers.length))];
    if (found === undefined) return false;
    found.raw = pick(
      [`${found.raw}.0`, `${found.raw}e0`, `-${found.raw}`, `0${found.raw}`, `${found.raw}0`],
      next,
    );
    return true;
  },
  'no value': (tree, next) =>
    inObject(tree, next, (object, member) => {
      object.members.splice(object.members.indexOf(member), 1);
    }),
  'names in another order': (tree, next) =>
    inObject(tree, next, (object) => {
      object.members.reverse();
    }),
  'a list that is longer or shorter': (tree, next) => {
    const lists = within(tree).filter((one) => 'items' in one) as { items: Tree[] }[];
    const list = lists[next(Math.max(1, lists.length))];
    if (list === undefined) return false;
    if (next(2) === 0) list.items.pop();
    else list.items.push(other(tree, next));
    return true;
  },
  'embedded content': (tree, next) => {
    const described = within(tree).filter(
      (one): one is ObjectTree => 'members' in one && one.members.some(({ name }) => name === '"digest"'),
    );
    const found = described[next(Math.max(1, described.length))];
    if (found === undefined) return false;
    const content = Buffer.from(pick(['{}', '[]', '{"layers":[]}', ''], next));
    const set = (name: string, raw: string) => {
      found.members = found.members.filter((member) => member.name !== name);
      insert(found, next, name, { raw });
    };
    set('"data"', JSON.stringify(content.toString('base64')));
    // Often what the descriptor says, so that readers accept it.
    if (next(2) === 0) return true;
    set('"size"', `${content.length}`);
    set('"digest"', `"sha256:${createHash('sha256').update(content).digest('hex')}"`);
    return true;
  },
  'deep nesting': (tree, next) =>
    inObject(tree, next, (_object, member) => {
      const depth = [20, 90, 120, 11_000][next(4)] ?? 0;
      member.value = { raw: `${'['.repeat(depth)}${']'.repeat(depth)}` };
    }),
};

/** Changes of the bytes around and within a text. */
const BYTES: Record<string, (text: string, next: Next) => Buffer> = {
  'a byte order mark': (text) => Buffer.from(`\ufeff${text}`),
  'a second document': (text, next) =>
    Buffer.from(`${text}${pick([' ', '\n', '{}', ',', ']', '\0', 'x', ' null'], next)}`),
  'white space': (text, next) =>
    Buffer.from(`${pick([' ', '\t\n', '\u00a0', '\u2028', '\f', '/**/'], next)}${text}\r\n`),
  truncation: (text, next) => Buffer.from(text).subarray(0, next(text.length)),
  'another byte': (text, next) => {
    const bytes = Buffer.from(text);
    bytes[next(bytes.length)] = next(256);
    return bytes;
  },
  'a byte too many': (text, next) => {
    const bytes = Buffer.from(text);
    const at = next(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), Buffer.from([next(256)]), bytes.subarray(at)]);
  },
};

export const MUTATIONS: readonly string[] = [...Object.keys(CHANGES), ...Object.keys(BYTES)];

/** A document with one to three changes; the last of them is named in `change`. */
export function mutate(document: unknown, next: Next): { bytes: Buffer; change: string } {
  const tree = treeOf(document);
  const names = Object.keys(CHANGES);
  let change = '';
  for (let left = 1 + (next(4) === 0 ? next(3) : 0); left > 0; left -= 1) {
    const name = pick(names, next);
    if (CHANGES[name]?.(tree, next) === true) change = name;
  }
  const text = render(tree);
  if (change !== '' && next(5) > 0) return { bytes: Buffer.from(text), change };
  const name = pick(Object.keys(BYTES), next);
  return { bytes: BYTES[name]?.(text, next) ?? Buffer.from(text), change: name };
}

/** Calls `use` with an object of the tree and one of its members. */
function inObject(
  tree: Tree,
  next: Next,
  use: (object: ObjectTree, member: ObjectTree['members'][number]) => void,
): boolean {
  const objects = within(tree).filter((one): one is ObjectTree => 'members' in one && one.members.length > 0);
  const object = objects[next(Math.max(1, objects.length))];
  const member = object?.members[next(object.members.length)];
  if (object === undefined || member === undefined) return false;
  use(object, member);
  return true;
}

function insert(object: ObjectTree, next: Next, name: string, value: Tree): void {
  object.members.splice(next(object.members.length + 1), 0, { name, value });
}

/** A value of the table, or one of another place in the document. */
function other(tree: Tree, next: Next): Tree {
  const places = within(tree).slice(1);
  const place = places[next(Math.max(1, places.length))];
  return next(2) === 0 || place === undefined ? { raw: pick(VALUES, next) } : structuredClone(place);
}

/** Some letters in the other case, `ſ` for s or the Kelvin sign for k. */
function fold(quoted: string, next: Next): string {
  const letters = [...quoted].map((letter) => {
    if (next(3) > 0 || !/[a-z]/i.test(letter)) return letter;
    if (letter === 's' && next(2) === 0) return 'ſ';
    if (letter === 'k' && next(2) === 0) return '\u212a';
    return letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
  });
  const folded = letters.join('');
  return folded === quoted ? quoted.toUpperCase() : folded;
}

function withEscape(quoted: string, next: Next): string {
  const at = 1 + next(Math.max(1, quoted.length - 2));
  const code = quoted.charCodeAt(at).toString(16).padStart(4, '0');
  return `${quoted.slice(0, at)}\\u${code}${quoted.slice(at + 1)}`;
}

function pick<T>(list: readonly T[], next: Next): T {
  const found = list[next(list.length)];
  if (found === undefined) throw new TypeError('an empty list');
  return found;
}
