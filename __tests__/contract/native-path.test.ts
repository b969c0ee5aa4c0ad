import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';

const SRC = join(import.meta.dirname, '../../src');
const IMPORT = /(?:^(?:import|export) (?!type )[^;]*?from |^import |\bimport\()'([^']+)'/gm;

/** Modules of this project and of Node that a file loads, at once or later; types are no modules. */
function graphOf(entries: readonly string[]): { files: Set<string>; outside: Map<string, string> } {
  const files = new Set<string>();
  const outside = new Map<string, string>();
  const open = entries.map((entry) => join(SRC, entry));
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
      if (name.startsWith('.')) open.push(join(dirname(file), name));
      else outside.set(name, file);
    }
  }
  return { files, outside };
}

const { files, outside } = graphOf([
  'convert/builders/native-layer-builder.ts',
  'convert/worker/layer-worker.ts',
]);

test('the native builder is on the path', () => {
  const names = [...files].map((file) => file.slice(SRC.length + 1));
  expect(names).toContain('convert/erofs/native/native-builder.ts');
  expect(names).toContain('convert/verity/block-tree.ts');
  expect(names).toContain('convert/blob/decompress.ts');
});

test('it starts no program and needs nothing but Node, on any system', () => {
  expect([...outside.keys()].filter((name) => !isBuiltin(name))).toEqual([]);
  const allowed = [
    'crypto',
    'events',
    'fs',
    'os',
    'path',
    'stream',
    'timers/promises',
    'worker_threads',
    'zlib',
  ];
  const others = [...outside.keys()].filter((name) => !allowed.includes(name.replace('node:', '')));
  expect(others).toEqual([]);
});

test('it calls nothing that only POSIX has', () => {
  const posix =
    /\b(getuid|geteuid|getgid|setuid|setgid|umask|mkfifo|chown|fchown|lchown|symlink)\w*\(|\/proc\/|\/dev\//;
  const found = [...files].filter((file) =>
    posix.test(readFileSync(file, 'utf8').replace(/^\s*(\/?\*|\/\/).*$/gm, '')),
  );
  expect(found).toEqual([]);
});
