import type { InstallContext } from './install/context.ts';
import { ensureErofsUtils } from './install/erofs-utils.ts';
import { ensureOras } from './install/oras.ts';

/** What the Action asks for. Paths that are given are used as they are. */
export interface InstallRequest {
  orasPath?: string;
  mkfsPath?: string;
  /** Version of oras to install if there is none that will do. */
  orasVersion: string;
  /** As the input `erofs-utils-version`: a version, a class, or `any`. */
  erofsUtilsVersion?: string;
}

/** Where releases are downloaded from; tests bring their own server. */
export interface DownloadHosts {
  /** Followed by `/vVERSION/oras_VERSION_linux_ARCH.tar.gz`. */
  oras: string;
  /** Followed by `/erofs-utils-VERSION.tar.gz`. */
  erofsUtils: string;
}

export const DOWNLOAD_HOSTS: DownloadHosts = {
  oras: 'https://github.com/oras-project/oras/releases/download',
  erofsUtils: 'https://git.kernel.org/pub/scm/linux/kernel/git/xiang/erofs-utils.git/snapshot',
};

/** As installTools, for a run that makes no images: oras alone. */
export function installOras(
  request: Pick<InstallRequest, 'orasPath' | 'orasVersion'>,
  context: InstallContext,
  hosts: Pick<DownloadHosts, 'oras'> = DOWNLOAD_HOSTS,
): Promise<{ orasPath: string }> {
  return context.log.group('Tools', async (log) => {
    const within = { log, signal: context.signal };
    return { orasPath: request.orasPath ?? (await ensureOras(request.orasVersion, within, hosts.oras)) };
  });
}

/**
 * Finds or installs oras and mkfs.erofs, for the Action only: a path that was given, else PATH if
 * what is there will do, else the runner's tool cache, else a download with a pinned checksum.
 *
 * @throws VeritySignError `environment` if that fails, `usage` for a version that is not known.
 */
export function installTools(
  request: InstallRequest,
  context: InstallContext,
  hosts: DownloadHosts = DOWNLOAD_HOSTS,
): Promise<{ orasPath: string; mkfsPath: string }> {
  return context.log.group('Tools', async (log) => {
    const within = { log, signal: context.signal };
    const orasPath = request.orasPath ?? (await ensureOras(request.orasVersion, within, hosts.oras));
    const mkfsPath =
      request.mkfsPath ?? (await ensureErofsUtils(request.erofsUtilsVersion, within, hosts.erofsUtils));
    return { orasPath, mkfsPath };
  });
}
