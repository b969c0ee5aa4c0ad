import { shellLine } from '../../formats/shell-line.ts';
import type { ProfileName } from '../../model/index.ts';
import { CACHE_FOLDER, containerdVersions } from '../../report/node/node-settings.ts';
import type { KitCertificate } from './certificates.ts';
import { isForKata, KIT } from './paths.ts';

/** What the README of a kit says of its images. */
export interface KitFacts {
  /** With digests. */
  images: readonly string[];
  profile: ProfileName;
  /** Classes of erofs-utils that are signed. */
  classes: readonly string[];
  /** The command that fills the layer cache with the signed images; only for the profile of a cache. */
  cacheCommand?: { words: readonly string[]; needsMkfs: boolean };
  policy: { name: string; version: string; hasBase: boolean };
  certificates: readonly KitCertificate[];
  rootHashes: number;
}

/**
 * Kernel arguments. `lsm=` replaces the list of the kernel, so ipe goes to the end of that of the node.
 * containerd passes no signatures, so the kernel must not require them: IPE decides by root hash.
 */
export const KERNEL_ARGUMENTS = 'lsm=LIST-OF-THE-NODE,ipe dm_verity.require_signatures=0 ipe.enforce=1';

/** Modules that must be loaded before containerd starts. */
export const MODULES = 'erofs\noverlay\nloop\ndm-verity\n';

/** Settings of containerd's CRI plugin. The digest keeps the sandbox image the one that the policy allows. */
const CRI_SETTINGS = `[plugins."io.containerd.cri.v1.images"]
  snapshotter = "erofs"

[plugins."io.containerd.cri.v1.images".pinned_images]
  sandbox = "REGISTRY/pause@sha256:DIGEST"`;

/** The README of a kit: five steps, each with what to expect. Pure. */
export function kitReadme(facts: KitFacts): string {
  const { images, profile, classes, cacheCommand, policy, rootHashes } = facts;
  const { name, version } = policy;
  const securityfs = '/sys/kernel/security/ipe';
  const cache = profile === 'containerd-cache';
  const ofClass =
    classes.length === 0
      ? 'must make the signed images'
      : `must be of class ${classes.join(' or ')} (\`verity-sign version\` lists releases)`;
  return `# Node kit: ${name} ${version}

For nodes that run these images, and enforce the ${rootHashes} root hashes of their layers:

${images.map((image) => `- ${code(image)}`).join('\n')}

Do the steps on one node first. Copy this folder to it and work as root. \`verity-sign doctor IMAGE
--trusted-certificate ROOT.pem --profile ${profile}\` shows at any time what is still missing.

## 1. The kernel trusts the signers

Use Linux 6.12 or later with IPE and dm-verity. Put the certificates into keyrings that the kernel asks:

| Certificate | Vouches for | File |
| --- | --- | --- |
${facts.certificates.map(({ subject, vouchesFor, path }) => `| ${cell(subject)} | ${vouchesFor} | \`${path}\` |`).join('\n')}

The policy needs the built-in keyring; where the kernel's options say so
(\`CONFIG_IPE_POLICY_SIG_SECONDARY_KEYRING\`, \`…_PLATFORM_KEYRING\`), the secondary keyring or UEFI's \`db\` will do.
Signatures of layers count only where devices are opened with them. Add the arguments in \`${KIT.arguments}\`, with the
list of the node in place of its placeholder (\`cat /sys/kernel/security/lsm\`), copy \`${KIT.modules}\` to
\`/etc/modules-load.d/\`, and boot.

**Expect**: \`cat /sys/kernel/security/lsm\` contains \`ipe\`; \`grep X509 /proc/keys\` lists the certificates;
\`ls /sys/module/dm_verity\` shows a folder; \`grep CONFIG_IPE_PROP_DM_VERITY= /boot/config-$(uname -r)\` (or \`zgrep\` in
\`/proc/config.gz\`) prints \`=y\`. A kernel without that option takes the policy without an error and then denies every layer.

## 2. containerd makes the signed images

${containerdVersions(profile)} ${cacheCommand === undefined ? `mkfs.erofs ${ofClass}.` : filling(cacheCommand, ofClass)}

Merge \`${KIT.settings}\` into \`/etc/containerd/config.toml\`. On a node of Kubernetes, add the settings below. Restart
containerd, remove images that were pulled before, and pull them again with the snapshotter \`erofs\`.

**Expect**: \`ctr plugins ls | grep erofs\` says \`ok\` for the snapshotter${cache ? '' : ' and the differ'}. After a pull, each root hash in
\`${cache ? `${CACHE_FOLDER}/sha256/*/*.dmverity` : '/var/lib/containerd/io.containerd.snapshotter.v1.erofs/snapshots/*/layer.erofs.dmverity'}\` is in \`${KIT.policies}/${name}.json\`.

**Kubernetes**: the kubelet pulls through containerd's CRI plugin, whose snapshotter is \`overlayfs\` by default. Each pod
also runs the sandbox image (\`pause\`), and each node the images of its static pods and DaemonSets. All of them must be
signed and be among the images above; if one is missing, make the kit again with it.

\`\`\`toml
${CRI_SETTINGS}
\`\`\`
${cache ? '\nDo not set `use_local_image_pull` there: only the transfer service, the default, uses the cache.\n' : ''}
Programs that a DaemonSet copies to the node, such as CNI plugins to \`/opt/cni/bin\`, are denied in step 5.

## 3. runc can run

runc protects its own program before it starts a container. runc 1.5 does so with overlayfs, which IPE allows if runc
lies on a dm-verity device whose root hash the policy names. So must containerd and its shim. runc 1.1 and crun 1.8
execute a copy in memory instead, which IPE denies: no rule allows it. runc in an initramfs starts no container either.

**Expect**: \`runc --version\` prints 1.5 or later, and \`findmnt -T $(command -v runc)\` names a dm-verity device.

## 4. Load the policy without enforcing it

${
  policy.hasBase
    ? "It has the node's own rules, and one rule for each root hash."
    : "**It has no rules for the node's own disk: programs there are denied once it is enforced.** Make the kit again with `--base`: the rules must name the device of containerd and runc."
}

\`\`\`sh
echo 0 > ${securityfs}/enforce
cat ${KIT.policies}/${name}.p7b > ${securityfs}/new_policy
echo 1 > ${securityfs}/policies/${name}/active
\`\`\`

**Expect**: no error. \`Required key not available\` means that step 1 is incomplete; \`Stale file handle\` or
\`File exists\`, that a policy of this name is loaded: write a newer one to \`policies/${name}/update\`.

Now see where the kernel reports what it would deny. Where auditd runs, its log gets the records and the kernel's log
none. Execute what no rule allows, a copy in a file system without dm-verity, and look for it:

\`\`\`sh
cp /bin/true /tmp/true && /tmp/true
ausearch -m 1420                 # where auditd runs: records of IPE, in /var/log/audit/audit.log
journalctl -k --grep ipe_op      # where it does not, or: dmesg | grep ipe_op
\`\`\`

**Expect**: one of them shows \`ipe_op=EXECUTE\` with \`path="/tmp/true"\`. **If none does, do not go on**: nothing shows what
would be denied. The kernel may lack auditing (\`audit=0\`), or \`/tmp\` may be mounted \`noexec\`: then use another folder.
Use the node as usual for a while, with all its images, and look there again. The kernel's log drops records when there
are many at once. Each record is a program that the next step denies.

## 5. Enforce

\`\`\`sh
echo 1 > ${securityfs}/enforce
\`\`\`

**Expect**: the images run. A program that is copied into a running container is refused with \`Permission denied\`, and so is
every image that \`${KIT.policies}/${name}.json\` does not list. Load the policy at each boot, early: it does not survive one.
${isForKata(profile) ? KATA : ''}`;
}

const KATA = `
## Kata Containers

kata-deploy sets containerd as the profile \`containerd\` needs it, and the guest's kernel opens the layers. The guest
learns root hashes from the host, so its policy must know them: \`${KIT.kata}\` lists them by image and layer.
`;

function filling({ words, needsMkfs }: NonNullable<KitFacts['cacheCommand']>, ofClass: string): string {
  return `Fill the layer cache at the path in \`layer_content_caches\`, on the node, or
elsewhere and copy it. Add the options for trust and registries with which this kit was made:

${shellBlock(words)}

${
  needsMkfs
    ? `mkfs.erofs is needed where this command runs: the very one that made the signed images. It ${ofClass}. The node needs none.`
    : 'The node needs no mkfs.erofs.'
}`;
}

/** A text in a cell of a table. */
function cell(text: string): string {
  return code(text).replaceAll('|', '\\|');
}

/** A command as a block of code, one line. */
function shellBlock(words: readonly string[]): string {
  const { line, longest } = oneLine(shellLine(words));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}sh\n${line}\n${fence}`;
}

/** A text without what would end a line or hide a part of it, and the length of its longest run of backticks. */
function oneLine(text: string): { line: string; longest: number } {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
  return { line, longest: Math.max(0, ...(line.match(/`+/g) ?? []).map(({ length }) => length)) };
}

/** A text as a span of code: its fences are longer than what it has of backticks. [CommonMark 0.31.2, 6.1] */
function code(text: string): string {
  const { line, longest } = oneLine(text);
  const fence = '`'.repeat(longest + 1);
  const space = longest === 0 ? '' : ' ';
  return `${fence}${space}${line}${space}${fence}`;
}
