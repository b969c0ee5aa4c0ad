import { describeError, VeritySignError } from '../../errors.ts';
import { withTempFolder } from '../../lib/process/temp-folder.ts';
import { DEFAULT_CLASS, RELEASE_CLASSES } from '../../model/profiles.ts';
import { checkVersion } from '../../oci/oras/version.ts';
import { REPORT_HEAD } from '../../report/tool.ts';
import type { FoundProgram, VersionReport } from '../../report/version-report.ts';
import { locateMkfs, measureMkfs } from '../../tools/mkfs-erofs.ts';
import { leaksCredentials } from '../../tools/versions.ts';

export interface VersionOptions {
  orasPath?: string;
  mkfsPath?: string;
}

/** What runs here: this program, Node, and the outside programs that a run would use. It never fails for them. */
export async function versionReport(options: VersionOptions, signal?: AbortSignal): Promise<VersionReport> {
  const oras = found(async () => {
    const path = options.orasPath ?? 'oras';
    const { text } = await checkVersion(path, signal);
    return { path, version: text, ...(leaksCredentials(text) ? { problem: LEAKS } : {}) };
  });
  const mkfs = found(async () => {
    const path = locateMkfs(options.mkfsPath);
    const { version } = await withTempFolder(undefined, (folder) => measureMkfs(path, folder, signal));
    return { path, version };
  });
  return {
    ...REPORT_HEAD,
    node: process.versions.node,
    platform: `${process.platform}/${process.arch}`,
    classes: { ...RELEASE_CLASSES },
    defaultClass: DEFAULT_CLASS,
    oras: await oras,
    mkfs: await mkfs,
  };
}

const LEAKS = 'usable for layouts and for registries without a login: use 1.3.3 or later for others';

async function found(look: () => Promise<FoundProgram>): Promise<FoundProgram> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof VeritySignError)) throw error;
    return { problem: describeError(error).line };
  }
}
