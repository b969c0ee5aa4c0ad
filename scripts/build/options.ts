import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';

const ROOT = import.meta.dirname.replace(/\/scripts\/build$/, '');

/**
 * Once esbuild has split the bundle into chunks, an `import()` of a CommonJS package has the export
 * `default` only. gaxios imports a named export that way when a proxy is set.
 */
const NAMED_IMPORTS: Readonly<Record<string, readonly string[]>> = {
  'https-proxy-agent': ['HttpsProxyAgent'],
};

const namedImports: Plugin = {
  name: 'named exports of CommonJS packages in import()',
  setup(build) {
    const filter = new RegExp(`^(${Object.keys(NAMED_IMPORTS).join('|')})$`);
    build.onResolve({ filter }, ({ kind, path, resolveDir }) =>
      kind === 'dynamic-import' ? { path, namespace: 'named', pluginData: resolveDir } : undefined,
    );
    build.onLoad({ filter, namespace: 'named' }, ({ path, pluginData }) => ({
      contents: `export { ${NAMED_IMPORTS[path]?.join(', ')} } from '${path}';`,
      resolveDir: pluginData,
    }));
  },
};

/**
 * `@actions/core` imports an HTTP client of 0.8 MB for its function getIDToken, which nothing here calls. Each start
 * of an Action would load it: esbuild loads a chunk that another module needs even where its import is unused.
 */
const withoutTokens: Plugin = {
  name: '@actions/core without getIDToken',
  setup(build) {
    build.onResolve({ filter: /^\.\/oidc-utils\.js$/ }, ({ path, importer }) =>
      /[/\\]@actions[/\\]core[/\\]/.test(importer) ? { path, namespace: 'without-tokens' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'without-tokens' }, () => ({
      contents:
        "export const OidcClient = { getIDToken() { throw new Error('getIDToken is not bundled'); } };",
    }));
  },
};

/** Commander starts programs for subcommands that are files. There are none here. */
const withoutPrograms: Plugin = {
  name: 'commander without child processes',
  setup(build) {
    build.onResolve({ filter: /^node:child_process$/ }, ({ path, importer }) =>
      /[/\\]node_modules[/\\]commander[/\\]/.test(importer) ? { path, namespace: 'no-programs' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'no-programs' }, () => ({ contents: 'export default {};' }));
  },
};

/**
 * A package that is costly to load and seldom used: `string-width` compiles a pattern of all emoji, which takes 20 ms.
 * Its function loads it at the first call.
 */
const LAZY = 'node_modules/string-width/index.js';

const lazyPackage: Plugin = {
  name: 'a package that is loaded at its first call',
  setup(build) {
    const path = join(ROOT, LAZY);
    // esbuild turns require() of an ES module in the bundle into a call of its body.
    build.onLoad({ filter: /[/\\]string-width[/\\]index\.js$/, namespace: 'file' }, (file) =>
      file.path === path
        ? { contents: "export default (...given) => require('body-of:').default(...given);" }
        : undefined,
    );
    build.onResolve({ filter: /^body-of:$/ }, () => ({ path: LAZY, namespace: 'lazy' }));
    build.onLoad({ filter: /.*/, namespace: 'lazy' }, async () => ({
      contents: await readFile(path, 'utf8'),
      resolveDir: dirname(path),
    }));
  },
};

/** The first lines of a file that calls `require`. */
export const REQUIRE =
  "import { createRequire as bundleRequire } from 'node:module';\nconst require = bundleRequire(import.meta.url);";

/** The esbuild options that all bundles share. */
export const COMMON = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  // CommonJS packages call `require`, which ES modules lack. Files that do not need it lose this: see chunk-names.ts.
  banner: { js: REQUIRE },
  format: 'esm',
  target: 'node22',
  splitting: true,
  // Flat: code finds the worker's file next to its own. scripts/build/chunk-names.ts replaces the hashes.
  chunkNames: '[name]-[hash]',
  plugins: [namedImports, withoutTokens, withoutPrograms, lazyPackage],
  // licenses.txt has the full texts.
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'warning',
} satisfies BuildOptions;
