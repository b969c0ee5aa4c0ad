import { existsSync, readFileSync } from 'node:fs';
import { mkdir, statfs } from 'node:fs/promises';
import { KEYRING } from '../apt.ts';
import { find, TOOLS } from '../common.ts';
import { hasGo } from '../go.ts';
import { hasPython } from '../python.ts';
import type { Machine } from './plan.ts';
import { canBeRoot } from './rights.ts';

/** Looks at this machine, without the network. */
export async function thisMachine(): Promise<Machine> {
  const apt = find('apt-get') !== undefined && find('dpkg-deb') !== undefined;
  await mkdir(TOOLS, { recursive: true });
  const { bavail, bsize } = await statfs(TOOLS);
  return {
    root: await canBeRoot(),
    apt,
    debian: apt && existsSync(KEYRING) && namesDebian(),
    python: await hasPython(),
    go: await hasGo(),
    freeMegabytes: Math.floor((bavail * bsize) / 1e6),
  };
}

function namesDebian(): boolean {
  if ((process.env.DEBIAN_MIRROR ?? '') !== '') return true;
  try {
    return /^ID="?debian"?$/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}
