import { existsSync } from 'node:fs';
import { VeritySignError } from '../../../errors.ts';

export interface Firmware {
  /** Path of the program of the firmware, without Secure Boot. */
  code: string;
  /** Path of its empty variable store. */
  variables: string;
}

/** Where distributions have OVMF: Debian and Ubuntu, Fedora, Arch. */
const PLACES: readonly Firmware[] = [
  { code: '/usr/share/OVMF/OVMF_CODE_4M.fd', variables: '/usr/share/OVMF/OVMF_VARS_4M.fd' },
  { code: '/usr/share/edk2/ovmf/OVMF_CODE.fd', variables: '/usr/share/edk2/ovmf/OVMF_VARS.fd' },
  { code: '/usr/share/edk2/x64/OVMF_CODE.4m.fd', variables: '/usr/share/edk2/x64/OVMF_VARS.4m.fd' },
];

/**
 * The UEFI firmware of virtual machines.
 * @param places where to look; for tests
 * @throws VeritySignError 'environment' if it is not installed
 */
export function findFirmware(places: readonly Firmware[] = PLACES): Firmware {
  const found = places.find(({ code, variables }) => existsSync(code) && existsSync(variables));
  if (found !== undefined) return found;
  throw new VeritySignError(
    'environment',
    'the UEFI firmware OVMF, which starts the kernel, is not installed',
    {
      remedy: 'Install it with sudo apt-get install --no-install-recommends ovmf, or omit kernel',
    },
  );
}
