import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { layerUuid } from '../../src/convert/erofs/uuid.ts';
import { sha256 } from './raw-tar.ts';
import { toolEnvironment, toolPath } from './tools.ts';

/**
 * The root hash of a layer as a node makes it: mkfs.erofs from a shell, and veritysetup. The work is done in a
 * folder of its own in `folder`.
 */
export async function byHand(
  tar: Buffer | { path: string; digest: string },
  profile: 'containerd' | 'containerd-tar-index',
  folder: string,
): Promise<string> {
  const work = mkdtempSync(join(folder, 'by-hand-'));
  try {
    if (Buffer.isBuffer(tar)) writeFileSync(join(work, 'tar'), tar);
    else symlinkSync(tar.path, join(work, 'tar'));
    const digest = Buffer.isBuffer(tar) ? sha256(tar) : tar.digest;
    const [options, block, append] =
      profile === 'containerd'
        ? ['--tar=f --aufs --quiet -Enoinline_data -b4096 -T0 --mkfs-time --sort=none', 4096, '']
        : ['--tar=i --aufs --quiet -b4096 -T0 --mkfs-time', 512, 'cat tar >> image;'];
    const root = process.geteuid?.() === 0 ? '' : 'unshare --map-root-user -- ';
    const script = `
      ${root}${toolPath('mkfs.erofs')} ${options} -U ${layerUuid(digest)} image < tar; ${append}
      truncate -s %${block} image
      ${toolPath('veritysetup')} format --data-block-size=${block} --hash-block-size=${block} \
        --salt=${'0'.repeat(64)} image tree | sed -n 's/^Root hash:[[:space:]]*//p'`;
    const { stdout } = await promisify(execFile)('sh', ['-ec', script], {
      cwd: work,
      env: toolEnvironment(),
    });
    return stdout.trim();
  } finally {
    rmSync(work, { recursive: true });
  }
}
