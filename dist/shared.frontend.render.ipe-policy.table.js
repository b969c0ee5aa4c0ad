import {
  alignFacts,
  fitLine,
  fitLines,
  fitTable
} from "./shared.options.js";
import {
  harmlessLines
} from "./shared.start.js";

// src/frontend/render/ipe-policy/table.ts
function policyTable(report, width) {
  const { policy, signer, images, rootHashes, files, pushedTo = [] } = report;
  const inBase = rootHashes.filter((one) => one.inBase).length;
  const facts = [
    ["policy", `${policy.name} ${policy.version}`],
    ...images.map(({ name }) => ["image", name]),
    ["root hashes", `${rootHashes.length}${inBase === 0 ? "" : `, ${inBase} of them in ${policy.base}`}`],
    ["base", policy.base ?? "none: only the initramfs and these layers execute"],
    ["signer", `${signer.subject}, SHA-256 ${signer.fingerprint}`],
    ...Object.entries(files ?? {}).map(([kind, path]) => [FILES[kind] ?? kind, path]),
    ...pushedTo.map(({ reference, digest }) => ["pushed", `${reference}, ${digest}`])
  ];
  return harmlessLines(alignFacts(facts, width));
}
var FILES = { policy: "text", signed: "signed", mapping: "mapping" };
var VERDICTS = {
  allowed: "allowed",
  "signed-only": "only with a signature",
  denied: "DENIED"
};
function checkTable(report, width) {
  const { checked, signer, defaults, rules, allowedRootHashes, images, rootHashes, lacking } = report;
  const facts = [
    ["policy", `${checked.name} ${checked.version} in ${checked.file}`],
    [
      "signer",
      signer === void 0 ? "none: this is text" : `${signer.subject}, SHA-256 ${signer.fingerprint}`
    ],
    ["defaults", defaultsText(defaults)],
    ["rules", `${allowedRootHashes} root ${allowedRootHashes === 1 ? "hash" : "hashes"} allowed`],
    ...rules.map((rule) => ["", rule]),
    ...images.map(({ name }) => ["image", name])
  ];
  const rows = rootHashes.map(({ rootHash, verdict, layers }) => {
    const [first] = layers;
    const more = layers.length > 1 ? ` and ${layers.length - 1} more` : "";
    const layer = `layer ${first?.index}${first?.platform === void 0 ? "" : ` of ${first.platform}`}${more}`;
    return [`  ${rootHash}`, VERDICTS[verdict], layer];
  });
  const lines = fitLines(
    rows.map((row) => row.join(", ")),
    width
  );
  const conclusion = lacking === 0 ? "programs of all layers run" : `${lacking} of ${rootHashes.length} root hashes are not allowed`;
  return harmlessLines([
    ...alignFacts(facts, width),
    "",
    ...fitTable(rows, lines, width),
    "",
    ...fitLine(conclusion, width)
  ]);
}
function defaultsText(defaults) {
  const actions = Object.values(defaults);
  const usual = actions.filter((action) => action === "ALLOW").length * 2 > actions.length ? "ALLOW" : "DENY";
  const others = Object.entries(defaults).filter(([, action]) => action !== usual);
  if (others.length === 0) return `all operations ${usual}`;
  return [...others.map(([operation, action]) => `${operation} ${action}`), `all others ${usual}`].join(", ");
}

export {
  policyTable,
  checkTable
};
