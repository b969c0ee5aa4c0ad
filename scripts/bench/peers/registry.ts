import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../../src/lib/process/run.ts';
import { find } from '../../tools/common.ts';
import { FROM_REGISTRY, GATE, VERIFY_REGISTRY } from '../cases/names.ts';
import { TAG, writeLayout } from '../data/images.ts';
import type { Command } from '../measure/run.ts';
import { CLI, type Contestant, environment } from './contestant.ts';
import { signArguments, signedOutcome, type Task } from './ours.ts';

const HTTP = '--plain-http';
const ORAS = find('oras') ?? 'oras';

/** A new repository for each round, so that nothing of another one is in it. */
export class Repositories {
  readonly #host: string;
  /** PEM, of a registry with TLS. */
  readonly certificate: string | undefined;
  #number = 0;

  constructor(host: string, certificate?: string) {
    this.#host = host;
    this.certificate = certificate;
  }

  next(): string {
    return `${this.#host}/bench-${this.#number++}`;
  }

  /** How this project's CLI connects to it. */
  get connection(): string[] {
    return this.certificate === undefined ? [HTTP] : ['--ca-file', this.certificate];
  }
}

/** Copies the image of a layout to a tag of a new repository; returns the tag. */
export async function push(task: Task, repositories: Repositories, folder: string): Promise<string> {
  const layout = join(folder, 'layout');
  await mkdir(join(folder, 'temp'), { recursive: true });
  await writeLayout(layout, task.layers, task.form);
  const target = `${repositories.next()}:${TAG}`;
  const { certificate } = repositories;
  const to = certificate === undefined ? ['--to-plain-http'] : ['--to-ca-file', certificate];
  const copy = ['cp', '--from-oci-layout', `${layout}:${TAG}`, ...to, target];
  await run([ORAS, ...copy], { env: environment(folder), timeout: 300_000 });
  return target;
}

/**
 * Signs an image that is in a registry: its layers are read from there, and its signatures go there.
 * @param more further arguments
 */
export function signsInRegistry(
  task: Task,
  repositories: Repositories,
  more: readonly string[] = [],
): Contestant {
  return {
    name: FROM_REGISTRY,
    async prepare(folder) {
      const image = await push(task, repositories, folder);
      return counted(folder, [...signArguments(task, image, folder), ...more, ...repositories.connection]);
    },
    outcome: signedOutcome,
  };
}

/** Signs an image of a layout, verifies it and pushes it. */
export function gates(task: Task, repositories: Repositories): Contestant {
  return {
    name: GATE,
    async prepare(folder) {
      const layout = join(folder, 'layout');
      await mkdir(join(folder, 'temp'));
      await writeLayout(layout, task.layers, task.form);
      const argv = signArguments(task, `oci:${layout}:${TAG}`, folder);
      return counted(folder, [
        ...argv,
        '--push-to',
        `${repositories.next()}:${TAG}`,
        ...repositories.connection,
      ]);
    },
    outcome: signedOutcome,
  };
}

/** Verifies an image that was signed in a registry. */
export function verifiesInRegistry({ pki }: Task, image: string): Contestant {
  return {
    name: VERIFY_REGISTRY,
    async prepare(folder) {
      await mkdir(join(folder, 'temp'));
      return counted(folder, ['verify', image, '--trusted-certificate', pki.ca, HTTP]);
    },
  };
}

/** The CLI with an oras that is counted. The shell that counts takes a millisecond. */
async function counted(folder: string, args: readonly string[]): Promise<Command> {
  const countFile = join(folder, 'count');
  const oras = join(folder, 'oras');
  await writeFile(oras, `#!/bin/sh\necho >>'${countFile}'\nexec '${ORAS}' "$@"\n`, { mode: 0o755 });
  const argv = [process.execPath, CLI, ...args, '--oras-path', oras] as const;
  return { argv: [...argv], env: environment(folder), tempFolder: join(folder, 'temp'), countFile };
}
