import { readdirSync, readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Metafile, OutputFile, Plugin } from 'esbuild';
import { buildBundles } from '../../../scripts/build/bundles.ts';
import { namedOutputs } from '../../../scripts/build/chunk-names.ts';
import { REQUIRE } from '../../../scripts/build/options.ts';
import { testFolder } from '../../helpers/temp.ts';

const folder = testFolder();
const [before, after] = [join(folder, 'before'), join(folder, 'after')];
const CHANGE = 'a-trivial-change';
const ENTRIES = ['cli.js', 'layer-worker.js', 'sign-action.js', 'verify-action.js'];

/** Changes one source as a commit would: a statement that stays in the bundle. */
function changed(source: string): Plugin {
  return {
    name: 'a change of one source',
    setup(build) {
      build.onLoad({ filter: new RegExp(`/src/${source}$`) }, async ({ path }) => ({
        contents: `${await readFile(path, 'utf8')}\nprocess.emit('${CHANGE}');\n`,
        loader: 'ts',
      }));
    },
  };
}

/** Paths from the folder, which has the types of the library in folders of their own. */
const files = (where: string): string[] =>
  readdirSync(where, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(where, join(parentPath, name)))
    .sort();
const scripts = (where: string): string[] => files(where).filter((name) => name.endsWith('.js'));
const text = (where: string, name: string): string => readFileSync(join(where, name), 'utf8');

beforeAll(async () => {
  await buildBundles(before);
  await buildBundles(after, [changed('errors\\.ts'), changed('commands/sign/sign-image\\.ts')]);
});

describe('the files of dist/', () => {
  test('keep their names when sources change, and only the chunks of these sources change', () => {
    expect(files(after)).toEqual(files(before));
    const different = files(before).filter((name) => text(before, name) !== text(after, name));
    expect(different).toHaveLength(2);
    expect(different).toEqual(scripts(after).filter((name) => text(after, name).includes(CHANGE)));
  });

  test('have the names of the entries, or a path of the sources, and no hash', () => {
    expect(files(before)).toEqual(expect.arrayContaining(ENTRIES));
    expect(files(before).filter((name) => /[-.][0-9A-Z]{8}\.js$/.test(name))).toEqual([]);
    expect(scripts(before).length).toBeGreaterThan(30);
  });

  test('import one another by names that exist', () => {
    const imports = scripts(before).flatMap((name) =>
      [...text(before, name).matchAll(/(?:\bfrom |\bimport\(|^import )"\.\/([^"]+)"/gm)].map(([, to]) => to),
    );
    expect(imports.length).toBeGreaterThan(100);
    expect(imports.filter((name) => !files(before).includes(name ?? ''))).toEqual([]);
  });

  test('are executable where they are programs', () => {
    const executable = scripts(before).filter((name) => (statSync(join(before, name)).mode & 0o100) !== 0);
    expect(executable).toEqual(['cli.js']);
  });
});

describe('the name of a chunk', () => {
  const output = (...inputs: [path: string, bytesInOutput: number][]) => ({
    bytes: 1,
    inputs: Object.fromEntries(inputs.map(([path, bytesInOutput]) => [path, { bytesInOutput }])),
    imports: [],
    exports: [],
  });
  const outputs = (chunks: Metafile['outputs'], imports: Record<string, string[]> = {}): string[] => {
    const inputs = Object.fromEntries(
      Object.entries(imports).map(([path, all]) => [
        path,
        { bytes: 1, imports: all.map((one) => ({ path: one, kind: 'import-statement' as const })) },
      ]),
    );
    const texts = Object.keys(chunks).map((path) => ({ path, text: 'import "./chunk-AAAAAAAA.js";' }));
    return namedOutputs({ inputs, outputs: chunks }, texts as OutputFile[]).map(
      ({ name, text: said }) => `${name}: ${said}`,
    );
  };

  test('is that of the source that the chunk’s other sources do not import', () => {
    const chunk = output(['src/a/low.ts', 900], ['src/b/top.ts', 10], ['node_modules/p/i.js', 5000]);
    expect(outputs({ 'dist/chunk-AAAAAAAA.js': chunk }, { 'src/b/top.ts': ['src/a/low.ts'] })).toEqual([
      'shared.b.top.js: import "./shared.b.top.js";',
    ]);
  });

  test('is that of the largest file where the chunk holds packages alone', () => {
    const chunk = output(['node_modules/@b/c/small.mjs', 1], ['node_modules/@a/b/large.cjs', 2]);
    expect(outputs({ 'dist/chunk-AAAAAAAA.js': chunk })).toEqual([
      'shared.a.b.large.js: import "./shared.a.b.large.js";',
    ]);
  });

  test('is no source that contributes nothing', () => {
    expect(
      outputs({ 'dist/chunk-AAAAAAAA.js': output(['src/a/gone.ts', 0], ['src/b/kept.ts', 1]) })[0],
    ).toContain('shared.b.kept.js');
  });

  test('stays that of an entry of the build, and a lazily imported file has its own path', () => {
    const lazy = { ...output(['src/x/lazy.ts', 1]), entryPoint: 'src/x/lazy.ts' };
    const entry = { ...output(['src/entry/cli.ts', 1]), entryPoint: 'src/entry/cli.ts' };
    const names = outputs({ 'dist/cli.js': entry, 'dist/lazy-BBBBBBBB.js': lazy }).map(
      (one) => one.split(':')[0],
    );
    expect(names).toEqual(['cli.js', 'x.lazy.js']);
  });

  test('belongs to one chunk only', () => {
    const one = output(['src/a/b.ts', 1]);
    const other = output(['src/a.b.ts', 1]);
    expect(() => outputs({ 'dist/chunk-AAAAAAAA.js': one, 'dist/chunk-BBBBBBBB.js': other })).toThrow(
      'would both be named shared.a.b.js',
    );
  });
});

describe('what a file would do in vain', () => {
  const written = (code: string): string | undefined => {
    const text = `${REQUIRE}\nimport "./runtime.js";\n${code}`;
    return namedOutputs({ inputs: {}, outputs: {} }, [{ path: 'dist/a.js', text } as OutputFile])[0]?.text;
  };

  test('is left out: a require() that nothing calls, and the helpers that none are imported of', () => {
    expect(written('requireOutput("we require (this)");')).toBe(
      `${REQUIRE}\nrequireOutput("we require (this)");`,
    );
    expect(written('requireOutput("we require this");')).toBe('requireOutput("we require this");');
  });

  test.each(['require("x")', 'var r = require;', 'typeof require', '[require, 1]', 'require.resolve("x")'])(
    'is kept where it may be used: %s',
    (code) => {
      expect(written(code)).toBe(`${REQUIRE}\n${code}`);
    },
  );
});
