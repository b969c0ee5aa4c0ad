import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { VeritySignError } from '../../errors.ts';
import { shellLine } from '../../formats/shell-line.ts';
import { findProgram, programFolders } from '../../lib/process/find-program.ts';
import { run, ToolError } from '../../lib/process/run.ts';
import type { LayerFile } from './find-layers.ts';
import { deviceName, openCommand } from './open-command.ts';

export interface OpenedLayer {
  layer: LayerFile;
  device: string;
  command: string;
  state: 'opened' | 'already open' | 'not opened';
}

export interface OpenOptions {
  /** Of the signatures. */
  folder: string;
  /** Open them, instead of only saying how. */
  run: boolean;
  /** Milliseconds for one. */
  timeout: number;
  signal: AbortSignal;
  /** Where device mapper shows its devices. */
  mapper?: string;
}

/**
 * Opens layers with their signatures, one after the other, or only says how. A device of that name is not opened again,
 * and is not looked into.
 * @throws VeritySignError 'environment' if veritysetup or the kernel refuses
 */
export async function openLayers(layers: readonly LayerFile[], options: OpenOptions): Promise<OpenedLayer[]> {
  const { folder, mapper = '/dev/mapper' } = options;
  const opened: OpenedLayer[] = [];
  for (const layer of layers) {
    const device = deviceName(layer.rootHash);
    const words = openCommand(layer, folder);
    const isOpen = existsSync(join(mapper, device));
    if (options.run && !isOpen) await open(words, options);
    const state = isOpen ? 'already open' : options.run ? 'opened' : 'not opened';
    opened.push({ layer, device, command: shellLine(words), state });
  }
  return opened;
}

async function open(
  [name = '', ...words]: readonly string[],
  { timeout, signal }: OpenOptions,
): Promise<void> {
  const folders = programFolders();
  const program = findProgram(name, folders);
  if (program === undefined) {
    throw new VeritySignError('environment', `${name} is not installed`, {
      remedy: 'Install cryptsetup, or run the commands elsewhere: without run they are printed',
    });
  }
  try {
    await run([program, ...words], { env: { PATH: folders.join(':'), LC_ALL: 'C' }, timeout, signal });
  } catch (error) {
    if (!(error instanceof ToolError) || error.exitCode === undefined) throw error;
    throw new VeritySignError('environment', error.message, {
      remedy: remedyFor(error.stderr),
      cause: error,
    });
  }
}

/** The kernel's answers come as texts of its error numbers. */
function remedyFor(stderr: string): string {
  if (/required key|key was rejected/i.test(stderr)) {
    return 'The kernel does not trust the signer: put its issuer into a keyring that dm-verity asks';
  }
  return 'Run as root, on a kernel with dm-verity and loop devices';
}
