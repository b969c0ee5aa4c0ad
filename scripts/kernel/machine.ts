import { join } from 'node:path';
import type { Kernel } from './build.ts';
import { Disk } from './disk.ts';
import { buildInitramfs } from './initramfs.ts';
import { chooseAccelerator, type Machine } from './qemu.ts';

/** Makes the initramfs in `folder`, and finds out how the kernel boots on this machine. */
export async function prepareMachine(kernel: Kernel, folder: string): Promise<Machine> {
  const initramfs = join(folder, 'initramfs.gz');
  await buildInitramfs(initramfs);
  const trial = await Disk.create(folder);
  const disk = await trial.write();
  const accelerator = await chooseAccelerator({ kernel: kernel.image, initramfs, disk, arguments: [] });
  return { kernel: kernel.image, initramfs, accelerator };
}
