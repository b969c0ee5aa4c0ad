import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  collectRootHashes,
  parsePkcs7WithContent,
  ruleText
} from "./shared.commands.ipe-policy.collect.js";
import {
  OPERATIONS,
  decide,
  defaultAction,
  layerFacts,
  parsePolicy
} from "./shared.formats.ipe.parse.js";
import {
  versionText
} from "./shared.formats.ipe.version.js";
import "./shared.commands.verify.require-verified.js";
import "./shared.commands.verify.verify-image.js";
import "./shared.commands.verify.notary-report.js";
import "./shared.signatures.notary.revocation.checker.js";
import "./shared.commands.verify.manifests.evaluate-signature.js";
import "./shared.signatures.notary.timestamp.timestamp.js";
import "./shared.signatures.notary.envelope.parse.js";
import "./shared.signatures.x509.asn1.ber.js";
import "./shared.lib.retry.js";
import "./shared.commands.verify.layers.evaluate-referrer.js";
import "./shared.commands.shared.read-referrers.js";
import "./shared.signatures.x509.identity.js";
import "./shared.signatures.x509.asn1.encode.js";
import "./shared.signatures.notary.certificates.signing-chain.js";
import "./shared.signatures.notary.certificates.chain-rules.js";
import "./shared.commands.shared.coverage.js";
import {
  signerReport
} from "./shared.commands.shared.report-parts.js";
import "./shared.commands.shared.plan.js";
import "./shared.report.confinement.js";
import "./shared.lib.format-bytes.js";
import "./shared.oci.image.resolve.js";
import "./shared.tools.mkfs-erofs.js";
import "./shared.lib.process.temp-folder.js";
import "./shared.lib.concurrent.js";
import "./shared.commands.shared.check-manifest.js";
import "./shared.oci.attach.artifact-format.js";
import "./shared.convert.verity-file.verity-file.js";
import "./shared.convert.builders.layer-builder.js";
import "./shared.signatures.pkcs7.signing-chain.js";
import "./shared.signatures.x509.constraints.check-path.js";
import "./shared.signatures.x509.purposes.js";
import "./shared.signatures.x509.chain.js";
import "./shared.signatures.x509.algorithms.js";
import "./shared.signatures.x509.key.js";
import "./shared.commands.verify.worst-verdict.js";
import "./shared.convert.conversion-cache.js";
import {
  REPORT_HEAD
} from "./shared.report.tool.js";
import "./shared.model.artifact-formats.js";
import "./shared.report.coverage-text.js";
import "./shared.commands.shared.open-image.js";
import "./shared.oci.oras.version.js";
import "./shared.oci.attach.batches.js";
import "./shared.lib.pem-text.js";
import "./shared.convert.erofs.recipe.js";
import "./shared.model.profiles.js";
import "./shared.convert.erofs.native.known-options.js";
import "./shared.convert.erofs.mkfs.mkfs-options.js";
import "./shared.signatures.x509.bundle.js";
import "./shared.signatures.x509.pem.js";
import "./shared.lib.process.free-resources.js";
import "./shared.convert.verity.hash-request.js";
import "./shared.convert.verity.hash-tree.js";
import "./shared.convert.worker.protocol.js";
import "./shared.convert.blob.sniff.js";
import "./shared.convert.tar.facts.js";
import "./shared.convert.blob.buffer-ownership.js";
import "./shared.lib.http.client.js";
import "./shared.lib.http.deadline.js";
import "./shared.lib.http.retry-after.js";
import "./shared.oci.oras.direct.answer-error.js";
import "./shared.lib.http.errors.js";
import "./shared.lib.process.environment.js";
import "./shared.lib.process.run.js";
import "./shared.lib.process.system-limit.js";
import "./shared.lib.process.drained.js";
import "./shared.oci.image.layout-source.js";
import "./shared.oci.image.reference.js";
import "./shared.lib.leftovers.remove.js";
import "./shared.model.annotations.js";
import "./shared.lib.proc-stat.js";
import "./shared.oci.documents.js";
import "./shared.formats.digest.js";
import "./shared.zod.v4.core.schemas.js";
import "./shared.model.media-types.js";
import {
  FormatError
} from "./shared.formats.format-error.js";
import "./shared.formats.digest-grammar.js";
import {
  VeritySignError
} from "./shared.errors.js";
import "./runtime.js";

// src/commands/ipe-policy/check-policy.ts
import { readFile } from "node:fs/promises";
async function checkPolicy(options, context) {
  const { policy, signer } = await readPolicy(options.check);
  const { images, rootHashes } = await collectRootHashes(options, context);
  const checked = [...rootHashes].map(([rootHash, layers]) => checkRootHash(policy, rootHash, layers));
  const others = policy.rules.filter((rule) => !allowsOneRootHash(rule));
  return {
    ...REPORT_HEAD,
    checked: { file: options.check, name: policy.name, version: versionText(policy.version) },
    ...signer === void 0 ? {} : { signer: signerReport(signer) },
    defaults: Object.fromEntries(
      OPERATIONS.map((operation) => [operation, defaultAction(policy, operation)])
    ),
    rules: others.map(ruleText),
    allowedRootHashes: policy.rules.length - others.length,
    images,
    rootHashes: checked,
    lacking: checked.filter(({ verdict }) => verdict !== "allowed").length
  };
}
function lackingError({ checked, lacking, rootHashes }) {
  if (lacking === 0) return void 0;
  const only = rootHashes.filter(({ verdict }) => verdict === "signed-only").length;
  const signed = only === 0 ? "" : `; ${only} of them are allowed on devices with a signature, which containerd does not give`;
  return new VeritySignError(
    "not-enforced",
    `${checked.file} does not allow ${lacking} of ${rootHashes.length} root hashes of the images${signed}`,
    { remedy: "Make a new policy for these images, with a newer policy-version" }
  );
}
function checkRootHash(policy, rootHash, layers) {
  const [unsigned, signed] = [false, true].map(
    (isSigned) => decide(policy, "EXECUTE", layerFacts(rootHash, isSigned))
  );
  const isAllowed = unsigned?.action === "ALLOW";
  const rule = (!isAllowed && signed?.action === "ALLOW" ? signed : unsigned)?.rule;
  return {
    rootHash,
    verdict: isAllowed ? "allowed" : signed?.action === "ALLOW" ? "signed-only" : "denied",
    ...rule === void 0 ? {} : { rule: ruleText(rule), line: rule.line },
    layers
  };
}
function allowsOneRootHash({ operation, properties, action }) {
  const [only, ...more] = properties;
  return operation === "EXECUTE" && action === "ALLOW" && more.length === 0 && only?.startsWith("dmverity_roothash=") === true;
}
async function readPolicy(file) {
  let bytes;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    const reason = cause.code ?? String(cause);
    throw new VeritySignError("usage", `check: ${file} cannot be read (${reason})`, {
      remedy: "Give the path of an IPE policy, as text or signed",
      cause
    });
  }
  if (bytes[0] !== 48) return { policy: readText(file, bytes), signer: void 0 };
  const refused = `check: ${file} is not a signed policy as ipe-policy writes it`;
  const { content, signer } = reading(refused, () => parsePkcs7WithContent(bytes));
  return { policy: readText(file, content), signer };
}
function readText(file, bytes) {
  return reading(`check: a kernel would refuse the policy in ${file}`, () => parsePolicy(bytes));
}
function reading(refused, read) {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new VeritySignError("not-enforced", `${refused}: it ${error.message}`, {
      remedy: "Make the policy again, or correct its text and sign it again",
      cause: error
    });
  }
}
export {
  checkPolicy,
  lackingError
};
