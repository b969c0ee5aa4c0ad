import type { BuildOptions, Plugin } from 'esbuild';

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

/** The esbuild options that all bundles share. */
export const COMMON = {
  absWorkingDir: import.meta.dirname.replace(/\/scripts\/build$/, ''),
  bundle: true,
  platform: 'node',
  // CommonJS packages call `require`, which ES modules lack.
  banner: {
    js: "import { createRequire as bundleRequire } from 'node:module';\nconst require = bundleRequire(import.meta.url);",
  },
  format: 'esm',
  target: 'node22',
  splitting: true,
  // Flat: code finds the worker's file next to its own. scripts/build/chunk-names.ts replaces the hashes.
  chunkNames: '[name]-[hash]',
  plugins: [namedImports],
  // licenses.txt has the full texts.
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'warning',
} satisfies BuildOptions;
