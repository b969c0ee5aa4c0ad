import {
  VeritySignError,
  remedyOf
} from "./shared.start.js";

// src/formats/digest-grammar.ts
var DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;
function isDigest(text) {
  return DIGEST.test(text);
}
function splitDigest(digest) {
  if (!isDigest(digest))
    throw new VeritySignError("image", `${JSON.stringify(digest)} is not a valid digest`);
  return { algorithm: digest.startsWith("sha256") ? "sha256" : "sha512", hex: digest.slice(7) };
}

// builtin-load:load of inputs
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:util of inputs
var found;
var all = () => found ??= load("node:util");
var parseArgs = (...given) => all().parseArgs(...given);

// src/model/profiles.ts
var PROFILE_NAMES = ["containerd", "containerd-cache", "containerd-tar-index", "tardev"];
function isContainerdProfile(profile) {
  return profile !== "tardev";
}
function isProfileName(text) {
  return PROFILE_NAMES.includes(text);
}
var FIRST_CONTAINERD = {
  containerd: "2.1.4",
  "containerd-cache": "2.4.0",
  "containerd-tar-index": "2.3.0"
};
var FIRST_VERITY_CONTAINERD = "2.3.0";
var FIRST_LARGE_PAGES_CONTAINERD = "2.3.3";
var KNOWN_CLASSES = ["C", "B", "A", "1.8.6"];
var CLASSES_IN_WORDS = KNOWN_CLASSES.toReversed().join(", ").replace(/, ([^,]*)$/, " or $1");
var DEFAULT_CLASS = "C";
var RELEASE_CLASSES = {
  "1.8.6": "1.8.6",
  "1.8.10": "A",
  "1.9.1": "A",
  "1.9.2": "B",
  "1.9.3": "C",
  "1.9.4": "C"
};
function isRecordedClass(text) {
  return text === "unknown" || isKnownClass(text) || text !== void 0 && RELEASE.test(text);
}
var RELEASE = /^\d{1,3}\.\d{1,3}(\.\d{1,3})?$/;
function isKnownClass(text) {
  return KNOWN_CLASSES.includes(text);
}

// src/frontend/inputs/input-spec.ts
var GROUPS = {
  essential: "Essential",
  image: "Image",
  key: "Key and signatures",
  trust: "Trust",
  registry: "Registry",
  erofs: "EROFS images",
  preflight: "Preflight",
  github: "GitHub",
  output: "Output and limits"
};
function camelCase(name) {
  return name.replaceAll(/-(.)/g, (_dash, letter) => letter.toUpperCase());
}
var NODE_COMMANDS = ["ipe-policy", "node-kit", "export", "fetch"];
var NODE = ["ipe-policy-action", ...NODE_COMMANDS];
var COMMANDS = [
  "sign",
  "root-hash",
  "verify",
  "inspect",
  "remove",
  ...NODE_COMMANDS,
  "preflight"
];
var SKIPPING = [
  "action",
  "sign",
  "root-hash",
  "verify-action",
  "verify",
  "inspect",
  "remove",
  ...NODE,
  "doctor"
];
var EVERYWHERE = [...SKIPPING, "preflight"];
var CONVERTING = [
  "action",
  "sign",
  "root-hash",
  "verify-action",
  "verify",
  "ipe-policy-action",
  "ipe-policy",
  "node-kit",
  "export",
  "preflight"
];
var SIGNING = ["action", "sign"];
var KEYS = ["action", "sign", "csr", "ipe-policy-action", "ipe-policy", "node-kit"];
var CERTIFYING = ["action", "sign", "ipe-policy-action", "ipe-policy", "node-kit"];
var POLICY = ["ipe-policy-action", "ipe-policy"];
var VERIFYING = ["verify-action", "verify", ...NODE];
var RECOMPUTING = ["verify-action", "verify", ...POLICY, "node-kit"];
var TRUSTING = [...VERIFYING, "doctor"];
var REPORTING = [
  "action",
  "sign",
  "verify-action",
  "verify",
  "remove",
  ...NODE,
  "preflight"
];
var REFERRERS = [
  "action",
  "sign",
  "verify-action",
  "verify",
  "inspect",
  "remove",
  ...NODE,
  "preflight"
];
var IMAGE_ACTIONS = ["action", "verify-action"];
var ACTIONS = [...IMAGE_ACTIONS, "ipe-policy-action"];
function emptyValue(label) {
  return new VeritySignError("usage", `${label} is empty`, {
    remedy: "Check the variable that is inserted there, or omit the option"
  });
}

// src/frontend/inputs/lists/doctor.ts
var DOCTOR_INPUTS = [
  {
    name: "root",
    group: "essential",
    description: "Root folder of the node: / for this machine, or a folder with a copy of its files, such as /etc, /proc and /sys",
    default: "/",
    value: "DIR",
    on: ["doctor"]
  },
  {
    name: "containerd-config",
    group: "essential",
    description: "containerd's configuration file, as the node names it",
    default: "/etc/containerd/config.toml",
    value: "FILE",
    on: ["doctor"]
  }
];

// src/frontend/inputs/lists/github.ts
var GITHUB_INPUTS = [
  {
    name: "github-token",
    group: "github",
    description: "Token with which the verdict is shown on GitHub, usually github.token: the value itself or env://NAME. The job needs the permission checks: write, and pull-requests: write for github-comment. Default: nothing is sent to GitHub",
    value: "TOKEN",
    on: IMAGE_ACTIONS
  },
  {
    name: "github-check",
    group: "github",
    description: 'With github-token: the check runs to create or update. image makes "verity-sign / IMAGE (sign)", which branch rules can demand; digest makes "verity-sign / IMAGE@DIGEST (sign)", which a deployment can demand; none makes no check run',
    default: "image, digest",
    value: "WHICH",
    list: true,
    on: IMAGE_ACTIONS
  },
  {
    name: "github-comment",
    group: "github",
    description: "With github-token: comment on the pull request with the verdict and the root hashes, and update the comment in later runs",
    default: "false",
    on: IMAGE_ACTIONS
  },
  {
    name: "base-image",
    group: "github",
    description: "With github-comment: image with which the comment compares layers and root hashes, such as that of the base branch. Signing computes its root hashes; verify reads them from its signatures, which must verify by the same inputs",
    value: "IMAGE",
    on: IMAGE_ACTIONS
  }
];

// src/frontend/inputs/lists/install.ts
var INSTALL_INPUTS = [
  {
    name: "install",
    group: "registry",
    description: "Install oras if the run reaches a registry, and mkfs.erofs if builder mkfs or cross-check uses it, if the runner lacks a suitable version. Set to false to use only what is on PATH",
    default: "true",
    on: ACTIONS
  },
  {
    name: "oras-version",
    group: "registry",
    description: "Version of oras to install if the runner lacks a suitable one: 1.3.3, or a later version with oras-sha256. Earlier versions can send credentials to another host (CVE-2026-50151); they are refused",
    default: "1.3.3",
    value: "VERSION",
    on: ACTIONS
  },
  {
    name: "oras-sha256",
    group: "registry",
    description: "SHA-256 of the oras archive, for a version or platform without a built-in checksum",
    value: "SHA256",
    on: ACTIONS
  },
  {
    name: "oras-download-url",
    group: "registry",
    description: "Where to download oras: a mirror with the layout of the oras releases on GitHub (vVERSION/oras_VERSION_OS_ARCH.tar.gz), or the archive itself; https, http or file. The checksum is always verified",
    value: "URL",
    on: ACTIONS
  },
  {
    name: "erofs-utils-url",
    group: "erofs",
    description: "Where to download the erofs-utils source: a folder that contains erofs-utils-VERSION.tar.gz, or the tarball itself; https, http or file. The checksum is always verified, and no package of the distribution is installed. Only with builder mkfs or cross-check",
    value: "URL",
    on: ACTIONS
  },
  {
    name: "erofs-utils-sha256",
    group: "erofs",
    description: "SHA-256 of the erofs-utils source tarball, for a version without a built-in checksum (1.8.10, 1.9.1, 1.9.2 and 1.9.4 have one). Only with builder mkfs or cross-check",
    value: "SHA256",
    on: ACTIONS
  },
  {
    name: "runner-cache",
    group: "erofs",
    description: "Keep the erofs-utils source in the cache that the runner offers to jobs, if mkfs.erofs is built. Its SHA-256 is verified each time, and no program comes out of a cache",
    default: "false",
    on: ACTIONS
  },
  {
    name: "oras-path",
    group: "registry",
    description: "Path of the oras to use. Default: oras on PATH",
    value: "FILE",
    on: [...EVERYWHERE, "version"]
  },
  {
    name: "mkfs-path",
    group: "erofs",
    description: "Path of the mkfs.erofs to use, with builder mkfs or cross-check. Default: mkfs.erofs on PATH",
    value: "FILE",
    on: [...CONVERTING, "version"]
  },
  {
    name: "show-summary",
    group: "output",
    description: "Write a job summary",
    default: "true",
    on: ACTIONS
  }
];

// src/frontend/inputs/lists/ipe-policy.ts
var IPE_POLICY_INPUTS = [
  {
    name: "name",
    group: "essential",
    description: "Name of the policy and of its files NAME.ipe, NAME.p7b and NAME.json: lowercase letters, digits and hyphens",
    value: "NAME",
    on: [...POLICY, "node-kit"]
  },
  {
    name: "policy-version",
    group: "essential",
    description: "Version of the policy: X.Y.Z, each from 0 to 65535, or auto for the time as YYYY.MMDD.HHMM in UTC. A kernel refuses a version that is older than that of the active policy",
    default: "auto",
    value: "VERSION",
    on: [...POLICY, "node-kit"]
  },
  {
    name: "out",
    group: "essential",
    description: "Folder for the three files, which is created if needed. Files of the same policy are replaced, others never",
    value: "DIR",
    on: POLICY
  },
  {
    name: "base",
    group: "essential",
    description: "IPE policy in text with the node's own rules. Its defaults and rules come first. Default: execution is allowed only from the initramfs and from the layers",
    value: "FILE",
    on: [...POLICY, "node-kit"]
  },
  {
    name: "check",
    group: "essential",
    description: "Make no policy, but say what this one (text or signed) allows and which layers of the images it lacks. If it lacks any, the exit status is 14, or the step fails",
    value: "FILE",
    on: POLICY
  },
  {
    name: "push-to",
    group: "registry",
    description: "Registry tags that receive the signed policy with its text and mapping, as an artifact without subject",
    value: "TAG",
    list: true,
    on: POLICY
  }
];

// src/frontend/inputs/lists/key-life.ts
var KEY_LIFE_INPUTS = [
  {
    name: "subject",
    group: "essential",
    description: "Who holds the key, as RFC 4514 writes it: CN=release,O=Example,C=DE. Attributes: CN, O, OU, L, ST, STREET, C, SERIALNUMBER, UID, DC, EMAILADDRESS",
    value: "NAME",
    on: ["csr"]
  },
  {
    name: "self-signed",
    group: "key",
    description: "Make a certificate that signs itself, for tests, instead of a request. Every verifier must have this very certificate",
    default: "false",
    on: ["csr"]
  },
  {
    name: "days",
    group: "key",
    description: "Days for which the self-signed certificate is valid. Default: 30",
    value: "N",
    on: ["csr"]
  },
  {
    name: "out",
    group: "output",
    description: "File for the request or certificate, which must not exist yet. Default: standard output",
    value: "FILE",
    on: ["csr"]
  },
  {
    name: "signer",
    group: "essential",
    description: "SHA-256 fingerprint of the certificate whose signatures are removed, whole, with or without colons; inspect shows the signers' fingerprints",
    value: "FINGERPRINT",
    on: ["remove"]
  },
  {
    name: "profile",
    group: "image",
    description: "Remove only layer signatures of these profiles. Default: all layer and manifest signatures of the signer",
    value: "PROFILE",
    list: true,
    on: ["remove"]
  },
  {
    name: "yes",
    group: "essential",
    description: "Remove the signatures. Without it, they are only listed",
    default: "false",
    on: ["remove"]
  },
  {
    name: "force",
    group: "key",
    description: "Remove a signature even if no other valid one over the same root hashes, or the same manifest, stays",
    default: "false",
    on: ["remove"]
  }
];

// src/frontend/inputs/lists/node.ts
var NODE_INPUTS = [
  {
    name: "export-dir",
    group: "output",
    description: "Folder for the layers with their hash trees and signatures, as containerd's layer cache (layer_content_caches) takes it: written while the layers are converted. Add containerd-cache to profile, or the root hashes of these files are not signed",
    value: "DIR",
    on: SIGNING
  },
  {
    name: "profile",
    group: "essential",
    description: "How the nodes turn layers into EROFS images: containerd, containerd-cache, containerd-tar-index or tardev. Each must have valid signatures, which are written",
    default: "containerd",
    value: "PROFILE",
    choices: PROFILE_NAMES,
    list: true,
    on: ["fetch"]
  },
  {
    name: "open",
    group: "essential",
    description: "Folder of containerd's EROFS snapshotter, or a layer cache: print for each layer in it that has a signed root hash the command that opens it with its signature",
    value: "DIR",
    on: ["fetch"]
  },
  {
    name: "run",
    group: "essential",
    description: "With open: run these commands, as root. Devices that are open already stay as they are. containerd uses none of them: it opens its own, without signatures",
    default: "false",
    on: ["fetch"]
  }
];

// src/frontend/inputs/lists/output.ts
var OUTPUT_INPUTS = [
  {
    name: "report",
    group: "output",
    description: "File for the JSON report. The CLI also accepts - for standard output, and then prints its table to standard error. The Actions write it to a temporary file by default, if a part of the run is done",
    value: "FILE",
    on: REPORTING
  },
  {
    name: "output",
    group: "output",
    description: "What goes to standard output: text (tables) or json (the report, also of a run that failed). Everything else goes to standard error",
    default: "text",
    value: "FORMAT",
    choices: ["text", "json"],
    on: [...COMMANDS, "version", "doctor"]
  },
  {
    name: "json",
    group: "output",
    description: "The same as --output json",
    default: "false",
    on: [...COMMANDS, "version", "doctor"]
  },
  {
    name: "debug",
    group: "output",
    description: "Log more details to standard error, as VERITY_SIGN_DEBUG=1 does",
    default: "false",
    on: [...COMMANDS, "csr", "doctor"]
  },
  {
    name: "quiet",
    group: "output",
    description: "Print nothing to standard error except warnings and errors. Results are printed as ever",
    default: "false",
    on: [...COMMANDS, "csr", "doctor"]
  },
  {
    name: "concurrency",
    group: "output",
    description: "Maximum number of layers converted or signed concurrently. Default: the number of processors",
    value: "N",
    on: CONVERTING
  },
  {
    name: "timeout",
    group: "output",
    description: "Timeout per layer and per request, such as 90s, 5m or 1h",
    default: "5m",
    value: "TIME",
    on: [...EVERYWHERE, "csr"]
  },
  {
    name: "max-layer-size",
    group: "output",
    description: "Maximum size of an uncompressed layer, such as 500MiB or 4GiB",
    default: "16GiB",
    value: "SIZE",
    on: CONVERTING
  },
  {
    name: "temp-dir",
    group: "output",
    description: "Folder for temporary EROFS images. Each run creates a private folder in it and removes it at the end. Default: the system's folder for temporary files",
    value: "DIR",
    on: EVERYWHERE
  }
];

// src/frontend/inputs/lists/preflight.ts
var PREFLIGHT_INPUTS = [
  {
    name: "command",
    group: "essential",
    description: "Program to run instead of the entrypoint and command of the image configuration: words with the quotes and backslashes of a POSIX shell, without expansion",
    value: "TEXT",
    on: ["preflight"]
  },
  {
    name: "alive",
    group: "essential",
    description: "Time after which a program that still runs has succeeded, such as 10s. Default: it must end with exit status 0",
    value: "TIME",
    on: ["preflight"]
  },
  {
    name: "healthcheck",
    group: "essential",
    description: "Require the health check of the image configuration to succeed",
    default: "false",
    on: ["preflight"]
  },
  {
    name: "time-limit",
    group: "essential",
    description: "Maximum time for the program, without the start of the VM",
    default: "60s",
    value: "TIME",
    on: ["preflight"]
  },
  {
    name: "static",
    group: "essential",
    description: "Judge layers and files, try the two attacks, and run no program of the image",
    default: "false",
    on: ["preflight"]
  },
  {
    name: "allow-denials",
    group: "essential",
    description: "Accept a program that succeeds in spite of denied executions, such as one that falls back to an interpreter. The denials are reported as warnings",
    default: "false",
    on: ["preflight"]
  },
  {
    name: "trusted-certificate",
    group: "essential",
    description: "Certificates that the kernel of the VM trusts (a root, an intermediate or the signer itself), and no others: paths of PEM files, env://NAME, or PEM text",
    value: "FILE",
    list: true,
    on: ["preflight"]
  },
  {
    name: "ipe-policy",
    group: "trust",
    description: "Signed IPE policy that the kernel enforces, as ipe-policy writes it (NAME.p7b): only its root hashes may be executed. Default: every layer with a signature that the kernel accepts",
    value: "FILE",
    on: ["preflight"]
  },
  {
    name: "network",
    group: "preflight",
    description: "Give the program a network, through QEMU and without root",
    default: "false",
    on: ["preflight"]
  },
  {
    name: "memory",
    group: "preflight",
    description: "Memory of the VM",
    default: "1GiB",
    value: "SIZE",
    on: ["preflight"]
  },
  {
    name: "accel",
    group: "preflight",
    description: "Accelerator of QEMU: kvm, tcg (works everywhere, and is slower), or auto for kvm where it works. The log says which one runs",
    default: "auto",
    value: "WHICH",
    choices: ["auto", "kvm", "tcg"],
    on: ["preflight"]
  },
  {
    name: "kernel",
    group: "preflight",
    description: "The node's own kernel (vmlinuz), with modules: it is booted by UEFI with the trusted certificates in db. Default: a kernel of this program",
    value: "FILE",
    on: ["preflight"]
  },
  {
    name: "modules",
    group: "preflight",
    description: "Folder with the modules of kernel, such as /lib/modules/6.12.0-1-cloud-amd64",
    value: "DIR",
    on: ["preflight"]
  },
  {
    name: "guest-dir",
    group: "preflight",
    description: "Folder with the kernel and the initramfs of the VM (vmlinux.zst, initramfs.cpio.zst, manifest.json), for machines without a network. Default: those of this release",
    value: "DIR",
    on: ["preflight"]
  },
  {
    name: "preflight",
    group: "preflight",
    description: "Boot the signed image in a VM whose kernel enforces the signatures, and fail if a layer is refused, an execution is denied or the program fails. With push-to, only an image that passes is pushed. Needs QEMU and an image of linux/amd64 or linux/arm64",
    default: "false",
    on: SIGNING
  },
  {
    name: "preflight-command",
    group: "preflight",
    description: "With preflight: program to run instead of the entrypoint and command of the image configuration, in POSIX shell words",
    value: "TEXT",
    on: SIGNING
  },
  {
    name: "preflight-alive",
    group: "preflight",
    description: "With preflight: time after which a program that still runs has succeeded, such as 10s. Default: it must end with exit status 0",
    value: "TIME",
    on: SIGNING
  },
  {
    name: "preflight-healthcheck",
    group: "preflight",
    description: "With preflight: require the health check of the image configuration to succeed",
    default: "false",
    on: SIGNING
  },
  {
    name: "preflight-time-limit",
    group: "preflight",
    description: "With preflight: maximum time for the program, without the start of the VM",
    default: "60s",
    value: "TIME",
    on: SIGNING
  },
  {
    name: "preflight-static",
    group: "preflight",
    description: "With preflight: judge layers and files, and run no program of the image",
    default: "false",
    on: SIGNING
  },
  {
    name: "preflight-allow-denials",
    group: "preflight",
    description: "With preflight: accept a program that succeeds in spite of denied executions",
    default: "false",
    on: SIGNING
  },
  {
    name: "preflight-certificate",
    group: "preflight",
    description: "With preflight: certificates that the kernel of the VM trusts: paths of PEM files, env://NAME, or PEM text. Default: the last certificate of the signing chain",
    value: "FILE",
    list: true,
    on: SIGNING
  },
  {
    name: "preflight-accel",
    group: "preflight",
    description: "With preflight: accelerator of QEMU: kvm, tcg, or auto for kvm where it works",
    default: "auto",
    value: "WHICH",
    choices: ["auto", "kvm", "tcg"],
    on: SIGNING
  },
  {
    name: "preflight-guest-dir",
    group: "preflight",
    description: "With preflight: folder with the kernel and the initramfs of the VM. Default: those of this release",
    value: "DIR",
    on: SIGNING
  }
];

// src/frontend/inputs/lists/registry.ts
var REGISTRY_INPUTS = [
  {
    name: "registry-username",
    group: "registry",
    description: "User name for the one registry of all images and of push-to. Default: the credentials in docker's or podman's files, or of the helpers that these name",
    value: "NAME",
    on: EVERYWHERE
  },
  {
    name: "registry-password",
    group: "registry",
    description: "Password or token for the registry. The Action accepts the value itself or env://NAME; the CLI accepts only env://NAME, the path of a file or - for standard input, never the value",
    value: "REF",
    on: EVERYWHERE
  },
  {
    name: "registry-credentials",
    group: "registry",
    description: "Credentials for several registries, one HOST=USER:env://NAME per line. Each registry gets its own and no other",
    value: "LINE",
    list: "lines",
    on: EVERYWHERE
  },
  {
    name: "plain-http",
    group: "registry",
    description: "Use HTTP without TLS for the registry",
    default: "false",
    on: EVERYWHERE
  },
  {
    name: "ca-file",
    group: "registry",
    description: "Certificate authority that issued the registry's TLS certificate: the path of a PEM file, env://NAME, or PEM text. Default: the authorities that the system trusts, and those in SSL_CERT_FILE and NODE_EXTRA_CA_CERTS",
    value: "FILE",
    on: EVERYWHERE
  },
  {
    name: "client-certificate",
    group: "registry",
    description: "Client certificate for a registry that demands one: the path of a PEM file, env://NAME, or PEM text; requires client-key",
    value: "FILE",
    on: EVERYWHERE
  },
  {
    name: "client-key",
    group: "registry",
    description: "Path of the PEM file with the private key of client-certificate",
    value: "FILE",
    on: EVERYWHERE
  },
  {
    name: "referrers",
    group: "registry",
    description: "How signatures are attached and found: api (referrers API), tag (fallback tag) or auto (what the registry supports)",
    default: "auto",
    value: "HOW",
    choices: ["auto", "api", "tag"],
    on: [...REFERRERS, "doctor"]
  }
];

// src/frontend/inputs/lists/signing.ts
var SIGNING_INPUTS = [
  {
    name: "key",
    group: "essential",
    description: "Private key: the path of a PEM or PKCS#12 file, env://NAME for an environment variable that contains one, awskms://…, azurekms://VAULT/KEY, gcpkms://…, hashivault://KEY, or notation-plugin://NAME/KEYID. Not needed for a dry run",
    value: "KEY",
    on: KEYS
  },
  {
    name: "key-passphrase",
    group: "key",
    description: "Passphrase of an encrypted key or PKCS#12 file: env://NAME, or the path of a file that contains it",
    value: "REF",
    on: KEYS
  },
  {
    name: "certificate",
    group: "essential",
    description: "Certificate chain: the path of a PEM file, env://NAME, or PEM text. The signer's certificate comes first, then its issuers. The root is optional for layers and required for manifest-signature. Not needed for a dry run, or if the key holder stores the chain (PKCS#12, Vault, plugins; Azure Key Vault only a self-signed certificate)",
    value: "FILE",
    on: CERTIFYING
  },
  {
    name: "plugin-config",
    group: "key",
    description: "Configuration for the notation plugin that holds the key, one KEY=VALUE per line",
    value: "KEY=VALUE",
    list: "lines",
    on: KEYS
  },
  {
    name: "layers",
    group: "image",
    description: "Layer signatures: required signs every image that a Linux node may run, and reports the images of an index that no signature covers (Windows) as uncovered; all rejects an index with such an image; auto signs the layers that can be signed, reports the images whose layers cannot (Windows) and warns about each Linux image among them; none signs no layers and needs no mkfs.erofs",
    default: "required",
    value: "WHICH",
    choices: ["required", "all", "auto", "none"],
    on: SIGNING
  },
  {
    name: "artifact-format",
    group: "image",
    description: "Format of the artifact with the layer signatures: notary (that of the Notary Project), tardev (read by tardev-snapshotter of kata-containers and written by the prototype of notation; it records no profile), or both (two artifacts)",
    default: "notary",
    value: "FORMAT",
    choices: ["notary", "tardev", "both"],
    on: SIGNING
  },
  {
    name: "manifest-signature",
    group: "essential",
    description: "Also sign each image manifest, and the index unless platform excludes some of its images, for notation verify: none, jws or cose (the format of the envelope). Recommended for every release: signatures of layers do not cover entrypoint, user and environment, nor which layers belong together",
    default: "none",
    value: "FORMAT",
    choices: ["none", "jws", "cose"],
    on: SIGNING
  },
  {
    name: "signature-expiry",
    group: "key",
    description: "Validity period of a manifest signature, such as 24h or 90d. Default: no expiry",
    value: "TIME",
    on: SIGNING
  },
  {
    name: "timestamp-url",
    group: "key",
    description: "RFC 3161 timestamp authority for manifest signatures; requires timestamp-certificate",
    value: "URL",
    on: SIGNING
  },
  {
    name: "timestamp-certificate",
    group: "key",
    description: "The timestamp authority's root certificate: the path of a PEM file, env://NAME, or PEM text; requires timestamp-url",
    value: "FILE",
    on: SIGNING
  }
];

// src/frontend/inputs/lists/verifying.ts
var VERIFYING_INPUTS = [
  {
    name: "trusted-certificate",
    group: "essential",
    description: "Trusted certificates (a root, an intermediate or the signer itself): paths of PEM files, env://NAME, or PEM text",
    value: "FILE",
    list: true,
    on: TRUSTING
  },
  {
    name: "trust-store",
    group: "trust",
    description: "Names of notation's trust stores to trust: NAME for x509/ca/NAME, or TYPE:NAME such as tsa:NAME",
    value: "NAME",
    list: true,
    on: TRUSTING
  },
  {
    name: "trust-policy",
    group: "trust",
    description: "Trust policy file of notation (trustpolicy.oci.json or trustpolicy.json), or notation for the file in notation's configuration folder. Its statement for the image's repository replaces trusted-certificate and trust-store and defines what is enforced",
    value: "FILE",
    on: TRUSTING
  },
  {
    name: "trust-policy-scope",
    group: "trust",
    description: "Repository that selects the statement of the trust policy for an image in a layout or archive, such as local/app",
    value: "SCOPE",
    on: TRUSTING
  },
  {
    name: "layers",
    group: "image",
    description: "Layer signatures: required (for every image that a Linux node may run; images of an index that no signature covers are reported as uncovered), all (an uncovered image is not-signed), auto (not required for images whose layers cannot be signed, such as Windows images) or none (not checked)",
    default: "required",
    value: "WHICH",
    choices: ["required", "all", "auto", "none"],
    on: VERIFYING
  },
  {
    name: "manifest-signature",
    group: "essential",
    description: "Notary Project signatures of manifests: auto (checked if there are any; they must be valid if a trust policy enforces it or if no layer signatures are required), required (the image or index must have a valid one) or none (not checked)",
    default: "auto",
    value: "WHICH",
    choices: ["auto", "required", "none"],
    on: VERIFYING
  },
  {
    name: "signer-identity",
    group: "essential",
    description: "Required signer, one per line: subject attributes such as CN=release,O=Example, or the SHA-256 fingerprint of the certificate. Default: any signer that a trusted certificate vouches for",
    value: "WHO",
    list: "lines",
    on: TRUSTING
  },
  {
    name: "recompute",
    group: "erofs",
    description: "Rebuild the EROFS image of every layer and compare root hashes. If false, verify proves only who signed the root hashes, not that they belong to these layers",
    default: "true",
    on: RECOMPUTING
  },
  {
    name: "allow-expired",
    group: "trust",
    description: "Accept expired certificates, for example short-lived ones. The kernel does not check dates either",
    default: "false",
    on: TRUSTING
  },
  {
    name: "at",
    group: "trust",
    description: "Time at which certificates must be valid, such as 2026-01-31T12:00:00Z (RFC 3339). Default: now",
    value: "TIME",
    on: TRUSTING
  },
  {
    name: "strict",
    group: "trust",
    description: "Fail if any signature is invalid, even if another one is valid",
    default: "false",
    on: VERIFYING
  }
];

// src/frontend/inputs/catalog.ts
var INPUTS = [
  {
    name: "image",
    group: "essential",
    description: "Images, one per line: registry/repository:tag or …@sha256:…, docker://…, oci:DIR[:TAG|@DIGEST] or oci-archive:FILE[:TAG|@DIGEST]. Signing with push-to also accepts docker-daemon:NAME[:TAG]. Lines that start with # are comments. Required unless metadata-file is set. A layer that several images share is converted once",
    value: "IMAGE",
    list: "lines",
    on: ACTIONS
  },
  {
    name: "metadata-file",
    group: "image",
    description: "File that docker buildx build or bake wrote with --metadata-file, or its content, such as steps.bake.outputs.metadata: text that begins with { is JSON. Each image in it is processed by its digest, in addition to those listed",
    value: "FILE",
    on: REFERRERS
  },
  {
    name: "platform",
    group: "image",
    description: "Platforms of an index to process, such as linux/arm64, or linux(+erofs)/amd64 for images of EROFS layers. Default: every platform; preflight tests one, by default that of this machine",
    value: "PLATFORM",
    list: true,
    on: EVERYWHERE
  },
  {
    name: "allow-skip",
    group: "image",
    description: "Media types of layers that may stay unsigned, or nondistributable. Skipped layers are reported",
    value: "TYPE",
    list: true,
    on: SKIPPING
  },
  ...SIGNING_INPUTS,
  ...KEY_LIFE_INPUTS,
  ...IPE_POLICY_INPUTS,
  ...VERIFYING_INPUTS,
  ...DOCTOR_INPUTS,
  {
    name: "profile",
    group: "essential",
    description: "How the node turns layers into EROFS images: containerd, containerd-cache or containerd-tar-index; or tardev, as tardev-snapshotter of kata-containers does. Signing creates one signature artifact per profile; verify requires a valid artifact for each profile; preflight tests one profile",
    default: "containerd",
    value: "PROFILE",
    choices: PROFILE_NAMES,
    list: true,
    on: [...CONVERTING, "doctor"]
  },
  {
    name: "mkfs-options",
    group: "erofs",
    description: "mkfs_options of containerd's EROFS differ plugin on the node. Default: -T0 --mkfs-time --sort=none (containerd-tar-index: -T0 --mkfs-time). verify uses the options that the signer recorded",
    value: "OPTIONS",
    on: [...CONVERTING, "doctor"]
  },
  {
    name: "builder",
    group: "erofs",
    description: "What creates the EROFS images: native (the built-in builder) or mkfs (the program mkfs.erofs, whose images are the same). Only mkfs supports other mkfs-options than the default, and versions of erofs-utils whose output is unknown",
    default: "native",
    value: "WHICH",
    choices: ["native", "mkfs"],
    on: CONVERTING
  },
  {
    name: "erofs-utils-version",
    group: "erofs",
    description: `With builder native: the versions of erofs-utils, or the version classes (${CLASSES_IN_WORDS}), to reproduce, one signature artifact per class; all for every class. Default: C, and for verify and preflight the class that the signer recorded. With builder mkfs: the required version or class; any also accepts a version whose output is unknown. Default: every version that passes the known-answer test`,
    value: "VERSION",
    list: true,
    on: [...CONVERTING, "doctor"]
  },
  {
    name: "cross-check",
    group: "erofs",
    description: "Create every image with both the native builder and mkfs.erofs. Fail on any difference and write a reproducer. A release pipeline can thus demand that two independent builders agree",
    default: "false",
    on: CONVERTING
  },
  {
    name: "annotations",
    group: "key",
    description: "Extra annotations for the signature manifests, one KEY=VALUE per line. In a GitHub workflow, the repository, commit, workflow and run are recorded automatically",
    value: "KEY=VALUE",
    list: "lines",
    on: SIGNING
  },
  {
    name: "push-to",
    group: "registry",
    description: "Registry tags, in one repository or several, that receive the image of an OCI layout, an archive or the docker daemon, with its referrers. The image is signed and the signatures are verified before the push, so the registry never has a Linux image without its signatures; no tag is set before every repository has passed",
    value: "TAG",
    list: true,
    on: SIGNING
  },
  ...NODE_INPUTS,
  ...PREFLIGHT_INPUTS,
  {
    name: "dry-run",
    group: "output",
    description: "Compute all root hashes, but read no key and sign, attach and push nothing",
    default: "false",
    on: SIGNING
  },
  ...OUTPUT_INPUTS,
  ...REGISTRY_INPUTS,
  ...INSTALL_INPUTS,
  ...GITHUB_INPUTS
];
function inputsOf(surface) {
  return INPUTS.filter((input) => input.on.includes(surface));
}
function inputGroups(inputs) {
  return Object.entries(GROUPS).flatMap(([group, title]) => {
    const own = inputs.filter((input) => input.group === group);
    return own.length === 0 ? [] : [[title, own]];
  });
}
function inputOf(name, surface) {
  return inputsOf(surface).find((input) => input.name === name);
}

// src/frontend/cli/options/booleans.ts
var KINDS = Object.fromEntries(
  INPUTS.map((input) => [
    input.name,
    { type: input.value === void 0 ? "boolean" : "string" }
  ])
);
var BOOLEAN_WORD = /^(?:true|false|yes|no|on|off|[01])$/i;
function tokensOf(args) {
  const config = { options: KINDS, strict: false, allowPositionals: true, tokens: true };
  return parseArgs({ ...config, args: [...args] }).tokens;
}
function withExplicitBooleans(args) {
  const explicit = [...args];
  for (const token of tokensOf(args)) {
    if (token.kind !== "option" || token.value !== void 0 || KINDS[token.name]?.type !== "boolean")
      continue;
    const next = args[token.index + 1];
    if (next !== void 0 && BOOLEAN_WORD.test(next)) {
      const meant = /^(?:true|yes|on|1)$/i.test(next);
      throw new VeritySignError(
        "usage",
        `option --${token.name}: the word "${next}" after it is not its value`,
        { remedy: `Write --${token.name}=${meant}` }
      );
    }
    explicit[token.index] = `--${token.name}=true`;
  }
  return explicit;
}
var STANDARD_OUTPUT = "-";
function wantedOutput(args) {
  let command;
  let json = false;
  let report = "";
  for (const token of tokensOf(args)) {
    if (token.kind === "positional") command ??= token.value;
    if (token.kind !== "option") continue;
    const { name, value = "" } = token;
    if (name === "json" && !/^false$/i.test(value)) json = true;
    if (name === "output" && value === "json") json = true;
    if (name === "report") report = value.trim();
  }
  const toOutput = report === STANDARD_OUTPUT;
  return { command, json: json || toOutput, report: toOutput || report === "" ? void 0 : report };
}

// builtin:node:fs of inputs
var found2;
var all2 = () => found2 ??= load("node:fs");
var one = (name) => all2()[name];
var existsSync = /* @__PURE__ */ one("existsSync");
var statSync = /* @__PURE__ */ one("statSync");

// builtin:node:path of inputs
var found3;
var all3 = () => found3 ??= load("node:path");
var one2 = (name) => all3()[name];
var join = /* @__PURE__ */ one2("join");

// src/oci/image/local-path.ts
var NAME = /^[A-Za-z0-9]+(?:[-._:@/+]+[A-Za-z0-9]+)*$/;
function splitLocal(text, what) {
  const at = text.lastIndexOf("@");
  const digest = at !== -1 && isDigest(text.slice(at + 1)) ? text.slice(at + 1) : void 0;
  if (digest === void 0 && /@sha(256|512):/.test(text)) return "has a malformed digest";
  const rest = digest === void 0 ? text : text.slice(0, at);
  const usual = digest === void 0 ? lastColon(rest) : { path: rest, tag: void 0 };
  const { path, tag } = existsSync(usual.path) ? usual : existing(rest) ?? usual;
  if (path === "") return `names no ${what}`;
  return tag === "" ? "has an empty tag" : { path, tag, digest };
}
function lastColon(rest) {
  const colon = rest.lastIndexOf(":");
  if (colon === -1 || rest.includes("/", colon)) return { path: rest, tag: void 0 };
  return { path: rest.slice(0, colon), tag: rest.slice(colon + 1) };
}
function existing(rest) {
  if (existsSync(rest)) return { path: rest, tag: void 0 };
  for (let colon = rest.lastIndexOf(":"); colon > 0; colon = rest.lastIndexOf(":", colon - 1)) {
    const [path, tag] = [rest.slice(0, colon), rest.slice(colon + 1)];
    if (NAME.test(tag) && existsSync(path)) return { path, tag };
  }
  return void 0;
}
var FOREIGN_TRANSPORT = /^(containers-storage|dir|sif|ostree|tarball|oci-layout|https?):/i;
var TRANSPORT = /^(?:(?:oci|oci-archive|docker-archive|docker-daemon):|docker:\/\/)/;
var ARCHIVE = /\.(?:tar|tgz|tar\.(?:gz|xz|zst|bz2))(?=$|[:@])/i;
function prefixForPath(text) {
  if (TRANSPORT.test(text) || FOREIGN_TRANSPORT.test(text)) return void 0;
  const isPath = /^(?:\.{1,2}|~)?\//.test(text) || /^\.{1,2}(?:$|:)/.test(text);
  const hasRegistry = /^[^/]*[.:][^/]*\//.test(text) || text.startsWith("localhost/");
  const archive = ARCHIVE.test(text);
  if (!isPath && (hasRegistry || !archive)) return void 0;
  const image = isPath ? "" : `, or docker://${text} for an image on Docker Hub`;
  if (archive) return `Write oci-archive:${text} for an archive of a layout${image}`;
  return `Write oci:${text} for a folder in OCI layout, or oci-archive:FILE for an archive of one`;
}
function layoutNamed(name) {
  return existsSync(join(name, "oci-layout")) ? name : void 0;
}
function withPathHint(error, name) {
  if (!(error instanceof VeritySignError) || !["registry", "environment"].includes(error.code)) return error;
  const path = name.replace(/^library\//, "");
  const found4 = existsSync(path) ? statSync(path, { throwIfNoEntry: false }) : void 0;
  if (found4 === void 0) return error;
  const kind = found4.isDirectory() ? ["folder", "oci:"] : ["file", "oci-archive:"];
  const hint = `${path} is also a ${kind[0]} here: if it is meant, write ${kind[1]}${path}`;
  const { code, message, context } = error;
  const longer = new VeritySignError(code, message, {
    remedy: [remedyOf(error), hint].filter((part) => part !== void 0).join(". "),
    cause: error
  });
  Object.assign(longer.context, context);
  return longer;
}

export {
  DIGEST,
  isDigest,
  splitDigest,
  PROFILE_NAMES,
  isContainerdProfile,
  isProfileName,
  FIRST_CONTAINERD,
  FIRST_VERITY_CONTAINERD,
  FIRST_LARGE_PAGES_CONTAINERD,
  KNOWN_CLASSES,
  CLASSES_IN_WORDS,
  DEFAULT_CLASS,
  RELEASE_CLASSES,
  isRecordedClass,
  isKnownClass,
  GROUPS,
  camelCase,
  emptyValue,
  INPUTS,
  inputsOf,
  inputGroups,
  inputOf,
  withExplicitBooleans,
  STANDARD_OUTPUT,
  wantedOutput,
  splitLocal,
  FOREIGN_TRANSPORT,
  prefixForPath,
  layoutNamed,
  withPathHint
};
