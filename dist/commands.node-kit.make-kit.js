import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  shellLine
} from "./shared.formats.shell-line.js";
import {
  recordedSettings
} from "./shared.commands.verify.recorded-settings.js";
import {
  CACHE_FOLDER,
  containerdVersions,
  nodeSettings
} from "./shared.report.node.node-settings.js";
import {
  makePolicy,
  writeFiles
} from "./shared.commands.ipe-policy.make-policy.js";
import "./shared.commands.ipe-policy.collect.js";
import "./shared.signatures.pkcs7.with-content.js";
import "./shared.formats.ipe.parse.js";
import "./shared.commands.shared.push-targets.js";
import "./shared.commands.verify.require-verified.js";
import {
  trustedEnd
} from "./shared.signing.js";
import "./shared.verifying.js";
import "./shared.notary.js";
import {
  platformReport
} from "./shared.images.js";
import "./shared.commands.js";
import {
  CACHE_PROFILE,
  nativelyKnown,
  partialsOf,
  recipeOf,
  recipesFor
} from "./shared.options.js";
import "./shared.conversion.js";
import "./shared.threads.js";
import "./shared.inputs.js";
import {
  REPORT_HEAD,
  VeritySignError
} from "./shared.start.js";

// builtin-load:load of src/commands/node-kit/make-kit.ts
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:fs of src/commands/node-kit/make-kit.ts
var found;
var all = () => found ??= load("node:fs");
var one = (name) => all()[name];
var readdirSync = /* @__PURE__ */ one("readdirSync");
var statSync = /* @__PURE__ */ one("statSync");

// builtin:node:fs/promises of src/commands/node-kit/make-kit.ts
var found2;
var all2 = () => found2 ??= load("node:fs/promises");
var one2 = (name) => all2()[name];
var rm = /* @__PURE__ */ one2("rm");
var readdir = /* @__PURE__ */ one2("readdir");

// builtin:node:path of src/commands/node-kit/make-kit.ts
var found3;
var all3 = () => found3 ??= load("node:path");
var one3 = (name) => all3()[name];
var resolve = /* @__PURE__ */ one3("resolve");
var join = /* @__PURE__ */ one3("join");
var parse = /* @__PURE__ */ one3("parse");

// src/commands/node-kit/cache-command.ts
function cacheCommand(images, profile, mkfsOptions, platforms) {
  if (profile !== CACHE_PROFILE) return void 0;
  const needsMkfs = !nativelyKnown({ ...recipeOf(profile), mkfsOptions });
  const options = mkfsOptions.join(" ");
  const isDefault = options === recipeOf(profile).mkfsOptions.join(" ");
  return {
    words: [
      ...["verity-sign", "export", ...images, CACHE_FOLDER],
      ...["--trusted-certificate", "ROOT.pem", "--profile", profile],
      ...platforms.length === 0 ? [] : ["--platform", platforms.join(",")],
      ...isDefault ? [] : ["--mkfs-options", options],
      ...needsMkfs ? ["--builder", "mkfs"] : []
    ],
    needsMkfs
  };
}

// src/commands/node-kit/paths.ts
var KIT = {
  settings: "containerd/config.toml",
  modules: "modules-load.d/verity-sign.conf",
  arguments: "kernel-arguments.txt",
  policies: "policy",
  certificates: "certificates",
  kata: "kata/root-hashes.json",
  readme: "README.md"
};
function isForKata(profile) {
  return profile === "containerd";
}

// src/commands/node-kit/certificates.ts
function anchorsOf({ platforms }) {
  const layers = platforms.flatMap(({ sets }) => sets.flatMap((set) => set.layers));
  return unique(layers.flatMap(({ path, signer }) => path.at(-1) ?? signer ?? []));
}
function kitCertificates(layers, policy) {
  return unique([...layers, policy]).map((certificate) => {
    const [forLayers, forPolicy] = [layers, [policy]].map(
      (all4) => all4.some(({ fingerprint }) => fingerprint === certificate.fingerprint)
    );
    return {
      subject: certificate.subject,
      vouchesFor: forLayers ? forPolicy ? "layers and the policy" : "layers" : "the policy",
      path: `${KIT.certificates}/${certificate.fingerprint.slice(0, 16)}.der`,
      der: certificate.der
    };
  });
}
function isCertificateName(name) {
  return /^[0-9a-f]{16}\.der$/.test(name);
}
function unique(certificates) {
  return [...new Map(certificates.map((one4) => [one4.fingerprint, one4])).values()];
}

// src/commands/node-kit/readme.ts
var KERNEL_ARGUMENTS = "lsm=LIST-OF-THE-NODE,ipe dm_verity.require_signatures=0 ipe.enforce=1";
var MODULES = "erofs\noverlay\nloop\ndm-verity\n";
var CRI_SETTINGS = `[plugins."io.containerd.cri.v1.images"]
  snapshotter = "erofs"

[plugins."io.containerd.cri.v1.images".pinned_images]
  sandbox = "REGISTRY/pause@sha256:DIGEST"`;
function kitReadme(facts) {
  const { images, profile, classes, cacheCommand: cacheCommand2, policy, rootHashes } = facts;
  const { name, version } = policy;
  const securityfs = "/sys/kernel/security/ipe";
  const cache = profile === "containerd-cache";
  const ofClass = classes.length === 0 ? "must make the signed images" : `must be of class ${classes.join(" or ")} (\`verity-sign version\` lists releases)`;
  return `# Node kit: ${name} ${version}

For nodes that run these images, and enforce the ${rootHashes} root hashes of their layers:

${images.map((image) => `- ${code(image)}`).join("\n")}

Do the steps on one node first. Copy this folder to it and work as root. \`verity-sign doctor IMAGE
--trusted-certificate ROOT.pem --profile ${profile}\` shows at any time what is still missing.

## 1. The kernel trusts the signers

Use Linux 6.12 or later with IPE and dm-verity. Put the certificates into keyrings that the kernel asks:

| Certificate | Vouches for | File |
| --- | --- | --- |
${facts.certificates.map(({ subject, vouchesFor, path }) => `| ${cell(subject)} | ${vouchesFor} | \`${path}\` |`).join("\n")}

The policy needs the built-in keyring; where the kernel's options say so
(\`CONFIG_IPE_POLICY_SIG_SECONDARY_KEYRING\`, \`…_PLATFORM_KEYRING\`), the secondary keyring or UEFI's \`db\` will do.
Signatures of layers count only where devices are opened with them. Add the arguments in \`${KIT.arguments}\`, with the
list of the node in place of its placeholder (\`cat /sys/kernel/security/lsm\`), copy \`${KIT.modules}\` to
\`/etc/modules-load.d/\`, and boot.

**Expect**: \`cat /sys/kernel/security/lsm\` contains \`ipe\`; \`grep X509 /proc/keys\` lists the certificates;
\`ls /sys/module/dm_verity\` shows a folder; \`grep CONFIG_IPE_PROP_DM_VERITY= /boot/config-$(uname -r)\` (or \`zgrep\` in
\`/proc/config.gz\`) prints \`=y\`. A kernel without that option takes the policy without an error and then denies every layer.

## 2. containerd makes the signed images

${containerdVersions(profile)} ${cacheCommand2 === void 0 ? `mkfs.erofs ${ofClass}.` : filling(cacheCommand2, ofClass)}

Merge \`${KIT.settings}\` into \`/etc/containerd/config.toml\`. On a node of Kubernetes, add the settings below. Restart
containerd, remove images that were pulled before, and pull them again with the snapshotter \`erofs\`.

**Expect**: \`ctr plugins ls | grep erofs\` says \`ok\` for the snapshotter${cache ? "" : " and the differ"}. After a pull, each root hash in
\`${cache ? `${CACHE_FOLDER}/sha256/*/*.dmverity` : "/var/lib/containerd/io.containerd.snapshotter.v1.erofs/snapshots/*/layer.erofs.dmverity"}\` is in \`${KIT.policies}/${name}.json\`.

**Kubernetes**: the kubelet pulls through containerd's CRI plugin, whose snapshotter is \`overlayfs\` by default. Each pod
also runs the sandbox image (\`pause\`), and each node the images of its static pods and DaemonSets. All of them must be
signed and be among the images above; if one is missing, make the kit again with it.

\`\`\`toml
${CRI_SETTINGS}
\`\`\`
${cache ? "\nDo not set `use_local_image_pull` there: only the transfer service, the default, uses the cache.\n" : ""}
Programs that a DaemonSet copies to the node, such as CNI plugins to \`/opt/cni/bin\`, are denied in step 5.

## 3. runc can run

runc protects its own program before it starts a container. runc 1.5 does so with overlayfs, which IPE allows if runc
lies on a dm-verity device whose root hash the policy names. So must containerd and its shim. runc 1.1 and crun 1.8
execute a copy in memory instead, which IPE denies: no rule allows it. runc in an initramfs starts no container either.

**Expect**: \`runc --version\` prints 1.5 or later, and \`findmnt -T $(command -v runc)\` names a dm-verity device.

## 4. Load the policy without enforcing it

${policy.hasBase ? "It has the node's own rules, and one rule for each root hash." : "**It has no rules for the node's own disk: programs there are denied once it is enforced.** Make the kit again with `--base`: the rules must name the device of containerd and runc."}

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
${isForKata(profile) ? KATA : ""}`;
}
var KATA = `
## Kata Containers

kata-deploy sets containerd as the profile \`containerd\` needs it, and the guest's kernel opens the layers. The guest
learns root hashes from the host, so its policy must know them: \`${KIT.kata}\` lists them by image and layer.
`;
function filling({ words, needsMkfs }, ofClass) {
  return `Fill the layer cache at the path in \`layer_content_caches\`, on the node, or
elsewhere and copy it. Add the options for trust and registries with which this kit was made:

${shellBlock(words)}

${needsMkfs ? `mkfs.erofs is needed where this command runs: the very one that made the signed images. It ${ofClass}. The node needs none.` : "The node needs no mkfs.erofs."}`;
}
function cell(text) {
  return code(text).replaceAll("|", "\\|");
}
function shellBlock(words) {
  const { line, longest } = oneLine(shellLine(words));
  const fence = "`".repeat(Math.max(3, longest + 1));
  return `${fence}sh
${line}
${fence}`;
}
function oneLine(text) {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ");
  return { line, longest: Math.max(0, ...(line.match(/`+/g) ?? []).map(({ length }) => length)) };
}
function code(text) {
  const { line, longest } = oneLine(text);
  const fence = "`".repeat(longest + 1);
  const space = longest === 0 ? "" : " ";
  return `${fence}${space}${line}${space}${fence}`;
}

// src/commands/node-kit/make-kit.ts
async function makeKit(options, context) {
  const folder = resolve(options.folder);
  requireKit(folder, options.folder);
  refuseOtherPolicies(folder, options.folder, options.name);
  const [recipe] = recipesFor(options.verifying);
  if (recipe === void 0 || options.verifying.profiles.length > 1)
    throw new TypeError("a kit is for one profile");
  const found4 = new Found(recipe.mkfsOptions);
  const policy = await makePolicy(
    { ...options, out: join(folder, KIT.policies), pushTo: [] },
    context,
    () => void 0,
    found4
  );
  const certificates = found4.certificates();
  const settings = found4.settings();
  const files = filesOf(policy, certificates, settings, found4.platforms, recipe.profile, options.verifying);
  await writeFiles([[join(folder, KIT.arguments), Buffer.from(`${KERNEL_ARGUMENTS}
`)]]);
  await writeFiles(files.map(([path, content]) => [join(folder, path), Buffer.from(content)]));
  await removeOthers(
    folder,
    files.map(([path]) => path)
  );
  const { name, version } = policy.policy;
  const policyFiles = ["ipe", "json", "p7b"].map((extension) => `${KIT.policies}/${name}.${extension}`);
  return {
    ...REPORT_HEAD,
    folder,
    policy: { name, version },
    images: policy.images,
    profile: recipe.profile,
    certificates: certificates.map(({ subject, vouchesFor, path }) => ({ subject, vouchesFor, path })),
    files: [...policyFiles, KIT.arguments, ...files.map(([path]) => path)].sort()
  };
}
var Found = class {
  platforms = [];
  #anchors = [];
  #defaultOptions;
  #chain;
  constructor(defaultOptions) {
    this.#defaultOptions = defaultOptions;
  }
  signer = (chain) => {
    this.#chain = chain;
  };
  image = (verified) => {
    this.platforms.push(...verified.platforms);
    this.#anchors.push(...anchorsOf(verified));
    this.settings();
  };
  settings() {
    return recordedSettings(this.platforms, this.#defaultOptions);
  }
  certificates() {
    const chain = this.#chain;
    if (chain === void 0) throw new TypeError("the policy has no signer");
    return kitCertificates(this.#anchors, trustedEnd(chain));
  }
};
function requireKit(folder, given) {
  const found4 = statSync(folder, { throwIfNoEntry: false });
  if (found4 === void 0) return;
  const names = found4.isDirectory() ? readdirSync(folder) : ["."];
  const begun = partialsOf(join(folder, KIT.arguments));
  const isOfKit = (name) => name === KIT.policies || begun.markOf(name) !== void 0;
  if (names.includes(KIT.arguments) || names.every(isOfKit)) return;
  throw new VeritySignError("usage", `${given} exists and holds no node kit`, {
    remedy: "Name a new or empty folder, or that of an earlier kit"
  });
}
function refuseOtherPolicies(folder, given, name) {
  const policies = join(folder, KIT.policies);
  if (statSync(policies, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  const others = readdirSync(policies).filter((file) => {
    const { ext, name: of } = parse(file);
    return [".ipe", ".json", ".p7b"].includes(ext) && of !== name;
  });
  if (others.length === 0) return;
  const where = join(given, KIT.policies);
  throw new VeritySignError(
    "usage",
    `${where} has files of another policy than ${name}: ${others.join(", ")}`,
    {
      remedy: "Remove them, or name a new folder: a kit has one policy"
    }
  );
}
async function removeOthers(folder, current) {
  const names = await readdir(join(folder, KIT.certificates));
  const certificates = names.filter(isCertificateName).map((name) => `${KIT.certificates}/${name}`);
  for (const path of [...certificates, KIT.kata]) {
    if (!current.includes(path)) await rm(join(folder, path), { force: true });
  }
}
function filesOf({ policy, images, rootHashes }, certificates, { mkfsOptions, classes }, platforms, profile, verifying) {
  const names = new Set(
    platforms.flatMap(({ manifest }) => platformReport(manifest.platform).platform ?? [])
  );
  const named = images.map(({ name }) => name);
  const filling2 = cacheCommand(named, profile, mkfsOptions, verifying.platforms);
  const readme = kitReadme({
    images: named,
    profile,
    classes,
    ...filling2 === void 0 ? {} : { cacheCommand: filling2 },
    policy: { name: policy.name, version: policy.version, hasBase: policy.base !== void 0 },
    certificates,
    rootHashes: rootHashes.length
  });
  const kata = rootHashes.map(({ rootHash, layers }) => ({ rootHash, layers }));
  return [
    [KIT.settings, `${nodeSettings(profile, mkfsOptions, [...names])}
`],
    [KIT.modules, MODULES],
    ...certificates.map(({ path, der }) => [path, der]),
    ...isForKata(profile) ? [[KIT.kata, json(kata)]] : [],
    [KIT.readme, readme]
  ];
}
function json(value) {
  return `${JSON.stringify(value, void 0, 2)}
`;
}
export {
  makeKit
};
