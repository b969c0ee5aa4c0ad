import { VeritySignError } from '../../errors.ts';
import { FIRST_SAFE_ORAS, leaksCredentials } from '../versions.ts';
import type { Archive } from './archive/archive.ts';

/** The release that is installed by default, and that the tests run. */
export const VERSION = '1.3.3';

/**
 * SHA-256 of the release archives, by version. Each is the one that several independent public recipes
 * pin. Releases that leak credentials are not in the list: see leaksCredentials.
 */
export const CHECKSUMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [VERSION]: {
    'linux/amd64': '9ce999f8d2de03fc03968b29d743077a58783e545e5eaa53917ca177352d0e59',
    'linux/arm64': 'ac7156f93a21e903f7ad606c792f3560f17e0cd0e36365634701b1e7cc4e4eca',
    'darwin/amd64': 'aeb684d8c24c18dce28fd1f7326636e4782b573108e244a93d4b1c4a5ec50f48',
    'darwin/arm64': 'f33fc12753c54172b0d0d19eaa0318d3f90fe9b094d96e8b259c881713c92e1c',
  },
};

const RELEASES = 'https://github.com/oras-project/oras/releases/download';

export interface OrasRequest {
  /** Such as `1.3.3`. */
  version: string;
  /** SHA-256 of the release archive, for a release that is not in the table. */
  sha256?: string | undefined;
  /** URL of a mirror laid out as the releases on GitHub, or of the archive itself. */
  url?: string | undefined;
}

/** A machine in the terms of Node. */
export interface Machine {
  platform: NodeJS.Platform;
  arch: NodeJS.Architecture;
}

/**
 * The archive of a release. A release without a known checksum is refused: oras handles credentials.
 * @throws VeritySignError 'usage' for a version, 'environment' for a machine without a known checksum
 */
export function orasArchive(request: OrasRequest, machine: Machine): Archive {
  const { version } = request;
  requireSafeVersion(version, 'input oras-version');
  const os = machine.platform === 'win32' ? 'windows' : machine.platform;
  const arch = machine.arch === 'x64' ? 'amd64' : machine.arch;
  const sha256 = request.sha256 ?? knownChecksum(version, `${os}/${arch}`);
  const name = `oras_${version}_${os}_${arch}.${os === 'windows' ? 'zip' : 'tar.gz'}`;
  const url = request.url ?? RELEASES;
  const urls = [isArchive(url) ? url : `${url.replace(/\/+$/, '')}/v${version}/${name}`];
  return { tool: 'oras', version, sha256, urls, input: 'oras-download-url' };
}

/**
 * Refuses a release that leaks credentials, with a checksum as well as without one.
 * @param label names the input
 * @throws VeritySignError 'usage'
 */
export function requireSafeVersion(version: string, label: string): void {
  if (!leaksCredentials(version)) return;
  throw new VeritySignError(
    'usage',
    `${label}: oras ${version} can send credentials to another host that a registry names (CVE-2026-50151)`,
    { remedy: `Set it to ${FIRST_SAFE_ORAS} or later, or leave it out` },
  );
}

/** Whether a URL names an archive rather than the folder of a mirror. */
export function isArchive(url: string): boolean {
  return /\.(tar\.gz|tgz|zip)$/.test(new URL(url).pathname);
}

function knownChecksum(version: string, machine: string): string {
  const known = CHECKSUMS[version];
  if (known === undefined) {
    throw new VeritySignError('usage', `input oras-version: the checksum of oras ${version} is unknown`, {
      remedy: `Set oras-sha256 to it (the release lists it in oras_${version}_checksums.txt), set oras-version to one of ${Object.keys(CHECKSUMS).join(', ')}, or install oras yourself`,
    });
  }
  const sha256 = known[machine];
  if (sha256 === undefined) {
    throw new VeritySignError('environment', `the checksum of oras ${version} for ${machine} is unknown`, {
      remedy: `Set oras-sha256 to it, if the release lists one in oras_${version}_checksums.txt, or install oras yourself`,
    });
  }
  return sha256;
}
