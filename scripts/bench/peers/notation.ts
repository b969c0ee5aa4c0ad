import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DemoPki } from '../../demo-pki.ts';
import { find } from '../../tools/common.ts';
import { NOTATION } from '../cases/names.ts';
import { type Contestant, environment } from './contestant.ts';
import type { Task } from './ours.ts';
import { push, type Repositories } from './registry.ts';

/**
 * The Notary Project's prototype, which no release has: the branch erofs-dev of github.com/dallasd1/notation, from which
 * pull request 1343 of notaryproject/notation comes. A user builds it and puts it on PATH under this name.
 */
export const NOTATION_PROGRAM = 'notation-dm-verity';

/**
 * Signs the layers and the manifest of an image in a registry. Its images are as those of containerd-tar-index, but
 * with one UUID for all, so that its root hashes are others.
 */
export function notationSigns(task: Task, repositories: Repositories): Contestant {
  return {
    name: NOTATION,
    async prepare(folder) {
      const image = await push(task, repositories, folder);
      await configure(folder, task);
      // It reads layers by HTTPS whatever it is told.
      const argv = ['sign', '--dm-verity', '--key', 'bench', image];
      const trust = { SSL_CERT_FILE: repositories.certificate ?? '' };
      const env = {
        ...environment(folder),
        ...trust,
        XDG_CONFIG_HOME: join(folder, 'config'),
        NOTATION_EXPERIMENTAL: '1',
      };
      return {
        argv: [find(NOTATION_PROGRAM) ?? NOTATION_PROGRAM, ...argv],
        env,
        tempFolder: join(folder, 'temp'),
      };
    },
  };
}

/** The same keys with the certificate of the authority, which signatures of manifests contain. */
export async function withChain(pki: DemoPki, folder: string): Promise<DemoPki> {
  const certificate = join(folder, 'chain.pem');
  await mkdir(folder, { recursive: true });
  const [leaf, ca] = await Promise.all([pki.certificate, pki.ca].map((path) => readFile(path, 'utf8')));
  await writeFile(certificate, `${leaf}${ca}`);
  return { ...pki, certificate };
}

async function configure(folder: string, { pki }: Task): Promise<void> {
  const config = join(folder, 'config/notation');
  await mkdir(config, { recursive: true });
  const keys = [{ name: 'bench', keyPath: pki.key, certPath: pki.certificate }];
  await writeFile(join(config, 'signingkeys.json'), JSON.stringify({ default: 'bench', keys }));
}
