import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir } from '@actions/tool-cache';
import { VeritySignError } from '../../errors.ts';
import { findCached } from './cached.ts';
import type { InstallContext } from './context.ts';
import { withArchive } from './download.ts';
import { findOnPath, versionOf } from './locate.ts';
import { orasWillDo } from './versions.ts';

/** SHA-256 of `oras_VERSION_linux_ARCH.tar.gz`, from the release's list of checksums. */
const CHECKSUMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '1.3.0': {
    amd64: '6cdc692f929100feb08aa8de584d02f7bcc30ec7d88bc2adc2054d782db57c64',
    arm64: '7649738b48fde10542bcc8b0e9b460ba83936c75fb5be01ee6d4443764a14352',
  },
};

/** Returns the path of an oras that will do; installs `version` if there is none. */
export async function ensureOras(version: string, context: InstallContext, base: string): Promise<string> {
  const present = findOnPath('oras');
  if (present !== undefined) {
    const found = await versionOf([present, 'version'], context.signal);
    if (found !== undefined && orasWillDo(found)) {
      context.log.info(`oras ${found}: ${present}`);
      return present;
    }
    context.log.info(`oras ${found ?? 'of unknown version'} (${present}) is too old`);
  }
  const { arch, sha256 } = pinned(version);
  const folder = findCached('oras', version, arch) ?? (await install(version, arch, sha256, context, base));
  const path = join(folder, 'oras');
  context.log.info(`oras ${version}: ${path}`);
  return path;
}

/** A version without a known checksum is refused: what is downloaded will handle credentials. */
function pinned(version: string): { arch: string; sha256: string } {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const known = CHECKSUMS[version];
  if (known === undefined) {
    throw new VeritySignError('usage', `input oras-version: the checksum of oras ${version} is not known`, {
      remedy: `Give one of ${Object.keys(CHECKSUMS).join(', ')}, or install oras yourself and set oras-path`,
    });
  }
  const sha256 = process.platform === 'linux' ? known[arch] : undefined;
  if (sha256 === undefined) {
    throw new VeritySignError('environment', `there is no oras to install for ${process.platform}/${arch}`, {
      remedy: 'Run on Linux on x64 or arm64',
    });
  }
  return { arch, sha256 };
}

function install(
  version: string,
  arch: string,
  sha256: string,
  context: InstallContext,
  base: string,
): Promise<string> {
  const url = `${base}/v${version}/oras_${version}_linux_${arch}.tar.gz`;
  return withArchive(url, sha256, context, async (folder) => {
    // The archive holds a licence and a readme besides.
    const wanted = join(folder, 'bin');
    await mkdir(wanted);
    await rename(join(folder, 'oras'), join(wanted, 'oras'));
    return cacheDir(wanted, 'oras', version, arch);
  });
}
