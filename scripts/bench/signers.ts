import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { layerUuid } from '../../src/convert/erofs/uuid.ts';
import type { ProfileName } from '../../src/model/index.ts';
import type { SignReport } from '../../src/report/report.ts';
import type { DemoPki } from '../demo-pki.ts';
import { CLI, type Contestant, environment } from './contestant.ts';
import { TAG, writeLayout } from './data/images.ts';
import type { Compression, Layer } from './data/layers.ts';
import { EXPORTING, NATIVE, OURS } from './results.ts';

/** An image in one form, to be signed for one profile. */
export interface Task {
  layers: readonly Layer[];
  form: Compression;
  profile: ProfileName;
  pki: DemoPki;
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * The shipped bundle as a process, with either builder.
 * @param exports fill a layer cache at the same time
 */
export function ours(
  { layers, form, profile, pki }: Task,
  builder: 'mkfs' | 'native' = 'mkfs',
  exports = false,
): Contestant {
  return {
    name: exports ? EXPORTING : builder === 'native' ? NATIVE : OURS,
    async prepare(folder) {
      const [layout, tempFolder] = [join(folder, 'layout'), join(folder, 'temp')];
      await mkdir(tempFolder);
      await writeLayout(layout, layers, form);
      const options = {
        profile,
        builder,
        key: pki.key,
        certificate: pki.certificate,
        'temp-dir': tempFolder,
        report: join(folder, 'report.json'),
        timeout: '30m',
        ...(exports ? { 'export-dir': join(folder, 'cache') } : {}),
      };
      const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
      const argv = [process.execPath, CLI, 'sign', `oci:${layout}:${TAG}`, ...words] as const;
      return { argv: [...argv], env: environment(folder), tempFolder };
    },
    async outcome(folder) {
      const reports = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as SignReport[];
      const signed = reports.flatMap(({ artifacts }) => artifacts).flatMap((artifact) => artifact.layers);
      return {
        rootHashes: Object.fromEntries(signed.map(({ digest, rootHash }) => [digest.slice(7), rootHash])),
        erofsSizes: signed.map(({ erofsSize }) => erofsSize),
      };
    },
  };
}

/** The shell pipeline: one layer after the other, or one per processor at the same time. */
export function shell({ layers, form, profile, pki }: Task, order: 'sequential' | 'parallel'): Contestant {
  return {
    name: `shell, ${order}`,
    async prepare(folder) {
      const [layout, tempFolder, list] = ['layout', 'temp', 'layers'].map((name) => join(folder, name)) as [
        string,
        string,
        string,
      ];
      await mkdir(tempFolder);
      await writeLayout(layout, layers, form);
      const lines = layers.map((layer) => {
        const { digest } = layer[form];
        const uuid = layerUuid(profile === 'containerd-cache' ? layer.plain.digest : digest);
        return `${digest.slice(7)} ${form} ${uuid}\n`;
      });
      await writeFile(list, lines.join(''));
      const jobs = order === 'parallel' ? availableParallelism() : 1;
      const script = [here('sign-image.sh'), String(jobs), profile, pki.key, pki.certificate];
      return {
        argv: ['bash', ...script, tempFolder, list],
        cwd: join(layout, 'blobs/sha256'),
        env: environment(folder),
        tempFolder,
      };
    },
    async outcome(folder) {
      const rootHashes: Record<string, string> = {};
      for (const file of await readdir(join(folder, 'temp'))) {
        const [digest = '', end] = file.split('.');
        if (end === 'root-hash') rootHashes[digest] = await readFile(join(folder, 'temp', file), 'utf8');
      }
      return { rootHashes };
    },
  };
}
