import { realpath } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONFIG, type KernelTree, POLICY, SOURCE_PACKAGE } from '../kernel/tree.ts';
import { command, fileSha256 } from '../tools/common.ts';
import { type BuildInput, guestSources } from './guest-files.ts';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));

/** What decides the bytes of the guest files: sources, compilers, C library, compression. */
export async function buildInputs(tree: KernelTree): Promise<BuildInput[]> {
  const { packageVersion, sourceSha256 } = tree;
  return [
    { name: SOURCE_PACKAGE, version: packageVersion, sha256: sourceSha256 },
    await file('scripts/kernel/config', '', CONFIG),
    await file('scripts/kernel/ipe.policy', '', POLICY),
    ...(await Promise.all((await guestSources()).map((path) => file(relative(CHECKOUT, path), '', path)))),
    await file('gcc', await firstLine(['gcc', '--version']), await gccPath(['-print-prog-name=cc1'])),
    await file('as', await firstLine(['as', '--version']), await gccPath(['-print-prog-name=as'])),
    await file('ld', await firstLine(['ld', '--version']), await gccPath(['-print-prog-name=ld'])),
    await file('libc.a', await firstLine(['ldd', '--version']), await gccPath(['-print-file-name=libc.a'])),
    await file('zstd of Node', process.versions.zstd ?? '', process.execPath),
  ];
}

async function file(name: string, version: string, path: string): Promise<BuildInput> {
  return { name, version, sha256: await fileSha256(path) };
}

async function firstLine(argv: readonly string[]): Promise<string> {
  return (await command(argv, '/')).split('\n')[0] ?? '';
}

/** GCC names a program without a folder if it is looked up in PATH. */
async function gccPath(question: readonly string[]): Promise<string> {
  const answer = (await command(['gcc', ...question], '/')).trim();
  const path = answer.includes('/') ? answer : await command(['sh', '-c', `command -v ${answer}`], '/');
  return realpath(path.trim());
}
