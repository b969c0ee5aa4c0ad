import { dirname, join, resolve } from 'node:path';
import type { NodeFiles } from '../node-files.ts';

/** Paths of files, sorted within each folder; or why they cannot be known. */
export type Imported = { paths: string[] } | { path: string; reason: string };

/**
 * The paths that an item of `imports` names. Only one with `*` is a pattern; then each of its parts is, as in Go's
 * path/filepath.Glob. [containerd cmd/containerd/server/config/config.go, resolveImports]
 * @param from the file that has the item
 */
export async function importedPaths(files: NodeFiles, from: string, item: string): Promise<Imported> {
  const path = resolve(dirname(from), item);
  if (!path.includes('*')) return { paths: [path] };
  const parts = path.slice(1).split('/');
  const plain = parts.findIndex((part) => /[*?[\\]/.test(part));
  let paths = [`/${parts.slice(0, plain).join('/')}`];
  for (const part of parts.slice(plain)) {
    const pattern = parsePattern(part);
    if (pattern === undefined) return { path: from, reason: `the import ${item} is no valid pattern` };
    const found: string[] = [];
    for (const folder of paths) {
      const listed = await files.list(folder);
      if (listed.state === 'unreadable') return { path: folder, reason: listed.reason };
      if (listed.state === 'absent') continue;
      found.push(...listed.names.filter((name) => matches(pattern, name)).map((name) => join(folder, name)));
    }
    paths = found;
  }
  return { paths };
}

/** What one character of a name must be, or `*` for any number of them. */
type Pattern = readonly ('*' | ((character: string) => boolean))[];

const IN_CLASS = String.raw`\\.|[^\\\]-]`;
const RANGE = `(${IN_CLASS})(?:-(${IN_CLASS}))?`;
const TERM = new RegExp(String.raw`\*|\?|\[(?:\^|(?!\^))(?:${RANGE})+\]|\\.|[^*?[\\]`, 'gsu');

/** Undefined for what Go calls a syntax error. [Go path/filepath/match.go] */
function parsePattern(text: string): Pattern | undefined {
  const terms = text.match(TERM) ?? [];
  if (terms.join('') !== text) return undefined;
  return terms.map((term) => {
    if (term === '*') return term;
    if (term === '?') return () => true;
    if (!term.startsWith('[')) return (character) => character === unescaped(term);
    const isNegated = term.startsWith('[^');
    const ranges = [...term.slice(isNegated ? 2 : 1, -1).matchAll(new RegExp(RANGE, 'gsu'))].map(
      ([, low = '', high = low]) => [codeOf(unescaped(low)), codeOf(unescaped(high))] as const,
    );
    return (character) =>
      ranges.some(([low, high]) => low <= codeOf(character) && codeOf(character) <= high) !== isNegated;
  });
}

function unescaped(text: string): string {
  return text.replace(/^\\/, '');
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

/** Goes back to the last `*` only, so that no pattern takes long. */
function matches(pattern: Pattern, name: string): boolean {
  const characters = [...name];
  let [at, term, star, from] = [0, 0, -1, 0];
  while (at < characters.length) {
    const one = pattern[term];
    if (one === '*') {
      star = term;
      from = at;
      term += 1;
    } else if (one?.(characters[at] ?? '')) {
      at += 1;
      term += 1;
    } else if (star >= 0) {
      from += 1;
      at = from;
      term = star + 1;
    } else return false;
  }
  return pattern.slice(term).every((one) => one === '*');
}
