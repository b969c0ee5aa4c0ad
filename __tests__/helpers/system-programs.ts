import { readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Links the system's programs into `folder`, except some: a PATH on which nothing else is. */
export function linkSystemPrograms(folder: string, lacked: readonly string[]): void {
  const done = new Set(lacked);
  for (const system of ['/usr/bin', '/usr/sbin', '/bin', '/sbin']) {
    for (const name of readdirSync(system)) {
      if (done.has(name)) continue;
      done.add(name);
      symlinkSync(join(system, name), join(folder, name));
    }
  }
}
