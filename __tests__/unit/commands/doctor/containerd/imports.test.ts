import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readContainerdConfig } from '../../../../../src/commands/doctor/containerd/config.ts';
import { importedPaths } from '../../../../../src/commands/doctor/containerd/imports.ts';
import { NodeFiles } from '../../../../../src/commands/doctor/node-files.ts';
import { writeNode } from '../../../../helpers/node-root.ts';
import { testFolder } from '../../../../helpers/temp.ts';

const root = testFolder();
const files = new NodeFiles(root);
const CONFIG = '/etc/containerd/config.toml';

beforeAll(() => {
  const names = [
    'd1/a.toml',
    'd1/b.toml',
    'd2/a.toml',
    'd2/note.txt',
    'x/c?.toml',
    'x/cx.toml',
    'é/[]\\*.toml',
  ];
  writeNode(root, Object.fromEntries(names.map((name) => [`/etc/containerd/${name}`, ''])));
});

describe('imports name what containerd 2.4.2 reads', () => {
  test.each([
    ['/etc/containerd/d*/*.toml', ['d1/a.toml', 'd1/b.toml', 'd2/a.toml']],
    ['d*/a.toml', ['d1/a.toml', 'd2/a.toml']],
    ['../*/d1/../d[^1]/*', ['d2/a.toml', 'd2/note.txt']],
    ['d[2-9]/*.toml', ['d2/a.toml']],
    ['d?/b*', ['d1/b.toml']],
    ['x/c?.toml', ['x/c?.toml']],
    ['x/c?.toml*', ['x/c?.toml', 'x/cx.toml']],
    ['x/c\\?.*', ['x/c?.toml']],
    ['?/[[]]*', ['é/[]\\*.toml']],
    ['?/[[]]\\\\\\**', ['é/[]\\*.toml']],
    ['é/[^a-z][\\]][\\\\]*', ['é/[]\\*.toml']],
    ['none/*.toml', []],
    ['d*/none.toml', []],
    ['d1/a.toml/*', []],
    ['none.toml', ['none.toml']],
  ])('%s', async (item, names) => {
    const paths = names.map((name) => join('/etc/containerd', name));
    expect(await importedPaths(files, CONFIG, item)).toEqual({ paths });
  });

  test.each(['[*', 'a*[', 'd*/[]a]', 'd*/[a-]', 'd*/[^]', '?/[[][]]*', 'd*/a\\', '*/[/]'])(
    'a pattern with a syntax error is not one without files: %s',
    async (item) => {
      expect(await importedPaths(files, CONFIG, item)).toEqual({
        path: CONFIG,
        reason: `the import ${item} is no valid pattern`,
      });
    },
  );

  test('a pattern with many stars is answered at once', async () => {
    const long = new NodeFiles(join(root, 'long'));
    writeNode(long.root, { [`/etc/${'a'.repeat(250)}`]: '' });
    const start = performance.now();
    expect(await importedPaths(long, '/etc/config.toml', `${'*a'.repeat(120)}*b`)).toEqual({ paths: [] });
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});

describe('what cannot be followed is not left out', () => {
  test.each<[string, Record<string, string>, string, RegExp]>([
    ['an absent file', { [CONFIG]: 'imports = ["own.toml"]' }, '/etc/containerd/own.toml', /does not start/],
    ['a pattern with an error', { [CONFIG]: 'imports = ["c[*"]' }, CONFIG, /no valid pattern/],
    [
      'more files than are read',
      {
        [CONFIG]: 'imports = ["conf.d/*"]',
        ...Object.fromEntries(Array.from({ length: 64 }, (_, at) => [`/etc/containerd/conf.d/${at}`, ''])),
      },
      CONFIG,
      /more than 63 files/,
    ],
  ])('%s', async (what, content, path, reason) => {
    const node = join(root, what);
    writeNode(node, content);
    expect(await readContainerdConfig(new NodeFiles(node), CONFIG)).toEqual({
      state: 'unreadable',
      path,
      reason: expect.stringMatching(reason),
    });
  });
});
