import { VeritySignError } from '../../errors.ts';
import type { Archive } from './download.ts';

/**
 * SHA-256 of the release archives, as listed by the project's own action.
 * [oras-project/setup-oras, src/lib/data/releases.json] No release has one for Windows on arm64.
 */
const CHECKSUMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '1.2.0': {
    'linux/amd64': '5b3f1cbb86d869eee68120b9b45b9be983f3738442f87ee5f06b00edd0bab336',
    'linux/arm64': '27df680a39fc2fcedc549cb737891623bc696c9a92a03fd341e9356a35836bae',
    'darwin/amd64': '58a8494f5bce778e21d89d90c82e05bd128e7bb9d84dd190d154f8afdbf30541',
    'darwin/arm64': 'fea801b0e02c5342e749ef2860e1faebae03e93ae50e33ed40d227e089cf9435',
    'windows/amd64': 'f110b42a20bd4728fb0428d36ee6ed10de58cd986bba8e95ecc4f0272cb017ba',
  },
  '1.2.3': {
    'linux/amd64': 'b4efc97a91f471f323f193ea4b4d63d8ff443ca3aab514151a30751330852827',
    'linux/arm64': '90e24e234dc6dffe73365533db66fd14449d2c9ae77381081596bf92f40f6b82',
    'darwin/amd64': '29d8b684dadd9b08614fe9023a5ac8ff0ef1bef1c9795ad8076e3215eb207724',
    'darwin/arm64': 'ca4188a0c690536d34baf2a4c3507b3fcc11a06979aeec6da3560a0c4d944a6a',
    'windows/amd64': '8fe890f5c6c89b06fb138839e533a112e0fc026a25b2c8c1b042b32455a56947',
  },
  '1.3.0': {
    'linux/amd64': '6cdc692f929100feb08aa8de584d02f7bcc30ec7d88bc2adc2054d782db57c64',
    'linux/arm64': '7649738b48fde10542bcc8b0e9b460ba83936c75fb5be01ee6d4443764a14352',
    'darwin/amd64': '82c33f7da8430ea7fa7e7bdf7721be0a0d0481e5ccb2472ea438490d5e8641a9',
    'darwin/arm64': 'e10c6552c02d5a7c7eaf7170d3b6f7f094b675a98a1e0edf4d4478a909447245',
    'windows/amd64': 'b050e93aa0dc7a79a61fa8e4074dfa302c41d4af01b634fe393c5dd687536aee',
  },
};

const RELEASES = 'https://github.com/oras-project/oras/releases/download';

export interface OrasRequest {
  /** Such as `1.3.0`. */
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
  const os = machine.platform === 'win32' ? 'windows' : machine.platform;
  const arch = machine.arch === 'x64' ? 'amd64' : machine.arch;
  const sha256 = request.sha256 ?? knownChecksum(version, `${os}/${arch}`);
  const name = `oras_${version}_${os}_${arch}.${os === 'windows' ? 'zip' : 'tar.gz'}`;
  const url = request.url ?? RELEASES;
  const urls = [isArchive(url) ? url : `${url.replace(/\/+$/, '')}/v${version}/${name}`];
  return { tool: 'oras', version, sha256, urls, input: 'oras-download-url' };
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
