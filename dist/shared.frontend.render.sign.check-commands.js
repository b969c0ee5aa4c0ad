import {
  DM_VERITY_ARTIFACT_TYPE,
  TARDEV_ARTIFACT_TYPE
} from "./shared.images.js";

// src/frontend/render/sign/check-commands.ts
function shellQuote(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
function orasTarget({ image, pushed }) {
  const repository = image.name.slice(0, image.name.lastIndexOf("@"));
  if (pushed !== void 0) {
    return { options: [], repository: pushed.reference.slice(0, pushed.reference.lastIndexOf(":")) };
  }
  const layout = /^(?:oci|oci-archive):(.*)$/s.exec(repository);
  if (layout?.[1] !== void 0) return { options: ["--oci-layout"], repository: layout[1] };
  return { options: [], repository: repository.replace(/^docker:\/\//, "") };
}
function discoverCommand(report, artifact) {
  const { options, repository } = orasTarget(report);
  return join([
    "oras",
    "discover",
    ...options,
    "--artifact-type",
    artifact.artifactFormat === "tardev" ? TARDEV_ARTIFACT_TYPE : DM_VERITY_ARTIFACT_TYPE,
    `${repository}@${artifact.manifest.digest}`
  ]);
}
function verifyCommands(report, artifact) {
  const { options, repository } = orasTarget(report);
  const layer = artifact.layers.find((candidate) => candidate.signatureDigest !== void 0);
  if (layer?.signatureDigest === void 0) return [];
  const file = `layer-${layer.index}.pkcs7.sig`;
  return [
    join(["oras", "blob", "fetch", ...options, "--output", file, `${repository}@${layer.signatureDigest}`]),
    `printf %s ${layer.rootHash} > roothash`,
    join([
      "openssl",
      "smime",
      "-verify",
      "-binary",
      "-purpose",
      "any",
      "-inform",
      "DER",
      "-in",
      file,
      "-content",
      "roothash",
      "-CAfile",
      "ca.pem"
    ])
  ];
}
function notationCommands(report) {
  const { image, pushed } = report;
  if (pushed !== void 0) {
    const repository2 = pushed.reference.slice(0, pushed.reference.lastIndexOf(":"));
    return [join(["notation", "verify", `${repository2}@${pushed.digest}`])];
  }
  if (image.name.startsWith("oci-archive:")) return [];
  const { options, repository } = orasTarget(report);
  const reference = `${repository}@${image.digest}`;
  if (options.length === 0) return [join(["notation", "verify", reference])];
  return [
    `NOTATION_EXPERIMENTAL=1 ${join(["notation", "verify", ...options, "--scope", "SCOPE", reference])}`
  ];
}
function join(words) {
  return words.map(shellQuote).join(" ");
}

export {
  shellQuote,
  discoverCommand,
  verifyCommands,
  notationCommands
};
