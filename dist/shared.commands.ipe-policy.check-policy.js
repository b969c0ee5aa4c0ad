import {
  collectRootHashes,
  ruleText
} from "./shared.commands.ipe-policy.collect.js";
import {
  parsePkcs7WithContent
} from "./shared.signatures.pkcs7.with-content.js";
import {
  OPERATIONS,
  decide,
  decideLayer,
  defaultAction,
  layerFacts,
  parsePolicy
} from "./shared.formats.ipe.parse.js";
import {
  signerReport
} from "./shared.images.js";
import {
  versionText
} from "./shared.commands.js";
import {
  FormatError,
  readGiven
} from "./shared.options.js";
import {
  REPORT_HEAD,
  VeritySignError
} from "./shared.start.js";

// src/commands/ipe-policy/check-policy.ts
async function checkPolicy(options, context) {
  const { policy, signer } = await readPolicy(options.check);
  warnOfOpen(policy, options.check, context);
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
function warnOfOpen(policy, file, { log }) {
  const { action, rule } = decide(policy, "EXECUTE", layerFacts(void 0, false));
  if (action === "DENY") return;
  const by = rule === void 0 ? "its default" : `line ${rule.line}, ${ruleText(rule)}`;
  log.warn(
    `${file} lets programs of every layer run, also of unsigned ones, by ${by}: it enforces nothing. Make a policy with DEFAULT op=EXECUTE action=DENY`
  );
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
  const { verdict, rule } = decideLayer(policy, rootHash);
  return {
    rootHash,
    verdict,
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
    bytes = await readGiven(file);
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
