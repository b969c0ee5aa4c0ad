import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { architecture, BIN, command, failure, inTempFolder, place } from './common.ts';
import { download } from './download.ts';
import { buildErofsUtils } from './erofs-utils.ts';
import { EROFS_UTILS_TRIXIE_TOOL } from './erofs-utils-trixie.ts';
import { goTool } from './go-module.ts';
import { IMAGE_PARTS_TOOL } from './image/parts.ts';
import { MOTO_TOOL } from './moto.ts';
import { NODE_OLDEST_TOOL } from './node-oldest.ts';
import * as pins from './pins.ts';
import type { Tool } from './tool.ts';
import { VAULT_TOOL } from './vault.ts';
import { ACTIONLINT_TOOL, HADOLINT_TOOL, ZIZMOR_TOOL } from './workflow-linters.ts';

const EROFS_UTILS_TOOL: Tool = {
  name: 'erofs-utils',
  description: `mkfs.erofs ${pins.EROFS_UTILS.version}, built from source`,
  programs: ['mkfs.erofs', 'fsck.erofs', 'dump.erofs'],
  inputs: [pins.EROFS_UTILS, readFileSync(new URL('erofs-utils.ts', import.meta.url), 'utf8')],
  demo: true,
  needs: ['build'],
  seconds: 40,
  megabytes: 3,
  install: async (origin) => {
    const { version, sha256, url } = pins.EROFS_UTILS;
    const archive = await origin.archive();
    await buildErofsUtils(async (target) => {
      if (archive === undefined) await download(url, sha256, target);
      else await archive.tarball('erofs-utils', version, sha256, target);
    });
    const said = await command([join(BIN, 'mkfs.erofs'), '--version']);
    if (said.split('\n')[0] !== `mkfs.erofs (erofs-utils) ${version}`) {
      throw failure(
        `the mkfs.erofs that was built says ${said.trim()}`,
        'Check scripts/tools/erofs-utils.ts',
      );
    }
  },
};

const REGISTRY_TOOL = goTool({
  name: 'referrers-registry',
  description: 'a registry with the referrers API',
  folder: 'registry',
  programs: { 'referrers-registry': '.' },
  seconds: 40,
  megabytes: 450,
});

const READERS_TOOL = goTool({
  name: 'go-readers',
  description: "Go's readers of image documents",
  folder: 'go-readers',
  programs: { 'go-readers': '.' },
  seconds: 20,
  megabytes: 160,
});

/** The first containerd with dm-verity and the layer cache; Debian has none yet. */
const CONTAINERD_CACHE_TOOL = goTool({
  name: 'containerd-2.4',
  description: 'containerd 2.4 and its ctr',
  folder: 'containerd',
  programs: {
    'containerd-2.4': 'github.com/containerd/containerd/v2/cmd/containerd',
    'ctr-2.4': 'github.com/containerd/containerd/v2/cmd/ctr',
  },
  tags: ['no_cri', 'no_btrfs', 'no_devmapper', 'no_zfs'],
  seconds: 120,
  megabytes: 700,
});

/** From the module of that containerd, so that it is the same version. */
const SHIM_TOOL = goTool({
  name: 'containerd-shim-runc-v2',
  description: "containerd 2.4's shim for runc",
  folder: 'containerd',
  programs: {
    'containerd-shim-runc-v2': 'github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2',
  },
  kernel: true,
  seconds: 10,
  megabytes: 15,
});

/** The first runc that seals its program by overlayfs, which IPE allows. Without seccomp, so without its library. */
const RUNC_TOOL = goTool({
  name: 'runc',
  description: 'runc 1.5',
  folder: 'runc',
  programs: { runc: 'github.com/opencontainers/runc' },
  tags: ['netgo', 'osusergo'],
  c: true,
  kernel: true,
  seconds: 20,
  megabytes: 60,
});

/** Other tools that copy images between registries. */
const COPIERS_TOOL = goTool({
  name: 'copiers',
  description: 'regctl and crane',
  folder: 'copiers',
  programs: {
    regctl: 'github.com/regclient/regclient/cmd/regctl',
    crane: 'github.com/google/go-containerregistry/cmd/crane',
  },
  seconds: 40,
  megabytes: 330,
});

/** Has a second source, so that the demo runs on distributions other than Debian. */
const ORAS_TOOL: Tool = {
  ...packaged('oras', pins.ORAS, 12, true),
  needs: [],
  inputs: [pins.ORAS, pins.ORAS_RELEASE],
  install: async (origin) => {
    if ((await origin.archive()) !== undefined) return packaged('oras', pins.ORAS, 12).install(origin);
    const { url, sha256 } = pins.ORAS_RELEASE;
    await inTempFolder(async (folder) => {
      const archive = join(folder, 'oras.tar.gz');
      await download(`${url}${architecture()}.tar.gz`, sha256?.[`linux/${architecture()}`] ?? '', archive);
      await command(['tar', '--extract', '--gzip', `--file=${archive}`, 'oras'], folder);
      await place(join(folder, 'oras'), 'oras');
    });
  },
};

/** A tool whose programs are extracted from a Debian package. */
function packaged(name: string, pin: pins.PackagePin, megabytes: number, demo = false): Tool {
  return {
    name,
    description: `${pin.package} ${pin.builds[architecture()].version}, Debian ${pin.suite}`,
    programs: Object.keys(pin.programs),
    inputs: pin,
    demo,
    needs: ['debian'],
    seconds: 5,
    megabytes,
    install: async (origin) => {
      await inTempFolder(async (folder) => {
        await (await origin.requireArchive(name)).unpack(pin, folder);
        for (const [program, path] of Object.entries(pin.programs)) {
          await place(join(folder, path), program);
        }
      });
    },
  };
}

export const TOOL_LIST: readonly Tool[] = [
  ORAS_TOOL,
  EROFS_UTILS_TOOL,
  packaged('oras-1.2', pins.ORAS_OLD, 11),
  packaged('notation', pins.NOTATION, 10),
  packaged('containerd', pins.CONTAINERD, 65),
  CONTAINERD_CACHE_TOOL,
  SHIM_TOOL,
  RUNC_TOOL,
  packaged('docker-registry', pins.DOCKER_REGISTRY, 21, true),
  packaged('mkfs.erofs-1.5', pins.EROFS_UTILS_OLD, 1),
  EROFS_UTILS_TRIXIE_TOOL,
  REGISTRY_TOOL,
  READERS_TOOL,
  COPIERS_TOOL,
  MOTO_TOOL,
  VAULT_TOOL,
  ACTIONLINT_TOOL,
  ZIZMOR_TOOL,
  HADOLINT_TOOL,
  IMAGE_PARTS_TOOL,
  NODE_OLDEST_TOOL,
];
