import type { BuildOptions, Plugin } from 'esbuild';

/**
 * An `import()` of a CommonJS package gives nothing but `default` once esbuild has split the bundle
 * into chunks. gaxios takes a named export so, as soon as there is a proxy.
 */
const NAMED_IMPORTS: Readonly<Record<string, readonly string[]>> = {
  'https-proxy-agent': ['HttpsProxyAgent'],
};

const namedImports: Plugin = {
  name: 'named exports of CommonJS packages that are imported on use',
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

/** What all bundles have in common. */
export const COMMON = {
  absWorkingDir: import.meta.dirname.replace(/\/scripts$/, ''),
  bundle: true,
  platform: 'node',
  // CommonJS packages call `require`, which ES modules lack.
  banner: {
    js: "import { createRequire as bundleRequire } from 'node:module';\nconst require = bundleRequire(import.meta.url);",
  },
  format: 'esm',
  target: 'node22',
  splitting: true,
  // Flat: the worker's file is looked for beside the code that starts it.
  chunkNames: '[name]-[hash]',
  plugins: [namedImports],
  // licenses.txt has them whole.
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'warning',
} satisfies BuildOptions;
