import { readFile, realpath } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configFiles, type KernelTree, POLICY, SOURCE_PACKAGE } from '../kernel/tree.ts';
import { command, fileSha256 } from '../tools/common.ts';
import { type BuildInput, guestSources } from './guest-files.ts';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));

/** What decides the bytes of the guest files: sources, compilers, C library, compression. */
export async function buildInputs(tree: KernelTree): Promise<BuildInput[]> {
  const { packageVersion, sourceSha256, target } = tree;
  const gcc = `${target.prefix}gcc`;
  const ours = [...configFiles(target.architecture), POLICY, ...(await guestSources())];
  const libc = await ofGcc(gcc, '-print-file-name=libc.a');
  return [
    { name: SOURCE_PACKAGE, version: packageVersion, sha256: sourceSha256 },
    ...(await Promise.all(ours.map((path) => file(relative(CHECKOUT, path), '', path)))),
    await file(gcc, await firstLine(gcc), await ofGcc(gcc, '-print-prog-name=cc1')),
    ...(await Promise.all(
      ['as', 'ld'].map(async (name) => {
        const path = await ofGcc(gcc, `-print-prog-name=${name}`);
        return file(`${target.prefix}${name}`, await firstLine(path), path);
      }),
    )),
    await file('libc.a', await versionOf(libc), libc),
    await file('zstd of Node', process.versions.zstd ?? '', process.execPath),
  ];
}

async function file(name: string, version: string, path: string): Promise<BuildInput> {
  return { name, version, sha256: await fileSha256(path) };
}

async function firstLine(program: string): Promise<string> {
  return (await command([program, '--version'], '/')).split('\n')[0] ?? '';
}

/** GCC names a program without a folder if it is looked up in PATH. */
async function ofGcc(gcc: string, question: string): Promise<string> {
  const answer = (await command([gcc, question], '/')).trim();
  const path = answer.includes('/') ? answer : await command(['sh', '-c', `command -v ${answer}`], '/');
  return realpath(path.trim());
}

/** Of a C library that may be for another architecture: what its programs say of themselves. */
async function versionOf(libc: string): Promise<string> {
  return /GNU C Library [^\n\0]+/.exec(await readFile(libc, 'latin1'))?.[0] ?? '';
}
