import type { InstallContext, MkfsCheck, OrasCheck } from './context.ts';
import { ensureErofsUtils } from './erofs-utils.ts';
import type { ErofsUtilsRequest } from './erofs-utils-release.ts';
import { ensureOras } from './oras.ts';
import type { OrasRequest } from './oras-release.ts';

/** What the Action asks for. A program with a `path` is used without a check. */
export interface InstallRequest {
  oras: OrasRequest & { path?: string | undefined; check: OrasCheck };
  /** Undefined if the run needs no mkfs.erofs. */
  erofsUtils?: (ErofsUtilsRequest & { path?: string | undefined; check: MkfsCheck }) | undefined;
}

/**
 * Finds or installs oras and mkfs.erofs for the Action: the given path, else a usable program on PATH,
 * else the runner's tool cache, else a download with a pinned checksum.
 *
 * @throws VeritySignError 'environment' if that fails, 'usage' for an unknown version
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
