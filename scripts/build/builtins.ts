/**
 * Modules of Node, as the bundles import them. For an `import` of one Node makes a module with all of its exports and
 * reads each of them, which loads what `node:fs` or `node:util` have prepared to load when it is used: 5 ms of each
 * start. `require` does not.
 */
import { createRequire } from 'node:module';
import { relative } from 'node:path';
import type { Plugin } from 'esbuild';
import { groupsOf, type Members } from './groups.ts';

const require = createRequire(import.meta.url);

/** Sources, and the package that each start of the CLI loads. The others are loaded when they are used. */
const IMPORTERS = /^(?:src\/|node_modules\/(commander)\/)/;

/** Modules that runs may do without. A function of theirs loads them at its first call, up to 3 ms. */
const LATER: readonly string[] = ['node:child_process', 'node:util', 'node:zlib'];

/** Each group gets modules of its own, and each other source: modules that they share would be files of their own. */
export function builtins(root: string, groups: Members): Plugin {
  const groupOf = groupsOf(groups);
  return {
    name: 'modules of Node by require()',
    setup(build) {
      build.onResolve({ filter: /^node:/ }, ({ path, importer, kind, namespace }) => {
        const source = relative(root, importer);
        const match = IMPORTERS.exec(source);
        if (kind !== 'import-statement' || namespace !== 'file' || match === null) return undefined;
        const owner = match[1] ?? groupOf.get(source) ?? source;
        return { path: `${path} of ${owner}`, namespace: 'builtin', pluginData: { name: path, owner } };
      });
      build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ pluginData: { name, owner } }) => ({
        contents: `import { load } from 'load of ${owner}';\n${moduleOf(name)}`,
      }));
      build.onResolve({ filter: /^load of / }, ({ path }) => ({ path, namespace: 'builtin-load' }));
      build.onLoad({ filter: /.*/, namespace: 'builtin-load' }, () => ({
        // Not by the name `require`, for which esbuild calls a function in one more file.
        contents:
          "import { createRequire } from 'node:module'; export const load = createRequire(import.meta.url);",
      }));
    },
  };
}

/** The text of a module with the exports of a module of Node. esbuild leaves out those that nothing imports. */
export function moduleOf(name: string): string {
  const all: Record<string, unknown> = require(name);
  const names = Object.keys(all).filter((key) => /^[a-zA-Z_]\w*$/.test(key) && key !== 'default');
  const later = (key: string): boolean => LATER.includes(name) && isPlainFunction(all[key]);
  return [
    'let found;',
    `const all = () => (found ??= load('${name}'));`,
    'const one = (name) => all()[name];',
    'export default /* @__PURE__ */ all();',
    ...names.map((key) =>
      later(key)
        ? `export const ${key} = (...given) => all().${key}(...given);`
        : `export const ${key} = /* @__PURE__ */ one('${key}');`,
    ),
  ].join('\n');
}

/** Classes, and functions with properties such as `promisify.custom`, are more than what calling them does. */
function isPlainFunction(value: unknown): boolean {
  if (typeof value !== 'function' || /^[A-Z]/.test(value.name)) return false;
  return Reflect.ownKeys(value).every((key) => ['length', 'name', 'prototype'].includes(key as string));
}
