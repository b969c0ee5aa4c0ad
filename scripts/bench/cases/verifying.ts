import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../../src/lib/process/run.ts';
import { type ImageName, TAG, writeLayout } from '../data/images.ts';
import type { Compression } from '../data/layers.ts';
import { CLI, cli, environment } from '../peers/contestant.ts';
import { ours, signArguments } from '../peers/ours.ts';
import { type Case, layersOf } from './case.ts';
import { VERIFY, VERIFY_SIGNATURES } from './names.ts';

/** Verifying a signed image in a layout, with and without computing its root hashes again, beside signing it. */
export function verifyCase(image: ImageName, form: Compression): Case {
  return {
    name: `verify/${image}/${form}`,
    async contestants({ cache, pki }, folder) {
      const layers = await layersOf(image, cache);
      const task = { layers, form, profile: 'containerd', pki } as const;
      const layout = join(folder, 'layout');
      await mkdir(join(folder, 'temp'), { recursive: true });
      await writeLayout(layout, layers, form);
      const argv = signArguments(task, `oci:${layout}:${TAG}`, folder);
      await run([process.execPath, CLI, ...argv], { env: environment(folder) });
      const verify = ['verify', `oci:${layout}:${TAG}`, '--trusted-certificate', pki.ca];
      return [ours(task), cli(VERIFY, verify), cli(VERIFY_SIGNATURES, [...verify, '--recompute=false'])];
    },
  };
}
