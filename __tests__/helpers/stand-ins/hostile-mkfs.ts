import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KNOWN_ANSWERS } from '../../../src/convert/erofs/mkfs/known-answer-data.ts';
import { layerUuid } from '../../../src/convert/erofs/uuid.ts';
import { run } from '../../../src/lib/process/run.ts';
import { ImageWriter } from '../image-writer.ts';
import { rawTar } from '../raw-tar.ts';
import { toolEnvironment, toolPath } from '../tools.ts';

const SOURCE = fileURLToPath(new URL('./hostile-mkfs.c', import.meta.url));

/** Compiles the hostile mkfs.erofs: one program that needs nothing but what its real part needs. */
export async function compileHostileMkfs(folder: string): Promise<string> {
  const program = join(folder, 'mkfs.erofs');
  const known = KNOWN_ANSWERS.map(({ digest }) => layerUuid(digest)).join(' ');
  const defined = [`-DREAL="${toolPath('mkfs.erofs')}"`, `-DKNOWN="${known}"`];
  const quoted = defined.map((word) => word.replace('="', '="\\"').replace(/"$/, '\\""'));
  const argv = ['gcc', '-static', '-O2', '-Wall', '-Wextra', '-Werror', '-o', program, SOURCE];
  const command = [...argv, ...quoted].join(' ');
  await run(['sh', '-c', command], { env: toolEnvironment(), cwd: folder });
  chmodSync(program, 0o755);
  return program;
}

/** A tar whose first file tells the program what to try. */
export function hostileTar(attempts: readonly string[]): Buffer {
  return rawTar({ name: 'attempts', data: Buffer.from(`${attempts.join('\n')}\n`) });
}

/** What came of each attempt, in what the program printed; lines may be joined by ` | `. */
export function outcomes(output: string): Record<string, string> {
  const lines = output.split(/\n| \| /);
  const found = lines.flatMap((line) => {
    const match = /^(?:.*exit status 1: )?([a-z][\w ./@-]*): (.*?)(?:\. Check that this.*)?$/.exec(line);
    return match === null ? [] : [[match[1] ?? '', (match[2] ?? '').trim()] as const];
  });
  return Object.fromEntries(found);
}

/** Folders of one run that every user may change, with a layout that holds one hostile layer. */
export async function hostilePlace(folder: string, attempts: readonly string[]): Promise<string> {
  mkdirSync(join(folder, 'temp'), { recursive: true });
  const writer = await ImageWriter.create();
  try {
    await writer.add(await writer.image({ layers: [{ bytes: hostileTar(attempts) }] }));
    await run(['cp', '-r', writer.directory, join(folder, 'layout')], { env: toolEnvironment() });
  } finally {
    await writer.remove();
  }
  await run(['chmod', '-R', 'a+rwX', folder], { env: toolEnvironment() });
  return join(folder, 'layout');
}

/** Names of all processes of the machine, as the kernel has them. */
export function processNames(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(join('/proc', pid, 'comm'), 'utf8').trim()];
      } catch {
        return [];
      }
    });
}

/** Writes a file that every user can read. */
export function openFile(path: string, from: string): string {
  copyFileSync(from, path);
  chmodSync(path, 0o644);
  return path;
}

/** Writes a text that every user can read. */
export function openText(path: string, text: string): string {
  writeFileSync(path, text);
  chmodSync(path, 0o644);
  return path;
}
