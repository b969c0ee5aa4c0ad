import { chmodSync, mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { confine } from '../lib/process/confinement/command.ts';
import type { Level } from '../lib/process/confinement/level.ts';
import type { Limits } from '../lib/process/confinement/limits.ts';
import { fixedEnvironment } from '../lib/process/environment.ts';
import { argvBySudo, endAsRoot, type Privilege, removeAsRoot } from '../lib/process/privilege.ts';
import { run } from '../lib/process/run.ts';
import { mkfsLimits } from './mkfs-limits.ts';

/** A mkfs.erofs, and how it is run. */
export interface MkfsProgram {
  /** Absolute. */
  path: string;
  privilege: Privilege;
  level: Level;
}

export interface MkfsRun {
  /** The options; the output file is appended. */
  args: readonly string[];
  /** An empty file, created with `outputMode`. */
  output?: string;
  /** File descriptor of the tar: the program's standard input. */
  tarFd?: number;
  /** A private folder. */
  folder: string;
  /** Unique in the folder. */
  name: string;
  /** Milliseconds. */
  timeout: number;
  limits?: Limits;
  signal?: AbortSignal;
}

/** Options of mkfs.erofs that name a file to read. */
const READS = /^--(?:file-contexts|compress-hints)=(\/.+)$/;

/**
 * Mode of files that mkfs.erofs writes. Outside of its view it may be another user than the owner. The folder
 * that they are in keeps all others out.
 */
export function outputMode({ privilege, level }: Pick<MkfsProgram, 'privilege' | 'level'>): number {
  return level.nobody || privilege === 'sudo' ? 0o606 : 0o600;
}

/**
 * Runs mkfs.erofs with a tar on standard input, as uid 0 and confined. Returns its standard output. The program
 * has been started when the function returns its promise, which rejects with ToolError.
 */
export async function runMkfs(program: MkfsProgram, request: MkfsRun): Promise<string> {
  const { privilege, level } = program;
  const { folder, name, timeout, signal, tarFd } = request;
  const own = join(folder, `${name}.run`);
  const [root, temporary] = [join(own, 'view'), join(own, 'tmp')] as const;
  mkdirSync(own, { mode: 0o700 });
  for (const path of [own, root, temporary]) {
    mkdirSync(path, { recursive: true });
    chmodSync(path, path === temporary && outputMode(program) === 0o606 ? 0o707 : 0o700);
  }
  const read = (word: string): string[] => READS.exec(word)?.slice(1) ?? [];
  const confined = confine(
    {
      program: program.path,
      output: request.output,
      inputs: request.args.flatMap(read),
      root,
      temporary,
      limits: request.limits ?? mkfsLimits({ blobSize: 0, timeout, maxTarSize: 0, compresses: false }),
    },
    level,
    privilege,
  );
  const args = request.args.map((word) => {
    const [path] = read(word);
    return path === undefined ? word : word.replace(path, confined.inputs.shift() ?? path);
  });
  const env = { ...fixedEnvironment(), TMPDIR: confined.temporary };
  const argv = [...confined.command, ...args, ...(confined.output === '' ? [] : [confined.output])];
  try {
    const { stdout } = await run(privilege === 'sudo' ? argvBySudo(argv, env, timeout) : argv, {
      env,
      name: program.path,
      cwd: folder,
      ...(tarFd === undefined ? {} : { stdinFd: tarFd }),
      timeout,
      maxOutput: 1024 * 1024,
      ...(signal === undefined ? {} : { signal }),
      ...(privilege === 'sudo' ? { killGroup: endAsRoot } : {}),
    });
    return stdout.toString();
  } finally {
    await remove(own, privilege);
  }
}

/** Also what mkfs.erofs left: folders in it may belong to another user. */
async function remove(folder: string, privilege: Privilege): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    if (privilege !== 'sudo') throw error;
    await removeAsRoot(folder);
  }
}
