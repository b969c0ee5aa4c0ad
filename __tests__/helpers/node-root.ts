/** Copies of nodes, with the files that doctor reads. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const KERNEL = '6.12.57+deb13-amd64';

export const KERNEL_CONFIG = `# CONFIG_EXPERT is not set
CONFIG_DM_VERITY=m
CONFIG_DM_VERITY_VERIFY_ROOTHASH_SIG=y
CONFIG_SECURITY_IPE=y
CONFIG_IPE_PROP_DM_VERITY=y
CONFIG_IPE_PROP_DM_VERITY_SIGNATURE=y
CONFIG_EROFS_FS=m
CONFIG_EROFS_FS_XATTR=y
CONFIG_OVERLAY_FS=m
CONFIG_BLK_DEV_LOOP=m
CONFIG_SYSTEM_TRUSTED_KEYRING=y
`;

export const CONTAINERD = `version = 3
imports = ["conf.d/*.toml"]

[plugins."io.containerd.differ.v1.erofs"]
  mkfs_options = ["-T0", "--mkfs-time", "--sort=none"]
  enable_dmverity = true

[plugins."io.containerd.snapshotter.v1.erofs"]
  dmverity_mode = "on"

[plugins."io.containerd.service.v1.diff-service"]
  default = ["erofs", "walking"]
`;

const IPE = '/sys/kernel/security/ipe';
const SNAPSHOTS = '/var/lib/containerd/io.containerd.snapshotter.v1.erofs/snapshots';

/**
 * The files of a node that enforces the root hashes of an image.
 * @param keyId subject key identifier of a certificate in the kernel's keyring, hex
 */
export function goodNode(rootHashes: readonly string[], keyId: string): Record<string, string | Buffer> {
  const rules = rootHashes.map(
    (rootHash) => `op=EXECUTE dmverity_roothash=sha256:${rootHash} action=ALLOW\n`,
  );
  return {
    '/proc/sys/kernel/osrelease': `${KERNEL}\n`,
    '/proc/config.gz': gzipSync(KERNEL_CONFIG),
    '/proc/filesystems': 'nodev\tproc\nnodev\toverlay\n\text4\n\terofs\n',
    '/proc/keys': [
      '0a8cf1a2 I------     1 perm 1f0b0000     0     0 keyring   .builtin_trusted_keys: 2',
      `1b2c3d4e I------     2 perm 1f030000     0     0 asymmetri verity-sign-test: root: ${keyId}: X509.rsa ${keyId.slice(-8)} []`,
      '',
    ].join('\n'),
    [`/usr/lib/modules/${KERNEL}/modules.dep`]:
      'kernel/fs/erofs/erofs.ko.xz:\nkernel/fs/overlayfs/overlay.ko.xz:\nkernel/drivers/md/dm-verity.ko.xz:\n',
    '/sys/module/dm_verity/parameters/require_signatures': 'N\n',
    '/sys/kernel/security/lsm': 'lockdown,capability,ipe,bpf',
    [`${IPE}/enforce`]: '1',
    [`${IPE}/policies/boot/active`]: '0\n',
    [`${IPE}/policies/app/active`]: '1\n',
    [`${IPE}/policies/app/policy`]: `policy_name=app policy_version=2026.1129.1100\nDEFAULT action=ALLOW\nDEFAULT op=EXECUTE action=DENY\nop=EXECUTE boot_verified=TRUE action=ALLOW\n${rules.join('')}`,
    '/var/lib/dpkg/status': [
      'Package: erofs-utils\nStatus: install ok installed\nVersion: 1.9.4-1',
      'Package: containerd.io\nStatus: install ok installed\nVersion: 2:2.4.2-1',
      '',
    ].join('\n\n'),
    '/etc/containerd/config.toml': CONTAINERD,
    [`${SNAPSHOTS}/7/layer.erofs`]: '',
  };
}

/** Writes the files below a root folder; `/lib` is a link to the node's `/usr/lib`. */
export function writeNode(root: string, files: Readonly<Record<string, string | Buffer>>): void {
  mkdirSync(join(root, 'usr/lib'), { recursive: true });
  symlinkSync('/usr/lib', join(root, 'lib'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}
