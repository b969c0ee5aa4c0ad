import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  errorReport
} from "./shared.report.failed-image.js";
import {
  worstVerdict
} from "./shared.commands.verify.worst-verdict.js";
import {
  MAX_SECRET_BYTES
} from "./shared.signatures.signers.secret.js";
import {
  withCoverage
} from "./shared.report.coverage-text.js";
import {
  isSameRegistry
} from "./shared.commands.shared.open-image.js";
import {
  isPemText,
  plainPem,
  splitPemList
} from "./shared.lib.pem-text.js";
import {
  classOf,
  recipesFor
} from "./shared.convert.erofs.recipe.js";
import {
  PROFILE_NAMES
} from "./shared.model.profiles.js";
import {
  parseReference,
  referenceName,
  refuseCredentials
} from "./shared.oci.image.reference.js";
import {
  NOTARY_PREFIX
} from "./shared.model.annotations.js";
import {
  parseMetadata
} from "./shared.oci.documents.js";
import {
  record,
  string,
  unknown
} from "./shared.zod.v4.core.schemas.js";
import {
  isDigest
} from "./shared.formats.digest-grammar.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/frontend/each-image.ts
async function eachImage(images, prepare, work) {
  const done = [];
  let image;
  let part;
  try {
    const prepared = await prepare();
    for (image of images) {
      part = void 0;
      done.push(
        await work(image, prepared, (report) => {
          part = report;
        })
      );
    }
    return { done };
  } catch (error) {
    const notStarted = images.slice(done.length + (image === void 0 ? 0 : 1));
    return {
      done,
      failure: {
        error,
        notStarted,
        ...image === void 0 ? {} : { image },
        ...part === void 0 ? {} : { part }
      }
    };
  }
}
function hasResults({ done, failure }) {
  return done.length > 0 || failure?.part !== void 0;
}
function reportEntries({ done, failure }, failedItem) {
  if (failure === void 0) return done;
  const { error, image, part, notStarted } = failure;
  const failed = image === void 0 ? [] : [part === void 0 ? failedItem(image, errorReport(error)) : { ...part, error: errorReport(error) }];
  const rest = image === void 0 ? errorReport(error) : notStartedError(image);
  return [...done, ...failed, ...notStarted.map((other) => failedItem(other, rest))];
}
function notStartedError(image) {
  return {
    code: "cancelled",
    message: `not started, because ${image} failed`,
    remedy: "Run again once that one works; what is done already is not done twice"
  };
}

// src/frontend/render/verify/verdict.ts
var VERDICT_WORDS = {
  verified: "verified",
  invalid: "INVALID",
  "not-trusted": "NOT TRUSTED",
  "not-signed": "NOT SIGNED",
  unchecked: "COULD NOT BE CHECKED",
  skipped: "SKIPPED by the trust policy"
};
function verdictText(report) {
  const { verdict } = report;
  return verdict === "verified" ? withCoverage(VERDICT_WORDS.verified, report) : VERDICT_WORDS[verdict];
}
function layerWord({ verdict, recomputedRootHash }) {
  if (verdict !== "verified") return VERDICT_WORDS[verdict];
  return recomputedRootHash === void 0 ? "signature holds" : "root hash recomputed";
}
function manifestWord({ verdict, reason }, owner) {
  if (verdict === "not-signed" && owner.verdict === "verified") return { word: "none (not required)" };
  if (verdict === "not-signed" && owner.reason !== reason) return { word: "none" };
  return { word: VERDICT_WORDS[verdict], ...reason === void 0 ? {} : { reason } };
}
function verifiedSigners({ platforms, index }) {
  const sets = platforms.flatMap(({ signatures }) => signatures);
  const notary = [...platforms, ...index === void 0 ? [] : [index]].flatMap(
    ({ manifestSignatures }) => manifestSignatures
  );
  const signers = [
    ...sets.flatMap((set) => set.verdict === "verified" ? set.signers : []),
    ...notary.flatMap(
      ({ verdict, signer }) => verdict === "verified" && signer !== void 0 ? [signer] : []
    )
  ];
  return [...new Map(signers.map((signer) => [signer.fingerprint, signer])).values()];
}
function overallVerdict(reports) {
  return worstVerdict(reports.map(({ verdict }) => verdict));
}
function failureLines(reports) {
  return reports.filter(({ verdict }) => verdict !== "verified" && verdict !== "skipped").map(
    ({ image, verdict, reason }) => `${image.name ?? image.reference}: ${VERDICT_WORDS[verdict]}: ${reason}`
  );
}

// src/frontend/inputs/input-spec.ts
var GROUPS = {
  essential: "Essential",
  image: "Image",
  key: "Key and signatures",
  trust: "Trust",
  registry: "Registry",
  erofs: "EROFS images",
  github: "GitHub",
  output: "Output and limits"
};
function camelCase(name) {
  return name.replaceAll(/-(.)/g, (_dash, letter) => letter.toUpperCase());
}
var COMMANDS = ["sign", "root-hash", "verify", "inspect", "remove"];
var EVERYWHERE = [
  "action",
  "sign",
  "root-hash",
  "verify-action",
  "verify",
  "inspect",
  "remove"
];
var CONVERTING = ["action", "sign", "root-hash", "verify-action", "verify"];
var SIGNING = ["action", "sign"];
var KEYS = ["action", "sign", "csr"];
var VERIFYING = ["verify-action", "verify"];
var REPORTING = ["action", "sign", "verify-action", "verify", "remove"];
var REFERRERS = ["action", "sign", "verify-action", "verify", "inspect", "remove"];
var ACTIONS = ["action", "verify-action"];

// src/frontend/inputs/lists/github.ts
var GITHUB_INPUTS = [
  {
    name: "github-token",
    group: "github",
    description: "Token with which the verdict is shown on GitHub, usually github.token: the value itself or env://NAME. The job needs the permission checks: write, and pull-requests: write for github-comment. Default: nothing is sent to GitHub",
    value: "TOKEN",
    on: ACTIONS
  },
  {
    name: "github-check",
    group: "github",
    description: 'With github-token: the check runs to create or update. image makes "verity-sign / IMAGE (sign)", which branch rules can demand; digest makes "verity-sign / IMAGE@DIGEST (sign)", which a deployment can demand; none makes no check run',
    default: "image, digest",
    value: "WHICH",
    list: true,
    on: ACTIONS
  },
  {
    name: "github-comment",
    group: "github",
    description: "With github-token: comment on the pull request with the verdict and the root hashes, and update the comment in later runs",
    default: "false",
    on: ACTIONS
  },
  {
    name: "base-image",
    group: "github",
    description: "With github-comment: image with which the comment compares layers and root hashes, such as that of the base branch. Signing computes its root hashes; verify reads them from its signatures, which must verify by the same inputs",
    value: "IMAGE",
    on: ACTIONS
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

// src/frontend/inputs/lists/output.ts
var OUTPUT_INPUTS = [
  {
    name: "report",
    group: "output",
    description: "File for the JSON report. The CLI also accepts - for standard output, and then prints its table to standard error. The Action always writes a report, by default to a temporary file",
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
    on: [...COMMANDS, "version"]
  },
  {
    name: "json",
    group: "output",
    description: "The same as --output json",
    default: "false",
    on: [...COMMANDS, "version"]
  },
  {
    name: "debug",
    group: "output",
    description: "Log more details to standard error, as VERITY_SIGN_DEBUG=1 does",
    default: "false",
    on: [...COMMANDS, "csr"]
  },
  {
    name: "quiet",
    group: "output",
    description: "Print nothing to standard error except warnings and errors. Results are printed as ever",
    default: "false",
    on: [...COMMANDS, "csr"]
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
    on: REFERRERS
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
    description: "Certificate chain: the path of a PEM file, env://NAME, or PEM text. The signer's certificate comes first, then its issuers. The root is optional for layers and required for manifest-signature. Not needed for a dry run, or if the key holder stores the chain (PKCS#12, Azure Key Vault, Vault, plugins)",
    value: "FILE",
    on: SIGNING
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
    on: VERIFYING
  },
  {
    name: "trust-store",
    group: "trust",
    description: "Names of notation's trust stores to trust: NAME for x509/ca/NAME, or TYPE:NAME such as tsa:NAME",
    value: "NAME",
    list: true,
    on: VERIFYING
  },
  {
    name: "trust-policy",
    group: "trust",
    description: "Trust policy file of notation (trustpolicy.oci.json or trustpolicy.json), or notation for the file in notation's configuration folder. Its statement for the image's repository replaces trusted-certificate and trust-store and defines what is enforced",
    value: "FILE",
    on: VERIFYING
  },
  {
    name: "trust-policy-scope",
    group: "trust",
    description: "Repository that selects the statement of the trust policy for an image in a layout or archive, such as local/app",
    value: "SCOPE",
    on: VERIFYING
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
    on: VERIFYING
  },
  {
    name: "recompute",
    group: "erofs",
    description: "Rebuild the EROFS image of every layer and compare root hashes. If false, verify proves only who signed the root hashes, not that they belong to these layers",
    default: "true",
    on: VERIFYING
  },
  {
    name: "allow-expired",
    group: "trust",
    description: "Accept expired certificates, for example short-lived ones. The kernel does not check dates either",
    default: "false",
    on: VERIFYING
  },
  {
    name: "at",
    group: "trust",
    description: "Time at which certificates must be valid, such as 2026-01-31T12:00:00Z (RFC 3339). Default: now",
    value: "TIME",
    on: VERIFYING
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
    description: "Platforms of an index to process, such as linux/arm64. Default: every platform",
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
    on: EVERYWHERE
  },
  ...SIGNING_INPUTS,
  ...KEY_LIFE_INPUTS,
  ...VERIFYING_INPUTS,
  {
    name: "profile",
    group: "essential",
    description: "How the node turns layers into EROFS images: containerd, containerd-cache or containerd-tar-index. Signing creates one signature artifact per profile; verify requires a valid artifact for each profile",
    default: "containerd",
    value: "PROFILE",
    choices: PROFILE_NAMES,
    list: true,
    on: CONVERTING
  },
  {
    name: "mkfs-options",
    group: "erofs",
    description: "mkfs_options of containerd's EROFS differ plugin on the node. Default: -T0 --mkfs-time --sort=none (containerd-tar-index: -T0 --mkfs-time). verify uses the options that the signer recorded",
    value: "OPTIONS",
    on: CONVERTING
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
    description: "With builder native: the versions of erofs-utils, or the version classes (A, B or C), to reproduce, one signature artifact per class. Default: C, and for verify the class that the signer recorded. With builder mkfs: the required version or class; any also accepts a version whose output is unknown. Default: every version that passes the known-answer test",
    value: "VERSION",
    list: true,
    on: CONVERTING
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

// src/frontend/inputs/image-list.ts
import { readFileSync } from "node:fs";

// src/frontend/inputs/parse-values.ts
function wrong(label, text2, expected) {
  return new VeritySignError("usage", `${label}: "${text2}" is not ${expected}`, {
    remedy: `Use ${expected}`
  });
}
function parseList(text2) {
  return [...new Set(parseLines(text2).flatMap((line) => line.split(",").map((item) => item.trim())))].filter(
    (item) => item !== ""
  );
}
function parseLines(text2) {
  return (text2 ?? "").split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "");
}
function parseFlag(text2, label) {
  if (/^(true|True|TRUE)$/.test(text2)) return true;
  if (/^(false|False|FALSE)$/.test(text2)) return false;
  throw wrong(label, text2, "true or false");
}
function parseChoice(text2, choices, label) {
  const found = choices.find((choice2) => choice2 === text2);
  if (found === void 0) throw wrong(label, text2, `one of ${choices.join(", ")}`);
  return found;
}
function parseCount(text2, min, max, label) {
  const count = /^\d{1,9}$/.test(text2) ? Number(text2) : Number.NaN;
  if (!(count >= min && count <= max)) throw wrong(label, text2, `a whole number from ${min} to ${max}`);
  return count;
}
var MILLISECONDS = { ms: 1, s: 1e3, m: 6e4, h: 36e5 };
var LONGEST_DURATION = 2 ** 31 - 1;
function parseDuration(text2, label) {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)?$/.exec(text2);
  const unit = match?.[2] ?? "s";
  const value2 = Math.round(Number(match?.[1] ?? Number.NaN) * MILLISECONDS[unit]);
  if (!(value2 >= 1 && value2 <= LONGEST_DURATION)) {
    throw wrong(label, text2, "a time such as 90s, 5m or 1h");
  }
  return value2;
}
var LIFETIME = /^(?:\d{1,9}[smhd])+$/;
var SECONDS = { s: 1, m: 60, h: 3600, d: 86400 };
var LONGEST_LIFETIME = 100 * 365 * 86400;
function parseLifetime(text2, label) {
  const parts = LIFETIME.test(text2) ? [...text2.matchAll(/(\d+)([smhd])/g)] : [];
  const seconds = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (SECONDS[unit ?? ""] ?? 0), 0);
  if (!(seconds >= 1 && seconds <= LONGEST_LIFETIME)) throw wrong(label, text2, "a time such as 24h or 90d");
  return seconds * 1e3;
}
function parseUrl(text2, label) {
  const url = URL.canParse(text2) ? new URL(text2) : void 0;
  if (url === void 0 || !["http:", "https:"].includes(url.protocol)) {
    throw wrong(label, text2, "an http or https URL");
  }
  if (url.username !== "" || url.password !== "") {
    throw new VeritySignError("usage", `${label} contains a user name or password`, {
      remedy: "Remove them from the URL"
    });
  }
  return text2;
}
var BYTES = {
  "": 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40
};
function parseSize(text2, label) {
  const match = /^(\d{1,16}(?:\.\d{1,3})?) ?([a-z]{0,3})$/i.exec(text2);
  const unit = BYTES[(match?.[2] ?? "").toLowerCase()];
  const value2 = unit === void 0 ? Number.NaN : Math.round(Number(match?.[1] ?? Number.NaN) * unit);
  if (!(value2 >= 1 && value2 <= Number.MAX_SAFE_INTEGER)) {
    throw wrong(label, text2, "a size such as 500MiB or 4GiB");
  }
  return value2;
}
function parsePlatform(text2, label) {
  if (!/^[a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9.]+)?$/.test(text2)) {
    throw wrong(label, text2, "a platform such as linux/amd64 or linux/arm/v7");
  }
  return text2;
}
function parseErofsVersion(text2, label) {
  if (!/^(any|A|B|C|\d+\.\d+(\.\d+)?)$/.test(text2)) {
    throw wrong(label, text2, "a version such as 1.9.4, a class (A, B or C), or any");
  }
  return text2;
}
var ONE_PAIR_PER_LINE = "Write one KEY=VALUE per line, or repeat the option";
function parseAnnotations(text2, label) {
  const annotations = {};
  for (const line of parseLines(text2)) {
    const match = /^([^=\s]+)\s*=\s*(.*)$/.exec(line);
    const [, key, value2] = match ?? [];
    if (key === void 0 || value2 === void 0) {
      throw new VeritySignError("usage", `${label}: "${line}" is not of the form KEY=VALUE`, {
        remedy: ONE_PAIR_PER_LINE
      });
    }
    if (key.startsWith(NOTARY_PREFIX)) {
      throw new VeritySignError("usage", `${label}: the key ${key} is reserved for the signature format`, {
        remedy: "Use a key with a prefix of your own"
      });
    }
    annotations[key] = value2;
  }
  return annotations;
}
function parsePairs(text2, label) {
  const pairs = /* @__PURE__ */ Object.create(null);
  for (const [index, line] of parseLines(text2).entries()) {
    const end = line.indexOf("=");
    const key = line.slice(0, Math.max(0, end)).trim();
    if (key === "" || /\s/.test(key)) {
      throw new VeritySignError("usage", `${label}: entry ${index + 1} is not of the form KEY=VALUE`, {
        remedy: ONE_PAIR_PER_LINE
      });
    }
    pairs[key] = line.slice(end + 1).trim();
  }
  return pairs;
}
function parseTime(text2, label) {
  const form = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;
  const time = new Date(form.test(text2) ? text2.toUpperCase() : Number.NaN);
  if (Number.isNaN(time.getTime())) throw wrong(label, text2, "a time such as 2026-01-31T12:00:00Z");
  return time;
}

// src/frontend/inputs/image-list.ts
function listedImages(text2) {
  return parseLines(text2).filter((line) => !line.startsWith("#"));
}
function withoutCredentials(references) {
  for (const reference of references) refuseCredentials(reference);
  return [...references];
}
function listedTags(text2) {
  return withoutCredentials(parseList(listedImages(text2).join("\n")));
}
function withBuiltImages(listed, raw, dialect) {
  const given = raw["metadata-file"]?.trim() ?? "";
  const own = withoutCredentials(listed);
  if (given === "") return own;
  const label = dialect.label("metadata-file");
  const built = builtImages(given, label);
  if (built.length === 0) {
    throw new VeritySignError("usage", `${label} contains no image`, {
      remedy: "Build with --push and --metadata-file, and give each target a tag"
    });
  }
  return [.../* @__PURE__ */ new Set([...own, ...built])];
}
var metadataSchema = record(string(), unknown());
var DIGEST = "containerimage.digest";
var NAMES = "image.name";
function builtImages(given, label) {
  const metadata = parseBuild(given.startsWith("{") ? Buffer.from(given) : readFile(given, label), label);
  const isBuild = metadata[DIGEST] !== void 0 || metadata[NAMES] !== void 0;
  const results = isBuild ? [["the build", metadata]] : Object.entries(metadata);
  return [
    ...new Set(
      results.flatMap(
        ([target, result]) => typeof result === "object" && result !== null && !Array.isArray(result) ? imagesOf(target, result, label) : []
      )
    )
  ];
}
function imagesOf(target, result, label) {
  const { [DIGEST]: digest, [NAMES]: names } = result;
  if (digest === void 0 && names === void 0) return [];
  const where = `${label}: target ${JSON.stringify(target.slice(0, 100))}`;
  if (typeof digest !== "string" || !isDigest(digest)) {
    throw new VeritySignError("usage", `${where} has a name, but no digest in ${DIGEST}`, {
      remedy: "Push the image in the build (--push), or list it in image"
    });
  }
  if (typeof names !== "string" || names.trim() === "") {
    throw new VeritySignError("usage", `${where} has an image, but no name in ${NAMES}`, {
      remedy: "Give the target a tag and push it, or list the images in image"
    });
  }
  return names.split(",").map((name) => {
    const reference = parseReference(name.trim());
    if (reference.kind === "registry") return `${referenceName(reference)}@${digest}`;
    throw new VeritySignError("usage", `${where} has the name ${JSON.stringify(name.slice(0, 200))}`, {
      remedy: "List the image in image"
    });
  });
}
function readFile(path, label) {
  try {
    return readFileSync(path);
  } catch (cause) {
    const reason = cause.code ?? String(cause);
    throw new VeritySignError("usage", `${label}: ${path} cannot be read (${reason})`, {
      remedy: "Give the path of the file that docker buildx wrote with --metadata-file",
      cause
    });
  }
}
function parseBuild(bytes, label) {
  try {
    return parseMetadata(metadataSchema, bytes, label);
  } catch (error) {
    if (!(error instanceof VeritySignError)) throw error;
    throw new VeritySignError("usage", error.message, {
      remedy: "Give the file that docker buildx wrote with --metadata-file, or list its images in image",
      cause: error
    });
  }
}

// src/frontend/inputs/secrets.ts
import { isUtf8 } from "node:buffer";
import { existsSync, readFileSync as readFileSync2 } from "node:fs";

// src/lib/process/descriptor-file.ts
import { closeSync, openSync, readSync } from "node:fs";
var DESCRIPTOR = /^\/(?:dev|proc\/self)\/fd\/(\d{1,9})$/;
function descriptorOf(path) {
  if (path === "/dev/stdin") return 0;
  const number = DESCRIPTOR.exec(path)?.[1];
  return number === void 0 ? void 0 : Number(number);
}
function takeDescriptor(path, limit) {
  const content = Buffer.alloc(limit + 1);
  let size = 0;
  const file = openSync(path, "r");
  try {
    for (let read = -1; read !== 0 && size < content.length; size += read) {
      read = readSync(file, content, size, content.length - size, null);
    }
  } finally {
    closeSync(file);
  }
  const descriptor = descriptorOf(path);
  if (descriptor === void 0) throw new TypeError(`${path} is no descriptor`);
  closeSync(descriptor);
  if (descriptor === 0) openSync("/dev/null", "r");
  return content.subarray(0, size);
}

// src/frontend/inputs/secrets.ts
var REFERENCE = /^env:\/\/(.*)$/s;
var SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//;
var SecretStore = class {
  /** By name of the environment variable, or by the path of a descriptor such as /dev/fd/63. */
  values = /* @__PURE__ */ Object.create(null);
  env;
  hide;
  #hidden = /* @__PURE__ */ new Set();
  /** @param hide masks a value in the log, if the log can do that */
  constructor(env, hide = () => void 0) {
    this.env = env;
    this.hide = (value2) => {
      this.#hidden.add(value2);
      hide(value2);
    };
  }
  /** All values, and lines of values, that were masked so far: foreign text is filtered with them. */
  get hidden() {
    return [...this.#hidden];
  }
  /**
   * Moves the variable that an `env://NAME` reference names from the environment into the store.
   * Returns the value, or undefined if `text` is not such a reference. Error: `usage`.
   */
  capture(text2, label) {
    const name = REFERENCE.exec(text2)?.[1];
    if (name === void 0) return void 0;
    const value2 = this.take(name);
    if (value2 === void 0) throw notSet(label, name);
    return value2;
  }
  /**
   * Moves the variable that an `env://NAME` reference names into the store, without masking it: certificates
   * are no secret, and their lines are in other texts. Error: `usage`.
   */
  keep(text2, label) {
    const name = REFERENCE.exec(text2)?.[1];
    if (name === void 0 || this.values[name] !== void 0) return;
    const value2 = this.#variable(name);
    if (value2 === void 0) throw notSet(label, name);
    this.values[name] = value2;
    delete this.env[name];
  }
  /**
   * Moves what a descriptor contains (`/dev/fd/63`, `/dev/stdin`) into the store and closes the descriptor.
   * Binary content becomes base64. Returns undefined for any other path, or if it cannot be read.
   */
  captureDescriptor(path) {
    if (descriptorOf(path) === void 0) return void 0;
    const known = this.values[path];
    if (known !== void 0) return known;
    try {
      const content = takeDescriptor(path, MAX_SECRET_BYTES);
      const value2 = isUtf8(content) ? content.toString("utf8") : content.toString("base64");
      this.values[path] = value2;
      this.mask(value2);
      return value2;
    } catch {
      return void 0;
    }
  }
  /** Moves a variable from the environment into the store. Returns undefined if it is not set or empty. */
  take(name) {
    const known = this.values[name];
    if (known !== void 0) {
      this.mask(known);
      return known;
    }
    const value2 = this.#variable(name);
    if (value2 === void 0) return void 0;
    this.values[name] = value2;
    delete this.env[name];
    this.mask(value2);
    return value2;
  }
  /** Masks the value of a variable that stays in the environment. */
  maskVariable(name) {
    const value2 = this.#variable(name);
    if (value2 !== void 0) this.mask(value2);
  }
  isSet(name) {
    return this.#variable(name) !== void 0;
  }
  #variable(name) {
    const value2 = Object.hasOwn(this.env, name) ? this.env[name] : void 0;
    return value2 === "" ? void 0 : value2;
  }
  /** Masks a value and each of its lines: logs are written line by line. */
  mask(value2) {
    if (value2.trim() === "") return;
    const lines = value2.split(/\r?\n/).map((line) => line.trim());
    for (const line of new Set(lines)) if (line.length > 3 && !line.startsWith("-----")) this.hide(line);
    if (lines.length > 1) this.hide(value2);
    const plain = plainPem(value2);
    if (plain !== value2) this.mask(plain);
  }
};
function notSet(label, name) {
  return new VeritySignError("usage", `${label}: the environment variable ${name} is not set or is empty`, {
    remedy: `Set ${name}; in a workflow, set it under env: of the step`
  });
}
function passphraseReference(text2, label, store) {
  return text2 === void 0 ? void 0 : localReference(text2, label, store, "the path of a file");
}
function keyReference(text2, label, store) {
  if (text2 === void 0) return void 0;
  if (SCHEME.test(text2) && !REFERENCE.test(text2)) {
    captureCredentials(text2, store);
    return text2;
  }
  return localReference(text2, label, store, "the path of a PEM or PKCS#12 file");
}
var CREDENTIALS = [
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AZURE_CLIENT_SECRET",
  "AZURE_CLIENT_CERTIFICATE_PASSWORD",
  "AZURE_PASSWORD",
  "GOOGLE_CREDENTIALS",
  "VAULT_TOKEN",
  "BAO_TOKEN",
  "VAULT_SECRET_ID",
  "ACTIONS_ID_TOKEN_REQUEST_TOKEN"
];
var SENT_HERE = {
  awskms: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"],
  hashivault: ["VAULT_TOKEN"]
};
function captureCredentials(reference, store) {
  for (const name of CREDENTIALS) store.maskVariable(name);
  if (reference.startsWith("awskms://") && store.isSet("AWS_PROFILE")) return;
  for (const name of SENT_HERE[reference.slice(0, reference.indexOf(":"))] ?? []) store.take(name);
}
function localReference(text2, label, store, file) {
  if (store.capture(text2, label) !== void 0) return text2;
  if (store.captureDescriptor(text2) !== void 0 || existsSync(text2)) return text2;
  if (SCHEME.test(text2)) {
    throw new VeritySignError("usage", `${label}: ${text2.slice(0, text2.indexOf(":"))}:// is not supported`, {
      remedy: `Use ${file}, or env://NAME for an environment variable`
    });
  }
  store.mask(text2);
  if (isPemText(text2)) {
    throw new VeritySignError("usage", `${label} is PEM text instead of a reference to it`, {
      remedy: "Put it into an environment variable and give env://NAME, or into a file and give its path"
    });
  }
  throw new VeritySignError("usage", `${label}: there is no such file`, {
    remedy: `Use ${file}, or env://NAME for an environment variable that contains the secret`
  });
}
function passwordFromReference(text2, label, store) {
  const captured = store.capture(text2, label);
  if (captured !== void 0) return captured;
  if (!existsSync(text2)) {
    throw new VeritySignError("usage", `${label}: there is no such file`, {
      remedy: "Use env://NAME or the path of a file, never the password itself"
    });
  }
  return passwordIn(() => store.captureDescriptor(text2) ?? readFileSync2(text2, "utf8"), label, store);
}
function passwordFromStandardInput(label, store) {
  return passwordIn(() => store.captureDescriptor("/dev/stdin") ?? readFileSync2(0, "utf8"), label, store);
}
function passwordIn(read, label, store) {
  let content = "";
  try {
    content = read();
  } catch (error) {
    const { code = "unknown error" } = error;
    throw new VeritySignError("usage", `${label}: the password cannot be read (${code})`, {
      remedy: "Check the permissions, or use env://NAME"
    });
  }
  const password = content.replace(/\r?\n$/, "");
  if (password === "") {
    throw new VeritySignError("usage", `${label}: the password is empty`, {
      remedy: "Check the file or the program that writes it"
    });
  }
  store.mask(password);
  return password;
}

// src/frontend/inputs/common-options.ts
import { availableParallelism } from "node:os";
import { resolve } from "node:path";

// src/frontend/inputs/values.ts
function value(raw, name, surface) {
  const given = raw[name]?.trim();
  if (given !== void 0 && given !== "") return given;
  if (surface !== void 0) return inputOf(name, surface)?.default;
  const presets = INPUTS.flatMap(
    (input) => input.name === name && "default" in input ? [input.default] : []
  );
  const [preset, ...others] = new Set(presets);
  if (others.length > 0) throw new Error(`${name} has several defaults: a surface is needed`);
  return preset;
}
function parsed(raw, name, dialect, parse) {
  const text2 = value(raw, name);
  return text2 === void 0 ? void 0 : parse(text2, dialect.label(name));
}
function required(result, name, dialect) {
  if (result === void 0) {
    throw new VeritySignError("usage", `${dialect.label(name)} is missing`, {
      remedy: "Set it, or use dry-run to compute the root hashes without signing"
    });
  }
  return result;
}
function optional(key, result) {
  return result === void 0 ? {} : { [key]: result };
}
function flag(raw, name, dialect) {
  return parsed(raw, name, dialect, parseFlag) ?? false;
}
function text(raw, name) {
  return value(raw, name);
}
function choice(raw, name, surface, dialect) {
  const choices = inputOf(name, surface)?.choices ?? [];
  return parseChoice(value(raw, name, surface) ?? "", choices, dialect.label(name));
}
function certificateReference(raw, name, dialect) {
  return parsed(raw, name, dialect, (given, label) => keepVariable(given, label, dialect));
}
function certificateReferences(raw, name, dialect) {
  return splitPemList(value(raw, name) ?? "").map((item) => keepVariable(item, dialect.label(name), dialect));
}
function keepVariable(given, label, { secrets }) {
  if (!isPemText(given)) secrets.keep(given, label);
  return given;
}

// src/frontend/inputs/registry-options.ts
function registryOptions(raw, dialect) {
  const registries = registriesOf([...parseLines(raw.image), ...listedTags(raw["push-to"])]);
  const credentials = [
    ...oneRegistry(raw, dialect, registries),
    ...severalRegistries(raw, dialect, text(raw, "registry-username") !== void 0)
  ];
  return {
    ...credentials.length === 0 ? {} : { credentials },
    plainHttp: flag(raw, "plain-http", dialect),
    ...optional("caFile", certificateReference(raw, "ca-file", dialect)),
    ...clientIdentity(raw, dialect, registries),
    // root-hash has no such input, and attaches nothing.
    referrers: choice(raw, "referrers", "sign", dialect)
  };
}
function registriesOf(references) {
  const registries = [];
  for (const reference of references) {
    const registry = registryOf(reference);
    if (registry !== void 0 && !registries.some((one) => isSameRegistry(one, registry))) {
      registries.push(registry);
    }
  }
  return registries;
}
function registryOf(reference) {
  try {
    const parsedReference = parseReference(reference);
    return parsedReference.kind === "registry" ? parsedReference.registry : void 0;
  } catch (error) {
    if (error instanceof VeritySignError) return void 0;
    throw error;
  }
}
function oneRegistry(raw, dialect, registries) {
  const { label } = dialect;
  const username = text(raw, "registry-username");
  const password = parsed(raw, "registry-password", dialect, (given, name) => {
    if (dialect.literalPassword) return dialect.secrets.capture(given, name) ?? given;
    return given === "-" ? passwordFromStandardInput(name, dialect.secrets) : passwordFromReference(given, name, dialect.secrets);
  });
  if (username === void 0 || password === void 0) {
    if (username === password) return [];
    const names = ["registry-username", "registry-password"];
    const [given, missing] = (username === void 0 ? names.toReversed() : names).map(label);
    throw new VeritySignError("usage", `${given} is given without ${missing}`, {
      remedy: "Set both, or omit both to use docker's configuration"
    });
  }
  requireOne(
    registries,
    label("registry-username"),
    "Set registry-credentials to one HOST=USER:env://NAME per registry"
  );
  return registries.map((registry) => ({ registry, username, password, input: "registry-username" }));
}
function requireOne(registries, label, remedy) {
  if (registries.length <= 1) return;
  const last = registries.at(-1);
  throw new VeritySignError(
    "usage",
    `${label} is for one registry, but the images and push-to are in ${registries.slice(0, -1).join(", ")} and ${last}`,
    { remedy: `${remedy}, or run once for each registry` }
  );
}
function severalRegistries(raw, dialect, both) {
  const label = dialect.label("registry-credentials");
  const lines = parseLines(raw["registry-credentials"]);
  if (both && lines.length > 0) {
    throw new VeritySignError(
      "usage",
      `${label} cannot be combined with ${dialect.label("registry-username")}`,
      { remedy: "Add a line for that registry instead" }
    );
  }
  const found = [];
  for (const [index, line] of lines.entries()) {
    const { registry, username = "", reference = "" } = FORM.exec(line)?.groups ?? {};
    if (registry === void 0) {
      throw new VeritySignError(
        "usage",
        `${label}: line ${index + 1} is not of the form HOST=USER:env://NAME`,
        {
          remedy: "Write the host of the registry with its port, the user name, and env://NAME or the path of a file"
        }
      );
    }
    if (found.some((one) => isSameRegistry(one.registry, registry))) {
      throw new VeritySignError("usage", `${label} has more than one line for ${registry}`, {
        remedy: "Keep the one to use"
      });
    }
    const password = passwordFromReference(reference, `${label} for ${registry}`, dialect.secrets);
    found.push({ registry, username, password, input: "registry-credentials" });
  }
  return found;
}
var FORM = /^(?<registry>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?|\[[0-9A-Fa-f:.]+\](?::\d{1,5})?)=(?<username>(?!env:\/\/)[^:]+):(?<reference>.+)$/;
function clientIdentity(raw, dialect, registries) {
  const { label } = dialect;
  const clientCertificate = certificateReference(raw, "client-certificate", dialect);
  const clientKey = text(raw, "client-key");
  if (clientCertificate === void 0 && clientKey === void 0) return {};
  if (clientCertificate === void 0 || clientKey === void 0) {
    const names = ["client-certificate", "client-key"];
    const [given, missing] = (clientCertificate === void 0 ? names.toReversed() : names).map(label);
    throw new VeritySignError("usage", `${given} is given without ${missing}`, { remedy: "Set both" });
  }
  if (isPemText(clientKey) || clientKey.startsWith("env://")) {
    dialect.secrets.mask(clientKey);
    throw new VeritySignError("usage", `${label("client-key")} is not the path of a file`, {
      remedy: "Write the key to a file that only this user can read, and give its path"
    });
  }
  requireOne(registries, label("client-certificate"), "Leave the others out");
  return { clientCertificate, clientKey };
}

// src/frontend/inputs/common-options.ts
function layersChoice(raw, surface, dialect) {
  return choice(raw, "layers", surface, dialect);
}
function commonOptions(raw, dialect) {
  const list = (name, check) => parseList(value(raw, name)).map((item) => check(item, dialect.label(name)));
  const cores = Math.min(64, availableParallelism());
  const options = {
    platforms: list("platform", parsePlatform),
    profiles: list("profile", (item, label) => parseChoice(item, PROFILE_NAMES, label)),
    ...builderOptions(raw, dialect),
    ...optional("mkfsOptions", value(raw, "mkfs-options")),
    concurrency: parsed(raw, "concurrency", dialect, (text2, label) => parseCount(text2, 1, 64, label)) ?? cores,
    timeout: required(parsed(raw, "timeout", dialect, parseDuration), "timeout", dialect),
    maxLayerSize: required(parsed(raw, "max-layer-size", dialect, parseSize), "max-layer-size", dialect),
    ...optional("tempDir", absolute(value(raw, "temp-dir"))),
    registry: registryOptions(raw, dialect),
    tools: {
      ...optional("orasPath", programPath(value(raw, "oras-path"))),
      ...optional("mkfsPath", programPath(value(raw, "mkfs-path")))
    },
    allowSkip: parseList(value(raw, "allow-skip"))
  };
  recipesFor(options);
  return options;
}
function absolute(path) {
  return path === void 0 ? void 0 : resolve(path);
}
function programPath(path) {
  return path?.includes("/") === true ? resolve(path) : path;
}
function builderOptions(raw, dialect) {
  const label = dialect.label("erofs-utils-version");
  const builder = choice(raw, "builder", "sign", dialect);
  const crossCheck = flag(raw, "cross-check", dialect);
  const versions = parseList(value(raw, "erofs-utils-version"));
  if (builder === "native") {
    if (!crossCheck) refuseMkfsInputs(raw, versions, dialect);
    const known = versions.filter((text2) => text2 !== ANY_VERSION);
    const classes = [...new Set(known.map((text2) => classOf(text2, label)))];
    return {
      builder,
      crossCheck,
      ...classes.length === 0 ? {} : { classes },
      // The mkfs.erofs to compare with.
      ...crossCheck && versions.length === 1 ? optional("erofsUtilsVersion", versions[0]) : {}
    };
  }
  const [version, ...more] = versions.map((text2) => parseErofsVersion(text2, label));
  if (more.length > 0) {
    throw new VeritySignError("usage", `${label} lists several versions, but builder mkfs accepts only one`, {
      remedy: "Choose one, or use builder native"
    });
  }
  return { builder, crossCheck, ...optional("erofsUtilsVersion", version) };
}
var ANY_VERSION = "any";
var MKFS_INPUTS = ["mkfs-path", "erofs-utils-url", "erofs-utils-sha256"];
function refuseMkfsInputs(raw, versions, { label }) {
  const given = MKFS_INPUTS.filter((name) => value(raw, name) !== void 0).map(label);
  if (versions.includes(ANY_VERSION)) given.push(`${label("erofs-utils-version")} ${ANY_VERSION}`);
  if (given.length === 0) return;
  const verb = given.length === 1 ? "has" : "have";
  throw new VeritySignError("usage", `${given.join(", ")} ${verb} no effect with builder native`, {
    remedy: "Set builder to mkfs, or set cross-check to use both builders, or omit it"
  });
}

// src/frontend/inputs/signing-options.ts
function signingOptions(raw, dialect) {
  const { label, secrets } = dialect;
  const dryRun = flag(raw, "dry-run", dialect);
  const key = keyReference(text(raw, "key"), label("key"), secrets);
  if (!dryRun) required(key, "key", dialect);
  const options = {
    ...commonOptions(raw, dialect),
    ...optional("key", key),
    ...optional(
      "keyPassphrase",
      passphraseReference(text(raw, "key-passphrase"), label("key-passphrase"), secrets)
    ),
    ...optional("certificate", certificateReference(raw, "certificate", dialect)),
    pluginConfig: pluginConfig(raw, dialect),
    layers: layersChoice(raw, "sign", dialect),
    manifestSignature: choice(raw, "manifest-signature", "sign", dialect),
    ...optional("signatureExpiry", parsed(raw, "signature-expiry", dialect, parseLifetime)),
    ...optional("timestampUrl", parsed(raw, "timestamp-url", dialect, parseUrl)),
    ...optional("timestampCertificate", certificateReference(raw, "timestamp-certificate", dialect)),
    ...optional("pushTo", pushTargets(raw)),
    dryRun,
    annotations: parseAnnotations(raw.annotations, label("annotations"))
  };
  checkTogether(options, dialect);
  return isPlugin(key) ? { ...options, pluginSecrets: secrets.hidden } : options;
}
function pushTargets(raw) {
  const targets = listedTags(raw["push-to"]);
  return targets.length === 0 ? void 0 : targets;
}
function pluginConfig(raw, { label, secrets }) {
  const config = parsePairs(raw["plugin-config"], label("plugin-config"));
  for (const value2 of Object.values(config)) if (!/^(true|false)$/i.test(value2)) secrets.mask(value2);
  return config;
}
function isPlugin(key) {
  return key?.startsWith("notation-plugin://") === true;
}
function checkTogether(options, { label }) {
  const { key, layers, manifestSignature, pluginConfig: pluginConfig2, timestampUrl, timestampCertificate } = options;
  const refuse = (message, remedy) => {
    throw new VeritySignError("usage", message, { remedy });
  };
  if (manifestSignature === "none") {
    if (layers === "none") {
      refuse(
        `${label("layers")} and ${label("manifest-signature")} are both none: nothing would be signed`,
        "Set manifest-signature to jws or cose, or layers to required or auto"
      );
    }
    const idle = [
      ["signature-expiry", options.signatureExpiry],
      ["timestamp-url", timestampUrl],
      ["timestamp-certificate", timestampCertificate]
    ].find(([, given]) => given !== void 0);
    if (idle !== void 0) {
      refuse(
        `${label(idle[0])} has no effect with ${label("manifest-signature")} none`,
        "Set manifest-signature to jws or cose"
      );
    }
  }
  if (timestampUrl === void 0 !== (timestampCertificate === void 0)) {
    const names = ["timestamp-url", "timestamp-certificate"];
    const [given, missing] = (timestampUrl === void 0 ? names.toReversed() : names).map(label);
    refuse(
      `${given} is given without ${missing}`,
      "Set both: the authority's response is checked against its root certificate"
    );
  }
  refuseIdleConfig(pluginConfig2, key, label("plugin-config"));
}
function refuseIdleConfig(config, key, label) {
  if (Object.keys(config).length === 0 || key === void 0 || isPlugin(key)) return;
  throw new VeritySignError("usage", `${label} has no effect without a key of a notation plugin`, {
    remedy: "Omit it, or set the key to notation-plugin://NAME/KEYID"
  });
}
function requireOneImage(images, { pushTo }, dialect) {
  if (pushTo === void 0 || images.length === 1) return;
  throw new VeritySignError(
    "usage",
    `${dialect.label("push-to")} accepts one image, but ${images.length} are given`,
    {
      remedy: "Sign each image in a separate run"
    }
  );
}

export {
  eachImage,
  hasResults,
  reportEntries,
  VERDICT_WORDS,
  verdictText,
  layerWord,
  manifestWord,
  verifiedSigners,
  overallVerdict,
  failureLines,
  GROUPS,
  camelCase,
  INPUTS,
  inputsOf,
  inputGroups,
  parseList,
  parseLines,
  parseChoice,
  parseCount,
  parseDuration,
  parseTime,
  parsed,
  required,
  optional,
  flag,
  text,
  choice,
  certificateReferences,
  listedImages,
  withoutCredentials,
  withBuiltImages,
  SecretStore,
  passphraseReference,
  keyReference,
  registriesOf,
  layersChoice,
  commonOptions,
  signingOptions,
  pluginConfig,
  isPlugin,
  refuseIdleConfig,
  requireOneImage
};
