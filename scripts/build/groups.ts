/**
 * Sources that one file of dist/ holds. esbuild alone makes a file for every set of entries that share sources, and
 * Node takes half a millisecond for each file that a start loads, whatever its size.
 */
import { join, relative } from 'node:path';
import type { Metafile, Plugin } from 'esbuild';

/** The sources of each group, by its name. */
export type Members = ReadonlyMap<string, readonly string[]>;

/**
 * Which sources are in which group: what the first group needs, then what the second needs beyond that, and so on.
 * So a group imports earlier ones only. Each source runs after what it imports, and must rely on no more.
 *
 * @param needs for each group the lists of sources that need it; the group is what all lists need
 * @param entries programs: they are in no group, so that nothing that imports the group starts them
 */
export function members(
  { inputs }: Metafile,
  needs: Readonly<Record<string, readonly (readonly string[])[]>>,
  entries: readonly string[],
): Members {
  const taken = new Set(entries);
  const groups = new Map<string, readonly string[]>();
  for (const [name, lists] of Object.entries(needs)) {
    const [first = new Set<string>(), ...others] = lists.map((sources) => loaded(inputs, sources));
    const all = [...first].filter(
      (path) => path.startsWith('src/') && !taken.has(path) && others.every((other) => other.has(path)),
    );
    for (const path of all) taken.add(path);
    groups.set(name, all.sort());
  }
  return groups;
}

/** The sources themselves, and everything that they import but not lazily. */
function loaded(inputs: Metafile['inputs'], sources: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const rest = [...sources];
  for (let path = rest.pop(); path !== undefined; path = rest.pop()) {
    const input = inputs[path];
    if (seen.has(path)) continue;
    if (input === undefined) {
      if (path.startsWith('src/')) throw new Error(`${path}: no such source is bundled`);
      continue;
    }
    seen.add(path);
    rest.push(...input.imports.filter(({ kind }) => kind !== 'dynamic-import').map((one) => one.path));
  }
  return seen;
}

/** The group of each source that has one. */
export function groupsOf(groups: Members): ReadonlyMap<string, string> {
  return new Map([...groups].flatMap(([name, all]) => all.map((path) => [path, name] as const)));
}

/** The path of a source that was imported as one of a group. */
export function withoutGroup(path: string): string {
  return path.replace(/^one-of:/, '');
}

/**
 * Whoever imports a source of a group imports all of the group, so that for esbuild the same entries share all of
 * its sources.
 */
export function grouped(root: string, groups: Members): Plugin {
  const groupOf = groupsOf(groups);
  return {
    name: 'groups of sources in one file',
    setup(build) {
      build.onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ path, importer, kind, namespace, resolveDir }) => {
        const source = relative(root, join(resolveDir, path));
        const group = groupOf.get(source);
        if (group === undefined || namespace !== 'file') return undefined;
        // What is imported lazily is an entry to esbuild: an entry to all of the group.
        const direct = kind !== 'dynamic-import' && groupOf.get(relative(root, importer)) === group;
        return direct ? undefined : { path: source, namespace: 'one-of' };
      });
      build.onResolve({ filter: /^one-of:/ }, ({ path }) => ({
        path: withoutGroup(path),
        namespace: 'one-of',
      }));
      build.onLoad({ filter: /.*/, namespace: 'one-of' }, ({ path }) => ({
        contents: `import 'group:${groupOf.get(path)}'; export * from './${path}';`,
        resolveDir: root,
      }));
      build.onResolve({ filter: /^group:/ }, ({ path }) => ({
        path: path.replace(/^group:/, ''),
        namespace: 'group',
      }));
      build.onLoad({ filter: /.*/, namespace: 'group' }, ({ path }) => ({
        contents: (groups.get(path) ?? [])
          .map((source) => `import './${source}'; import 'one-of:${source}';`)
          .join('\n'),
        resolveDir: root,
      }));
    },
  };
}
