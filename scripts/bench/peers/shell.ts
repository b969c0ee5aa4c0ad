import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { layerUuid } from '../../../src/convert/erofs/uuid.ts';
import { writeLayout } from '../data/images.ts';
import { type Order, type ShellPeer, shellName } from '../results.ts';
import { type Contestant, environment } from './contestant.ts';
import type { Task } from './ours.ts';

const SCRIPT = fileURLToPath(new URL('../sign-image.sh', import.meta.url));

/** What sign-image.sh checks digests with. */
const DIGESTS: Readonly<Record<ShellPeer, string>> = {
  shell: 'sha256sum',
  'shell with openssl': 'openssl',
  'shell without digests': 'none',
};

/** The shell pipeline: one layer after the other, or one per processor at the same time. */
export function shell({ layers, form, profile, pki }: Task, peer: ShellPeer, order: Order): Contestant {
  return {
    name: shellName(peer, order),
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
        const diffId = layer.plain.digest;
        const uuid = layerUuid(profile === 'containerd-cache' ? diffId : digest);
        return `${digest.slice(7)} ${diffId.slice(7)} ${form} ${uuid}\n`;
      });
      await writeFile(list, lines.join(''));
      const jobs = order === 'parallel' ? availableParallelism() : 1;
      const words = [jobs, DIGESTS[peer], profile, pki.key, pki.certificate, tempFolder, list];
      return {
        argv: ['bash', SCRIPT, ...words.map(String)],
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
