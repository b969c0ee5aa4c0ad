import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  evaluateEntry
} from "./shared.commands.verify.layers.evaluate-referrer.js";
import {
  isStoreName,
  loadTrustAnchors,
  reasonOf
} from "./shared.commands.shared.read-referrers.js";
import {
  checkStructure,
  readRecord
} from "./shared.commands.shared.check-manifest.js";
import {
  formOf
} from "./shared.oci.attach.artifact-format.js";
import {
  readCertificate
} from "./shared.signatures.x509.chain.js";
import {
  readPemInput
} from "./shared.commands.shared.pem.pem-input.js";
import {
  isPemText
} from "./shared.lib.pem-text.js";
import {
  readGiven
} from "./shared.lib.read-given.js";
import {
  FormatError
} from "./shared.formats.format-error.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/commands/verify/layers/screen-referrers.ts
function screenReferrers(image, trust, known) {
  return {
    wanted: (manifest) => isSound(manifest, image),
    promising: (manifest, index, blob) => {
      const entry = checkStructure(manifest, image)[index];
      if (entry === void 0) return false;
      const blobs = manifest.layers.map((_, at) => at === index ? blob : void 0);
      const { verdict } = evaluateEntry({ manifest, blobs }, index, entry, trust, known);
      return verdict === "verified" || verdict === "unchecked";
    }
  };
}
function isSound(manifest, image) {
  try {
    if (formOf(manifest).format === "notary") readRecord(manifest.annotations);
    checkStructure(manifest, image);
    return true;
  } catch (error) {
    reasonOf(error);
    return false;
  }
}

// src/commands/verify/trust/trust-stores.ts
import { lstat, readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

// src/signatures/notary/certificates/store-rules.ts
function storeViolation(der, type) {
  try {
    const { selfSigned, subject, extensions } = readCertificate(der);
    if (selfSigned) return void 0;
    if (type === "tsa") return `"${subject}" is not a root certificate`;
    if (extensions.basicConstraints?.isCa === true) return void 0;
    return `"${subject}" is neither a CA certificate nor self-signed`;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return `a certificate cannot be read: it ${error.message}`;
  }
}

// src/commands/verify/trust/trust-stores.ts
var MAX_FILES = 1e3;
var MAX_FILE_SIZE = 1024 * 1024;
function notationFolder() {
  return join(process.env.XDG_CONFIG_HOME || join(homedir(), ".config"), "notation");
}
async function loadTrustStore(type, name) {
  if (!isStoreName(name)) {
    throw new VeritySignError("usage", `${JSON.stringify(name)} is not the name of a trust store`, {
      remedy: `Give the name of a folder in notation's truststore/x509/${type}`
    });
  }
  const folder = join(notationFolder(), "truststore/x509", type, name);
  const found = await lstat(folder).catch(() => void 0);
  if (found !== void 0 && !found.isDirectory()) {
    throw unfit(folder, "is not a folder (symbolic links are not followed)", "Replace it by a folder");
  }
  const entries = found === void 0 ? [] : await readdir(folder, { withFileTypes: true });
  if (entries.length === 0) {
    const remedy = `Add one with notation cert add --type ${type} --store ${name} FILE`;
    throw unfit(folder, "contains no certificate", remedy);
  }
  if (entries.length > MAX_FILES)
    throw unfit(
      folder,
      `contains ${entries.length} files, more than ${MAX_FILES}`,
      "Remove files that are not needed"
    );
  const irregular = entries.find((entry) => !entry.isFile());
  if (irregular !== void 0) {
    const remedy = "Remove it, or put the certificate itself there";
    throw unfit(folder, `contains ${irregular.name}, which is not a regular file`, remedy);
  }
  const files = entries.map((entry) => join(folder, entry.name)).sort();
  const certificates = (await Promise.all(files.map(readTrustedCertificates))).flat();
  for (const der of certificates) {
    const violation = storeViolation(der, type);
    if (violation !== void 0)
      throw unfit(folder, `cannot be used: ${violation}`, "Put the root certificate there");
  }
  return certificates;
}
async function readTrustedCertificates(path) {
  try {
    const bytes = await readGiven(path, MAX_FILE_SIZE);
    if (bytes.length === 0) throw new VeritySignError("usage", "it is empty");
    return loadTrustAnchors(bytes.includes("-----BEGIN") ? bytes : asPem(bytes));
  } catch (error) {
    const { code, message } = error;
    const why = error instanceof VeritySignError ? message : `it cannot be read (${code ?? message})`;
    throw new VeritySignError("usage", `trusted certificate ${path}: ${why}`, {
      remedy: "Give the path of X.509 certificates in PEM",
      cause: error
    });
  }
}
async function readTrustedInput(given, variables) {
  if (!isPemText(given) && !given.startsWith("env://")) return readTrustedCertificates(given);
  const { content, name } = await readPemInput(given, "trusted-certificate", variables, "usage");
  try {
    return loadTrustAnchors(content);
  } catch (error) {
    if (!(error instanceof VeritySignError)) throw error;
    throw new VeritySignError("usage", `${name}: ${error.message}`, {
      remedy: "Give X.509 certificates in PEM",
      cause: error
    });
  }
}
function asPem(der) {
  return `-----BEGIN CERTIFICATE-----
${der.toString("base64")}
-----END CERTIFICATE-----
`;
}
function unfit(folder, what, remedy) {
  return new VeritySignError("usage", `the trust store ${folder} ${what}`, { remedy });
}

export {
  screenReferrers,
  notationFolder,
  loadTrustStore,
  readTrustedInput
};
