import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProfileName } from '../../../src/model/index.ts';
import type { SignReport } from '../../../src/report/report.ts';
import type { DemoPki } from '../../demo-pki.ts';
import { TAG, writeLayout } from '../data/images.ts';
import type { Compression, Layer } from '../data/layers.ts';
import { EXPORTING, MKFS, OURS } from '../results.ts';
import { CLI, type Contestant, environment, type Outcome } from './contestant.ts';

/** An image in one form, to be signed for one profile. */
export interface Task {
  layers: readonly Layer[];
  form: Compression;
  profile: ProfileName;
  pki: DemoPki;
}

export interface Variant {
  builder?: 'native' | 'mkfs';
  /** Fill a layer cache at the same time. */
  exports?: boolean;
}

/** The shipped bundle as a process. */
export function ours(task: Task, { builder = 'native', exports = false }: Variant = {}): Contestant {
  return {
    name: exports ? EXPORTING : builder === 'native' ? OURS : MKFS,
    async prepare(folder) {
      const [layout, tempFolder] = [join(folder, 'layout'), join(folder, 'temp')];
      await mkdir(tempFolder);
      await writeLayout(layout, task.layers, task.form);
      const more = exports ? ['--export-dir', join(folder, 'cache')] : [];
      const argv = signArguments(task, `oci:${layout}:${TAG}`, folder, builder);
      return { argv: [process.execPath, CLI, ...argv, ...more], env: environment(folder), tempFolder };
    },
    outcome: signedOutcome,
  };
}

/** The command line that signs an image, with its report and temporary files in `folder`. */
export function signArguments(
  { profile, pki }: Pick<Task, 'profile' | 'pki'>,
  image: string,
  folder: string,
  builder: 'native' | 'mkfs' = 'native',
): string[] {
  const options = {
    profile,
    builder,
    key: pki.key,
    certificate: pki.certificate,
    'temp-dir': join(folder, 'temp'),
    report: join(folder, 'report.json'),
    timeout: '30m',
  };
  return ['sign', image, ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])];
}

/** What the report of a run that signed says. */
export async function signedOutcome(folder: string): Promise<Outcome> {
  const reports = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as SignReport[];
  const signed = reports.flatMap(({ artifacts }) => artifacts).flatMap((artifact) => artifact.layers);
  return {
    rootHashes: Object.fromEntries(signed.map(({ digest, rootHash }) => [digest.slice(7), rootHash])),
    erofsSizes: signed.map(({ erofsSize }) => erofsSize),
  };
}
