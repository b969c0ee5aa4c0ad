import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { mkfsArguments, PROFILES } from '../../../src/convert/erofs/profile.ts';
import { run } from '../../../src/lib/process/run.ts';
import { find } from '../../tools/common.ts';
import { environment, floor, NIL_UUID, plain } from '../peers/contestant.ts';
import { type Case, layersOf } from './case.ts';

const ZERO_SALT = '0'.repeat(64);

/** The hash tree of an image alone. */
export function treeCase(image: 'one-224MB' | 'one-1GB', blockSize: 4096 | 512): Case {
  return {
    name: `tree/${image}/${blockSize}`,
    async contestants({ cache }, folder) {
      const [layer] = await layersOf(image, cache);
      const file = join(folder, 'image');
      await mkdir(folder, { recursive: true });
      await mkfs(layer?.plain.path ?? '', file, folder);
      const sizes = [`--data-block-size=${blockSize}`, `--hash-block-size=${blockSize}`];
      return [
        floor('hash tree', () => ['tree', String(blockSize), file]),
        plain('veritysetup', (own) => ({
          argv: ['veritysetup', 'format', ...sizes, `--salt=${ZERO_SALT}`, file, join(own, 'temp/hash')],
        })),
      ];
    },
  };
}

async function mkfs(tar: string, image: string, folder: string): Promise<void> {
  const options = mkfsArguments('containerd', PROFILES.containerd.defaultOptions, NIL_UUID);
  const input = await open(tar);
  try {
    const env = environment(folder);
    await run([find('mkfs.erofs') ?? 'mkfs.erofs', ...options, image], { env, stdinFd: input.fd });
  } finally {
    await input.close();
  }
}
