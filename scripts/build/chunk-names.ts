import { basename } from 'node:path';
import type { Metafile, OutputFile } from 'esbuild';
import { groupsOf, type Members, withoutGroup } from './groups.ts';
import { REQUIRE } from './options.ts';

type Output = Metafile['outputs'][string];

/** A file of the bundles: its name in dist/ and its content. */
export interface NamedOutput {
  name: string;
  text: string;
}

/**
 * Replaces the content hashes in the names of chunks by the chunk's group, or the path of its main source, so that a
 * change of one source changes one file of dist/ and renames none. Error: two chunks have the same name.
 */
export function namedOutputs(
  metafile: Metafile,
  files: readonly OutputFile[],
  groups: Members = new Map(),
): NamedOutput[] {
  const names = new Map<string, string>();
  for (const [path, output] of Object.entries(metafile.outputs)) {
    const name = nameOf(path, output, metafile, groups);
    const taken = [...names].find(([, other]) => other === name);
    if (taken !== undefined) throw new Error(`${taken[0]} and ${path} would both be named ${name}`);
    names.set(basename(path), name);
  }
  return files.map((file) => {
    const old = basename(file.path);
    return { name: names.get(old) ?? old, text: withoutIdle(withNames(file.text, names)) };
  });
}

/** The text with the new names in its imports. */
function withNames(text: string, names: ReadonlyMap<string, string>): string {
  return text.replaceAll(/"\.\/([^"/]+\.js)"/g, (whole, old: string) => {
    const name = names.get(old);
    return name === undefined ? whole : `"./${name}"`;
  });
}

/**
 * The text without what a start would do in vain: making a `require` that nothing calls, and loading esbuild's own
 * helpers for none of them.
 */
function withoutIdle(text: string): string {
  const rest = text.replace(`${REQUIRE}\n`, '');
  const calls = /\brequire\b\s*[^\sa-z]|\btypeof require\b/.test(rest);
  return (calls ? text : rest).replace(/^import "\.\/runtime\.js";\n/m, '');
}

/** Entries of the build keep their names; only names that esbuild made end in a hash. */
function nameOf(path: string, output: Output, metafile: Metafile, groups: Members): string {
  const name = basename(path);
  if (!/-[0-9A-Z]{8}\.js$/.test(name)) return name;
  if (output.entryPoint !== undefined) return `${dotted(output.entryPoint)}.js`;
  const groupOf = groupsOf(groups);
  const group = Object.keys(output.inputs).flatMap((source) => groupOf.get(source) ?? [])[0];
  if (group !== undefined) return `shared.${group}.js`;
  const main = mainInput(output, metafile);
  // esbuild's own helpers have no input.
  return main === undefined ? 'runtime.js' : `shared.${dotted(main)}.js`;
}

/**
 * The input that a shared chunk is named after: of the project's sources, the first that no other source
 * in the chunk imports; of packages alone, the largest file.
 */
function mainInput({ inputs }: Output, metafile: Metafile): string | undefined {
  const present = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const sources = present.map(([path]) => path).filter((path) => path.startsWith('src/'));
  const imported = new Set(sources.flatMap((path) => staticImports(metafile, path)));
  const roots = sources.filter((path) => !imported.has(path)).sort();
  const largest = present.sort(
    ([a, { bytesInOutput: left }], [b, { bytesInOutput: right }]) => right - left || (a < b ? -1 : 1),
  );
  return roots[0] ?? sources.sort()[0] ?? largest[0]?.[0];
}

function staticImports(metafile: Metafile, path: string): string[] {
  const imports = metafile.inputs[path]?.imports ?? [];
  return imports.filter(({ kind }) => kind !== 'dynamic-import').map((one) => withoutGroup(one.path));
}

/** `src/oci/image/open.ts` → `oci.image.open`; `node_modules/@a/b/c.js` → `a.b.c`. */
function dotted(path: string): string {
  return withoutGroup(path)
    .replace(/^(?:src|node_modules)\//, '')
    .replace(/\.[cm]?[jt]s$/, '')
    .replaceAll('@', '')
    .replaceAll(/[/:]/g, '.');
}
