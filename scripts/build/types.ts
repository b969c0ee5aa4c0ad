import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';

/** A file of types: its path from the folder of all of them, and its content. */
export interface TypeFile {
  path: string;
  text: string;
}

/** Relative imports in what the compiler writes. */
const IMPORT = /(?<=\bfrom ')(\.[^']*)\.ts(?=';)/g;

/**
 * The types of a source as `.d.ts` files, with those of all that they name and no others. The compiler also writes the
 * types of what a source only calls.
 * @param root of the checkout
 * @param entry from the root, such as `src/entry/library.ts`
 */
export async function declarations(root: string, entry: string): Promise<TypeFile[]> {
  const folder = await mkdtemp(join(tmpdir(), 'verity-sign-types-'));
  try {
    await compile(root, entry, folder);
    const files = new Map<string, string>();
    const add = async (path: string): Promise<void> => {
      if (files.has(path)) return;
      const text = await readFile(join(folder, path), 'utf8');
      files.set(path, text.replaceAll(IMPORT, '$1.js'));
      for (const [, to = ''] of text.matchAll(IMPORT)) await add(join(dirname(path), `${to}.d.ts`));
    };
    await add(relative('src', entry).replace(/\.ts$/, '.d.ts'));
    return [...files].map(([path, text]) => ({ path, text }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compile(root: string, entry: string, folder: string): Promise<void> {
  const config = join(folder, 'tsconfig.json');
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    removeComments: false,
    rootDir: join(root, 'src'),
    outDir: folder,
    typeRoots: [join(root, 'node_modules/@types')],
  };
  const files = [join(root, entry)];
  const content = { extends: join(root, 'tsconfig.json'), compilerOptions, files, include: [] };
  await writeFile(config, JSON.stringify(content));
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  await promisify(execFile)(process.execPath, [compiler, '--project', config]);
}
