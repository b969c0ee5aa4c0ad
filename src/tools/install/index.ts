import type { GuestArchitecture } from '../../model/guest-architecture.ts';
import type { InstallContext, MkfsCheck, OrasCheck } from './context.ts';
import { ensureErofsUtils } from './erofs-utils.ts';
import type { ErofsUtilsRequest } from './erofs-utils-release.ts';
import { ensureOras } from './oras.ts';
import type { OrasRequest } from './oras-release.ts';
import { ensureQemu } from './qemu.ts';

/** What the Action asks for. A program with a `path` is used without a check. */
export interface InstallRequest {
  /** Undefined if the run reaches no registry. */
  oras?: (OrasRequest & { path?: string | undefined; check: OrasCheck }) | undefined;
  /** Undefined if the run needs no mkfs.erofs. */
  erofsUtils?: (ErofsUtilsRequest & { path?: string | undefined; check: MkfsCheck }) | undefined;
  /** Architecture of the VM; undefined if the run boots none. */
  qemu?: GuestArchitecture | undefined;
}

/** Paths of the programs; none for a program that the run does not need. */
export interface Installed {
  orasPath?: string;
  mkfsPath?: string;
}

/**
 * Finds or installs oras, mkfs.erofs and QEMU for the Action: the given path, else a usable program on PATH,
 * else the distribution's package (mkfs.erofs, QEMU) or an archive with a pinned checksum. What is installed
 * from an archive exists for this run only. It logs each step when it begins: packages and builds take minutes, and
 * the lines of a group would appear at its end.
 *
 * @throws VeritySignError 'environment' if that fails, 'usage' for an unknown version
 */
export async function installTools(
  { oras, erofsUtils, qemu }: InstallRequest,
  context: InstallContext,
): Promise<Installed> {
  const installed: Installed = {};
  if (oras !== undefined) installed.orasPath = oras.path ?? (await ensureOras(oras, oras.check, context));
  if (erofsUtils !== undefined) {
    const { path, check, ...request } = erofsUtils;
    installed.mkfsPath = path ?? (await ensureErofsUtils(request, check, context));
  }
  if (qemu !== undefined) await ensureQemu(qemu, context);
  return installed;
}
