import type { InstallContext, MkfsCheck, OrasCheck } from './install/context.ts';
import { ensureErofsUtils } from './install/erofs-utils.ts';
import type { ErofsUtilsRequest } from './install/erofs-utils-release.ts';
import { ensureOras } from './install/oras.ts';
import type { OrasRequest } from './install/oras-release.ts';

/** What the Action asks for. Paths that are given are used as they are. */
export interface InstallRequest {
  oras: OrasRequest & { path?: string | undefined; check: OrasCheck };
  /** Without it there is no need of mkfs.erofs. */
  erofsUtils?: (ErofsUtilsRequest & { path?: string | undefined; check: MkfsCheck }) | undefined;
}

/**
 * Finds or installs oras and mkfs.erofs, for the Action only: a path that was given, else PATH if
 * what is there will do, else the runner's tool cache, else a download with a pinned checksum.
 *
 * @throws VeritySignError `environment` if that fails, `usage` for a version that is not known.
 */
export function installTools(
  { oras, erofsUtils }: InstallRequest,
  context: InstallContext,
): Promise<{ orasPath: string; mkfsPath?: string }> {
  return context.log.group('Tools', async (log) => {
    const within = { log, signal: context.signal };
    const orasPath = oras.path ?? (await ensureOras(oras, oras.check, within));
    if (erofsUtils === undefined) return { orasPath };
    const { path, check, ...request } = erofsUtils;
    return { orasPath, mkfsPath: path ?? (await ensureErofsUtils(request, check, within)) };
  });
}
