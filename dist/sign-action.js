import {
  cacheCommand,
  containerdVersions,
  nodeSettings
} from "./shared.report.node.node-settings.js";
import {
  discoverCommand,
  notationCommands,
  verifyCommands
} from "./shared.frontend.render.sign.check-commands.js";
import {
  signImage
} from "./shared.signing.js";
import {
  boundedJson,
  boundedLines,
  coverageOutputs,
  failWith,
  loadInputs,
  runAction,
  showingOnGithub,
  signVerb,
  signedLayers,
  toolsFor,
  usesMkfs,
  vmOf,
  warn
} from "./shared.actions.js";
import "./shared.actions.exec.lib.toolrunner.js";
import "./shared.mkfs.js";
import "./shared.images.js";
import {
  FOLDED_LAYERS,
  LISTED_LAYERS,
  SUMMARY_LIMIT,
  alert,
  attackText,
  builderFacts,
  classText,
  codeBlock,
  commandText,
  destinationOf,
  details,
  eachImage,
  escapeMarkdown,
  factTable,
  fileCounts,
  formatBytes,
  formatSeconds,
  gapsOf2 as gapsOf,
  inlineCode,
  joinMarkdown,
  lastLines,
  manifestKind,
  markdownTable,
  md,
  preflightTable,
  shortDigest,
  shortDigests,
  signTable,
  uncoveredParts,
  untilAborted,
  withinLimit
} from "./shared.options.js";
import "./shared.conversion.js";
import "./shared.threads.js";
import "./shared.inputs.js";
import {
  exitWhenWritten,
  guardStreams,
  handleStrayErrors,
  hideEnvironment,
  settleHome,
  widenThreadPool
} from "./shared.start.js";

// src/frontend/render/preflight/summary.ts
var MOST_ROWS = 50;
var OUTPUT_LINES = 40;
function preflightParts(report) {
  const { kernel, run, seconds, denials } = report;
  const files = fileCounts(report);
  return [
    md`#### ${iconOf(report)} Preflight: ${report.summary}`,
    factTable([
      ["Kernel", md`${kernel.release} (${kernel.source}, ${kernel.accelerator})`],
      ["Policy", md`${kernel.policy}`],
      ...run === void 0 ? [] : [
        ["Program", inlineCode(commandText(run.arguments))],
        ["Result", md`${run.result} (expected: ${run.expected})`]
      ],
      ...files.length === 0 ? [] : [["Files", md`${files.join(", ")}`]],
      ["Time", md`${formatSeconds(seconds.boot)} in the VM`]
    ]),
    ...layersPart(report),
    ...denialsPart(denials),
    ...filesPart(report),
    ...whiteoutsPart(report),
    ...alert(
      "WARNING",
      gapsOf(report).map((gap) => md`**Not complete**: ${gap}`)
    ),
    ...attacksPart(report),
    ...outputPart(report)
  ];
}
function iconOf({ passed, verdict, denials }) {
  if (!passed) return verdict === "unchecked" ? "❔" : "❌";
  return denials.length > 0 ? "⚠️" : "✅";
}
function layersPart({ layers }) {
  const refused = layers.filter(({ reason }) => reason !== void 0);
  const lines = refused.slice(0, MOST_ROWS).map(
    ({ index, digest, reason }) => md`**Layer ${index} is refused**: ${reason ?? ""} (${inlineCode(shortDigest(digest))})`
  );
  return alert("CAUTION", [...lines, ...moreThan(refused.length)]);
}
function denialsPart(denials) {
  if (denials.length === 0) return [];
  const rows = denials.slice(0, MOST_ROWS).map((denial) => [
    md`${denial.count}`,
    inlineCode(denial.program),
    denial.path === void 0 ? md`${denial.what}` : md`${denial.what} ${inlineCode(denial.path)}`,
    md`${denial.layer === void 0 || denial.source !== "layer" ? denial.source : `layer ${denial.layer}`}`,
    md`${denial.advice}`
  ]);
  return [
    md`**Denied executions**`,
    markdownTable(["Count", "Program", "What", "From", "What to do"], rows, ["Count"]),
    ...moreThan(denials.length)
  ];
}
function filesPart({ files }) {
  const unable = files.filter(({ executable }) => !executable);
  if (unable.length === 0) return [];
  const rows = unable.slice(0, MOST_ROWS).map(({ path, layer, outcome }) => [inlineCode(path), md`${layer}`, md`${outcome}`]);
  return [
    md`**Files that cannot be executed**`,
    markdownTable(["File", "Layer", "Outcome"], rows, ["Layer"]),
    ...moreThan(unable.length)
  ];
}
function whiteoutsPart({ whiteouts }) {
  const idle = whiteouts.filter(({ effective }) => !effective);
  if (idle.length === 0) return [];
  const rows = idle.slice(0, MOST_ROWS).map(({ path, layer }) => [inlineCode(path), md`${layer}`]);
  return [
    md`**Whiteouts without effect**`,
    markdownTable(["What it is to hide", "Layer"], rows, ["Layer"]),
    ...moreThan(idle.length)
  ];
}
function moreThan(total) {
  const more = total - MOST_ROWS;
  return more > 0 ? [md`**${more} more** are listed in the JSON report.`] : [];
}
function attacksPart({ attacks }) {
  if (attacks.length === 0) return [];
  const lines = attacks.map(
    (attack) => md`${attack.refused ? "✅" : "❌"} ${attackText(attack)}: ${attack.result}`
  );
  return [joinMarkdown([md`Attacks on this image:`, ...lines.map((line) => md`- ${line}`)], "\n")];
}
function outputPart(report) {
  const lines = lastLines(report, OUTPUT_LINES);
  return lines.length === 0 ? [] : [details("Last lines of the output of the program", codeBlock(lines.join("\n"), "text"), true)];
}

// src/frontend/render/sign/fractional-times.ts
var NAMED = 20;
function fractionalTimesPart({ artifacts }) {
  const manifests = new Map(artifacts.map((artifact) => [artifact.manifest.digest, artifact]));
  return alert("NOTE", [...manifests.values()].flatMap(noteOf));
}
function noteOf({ platform, layers }) {
  const differing = layers.filter(({ fractionalTimes }) => fractionalTimes.differing > 0);
  if (differing.length === 0) return [];
  const where = platform === void 0 ? "" : `${platform}, `;
  const [are, their] = differing.length === 1 ? ["has", "its"] : ["have", "their"];
  return [
    md`**${where}${namesOf(differing)} ${are} another root hash in class A** than in B and C, as is usual: ${their} entries have times with fractions of a second. If nodes have both kinds of erofs-utils, sign for both (${inlineCode("erofs-utils-version: A,C")}).`
  ];
}
function namesOf(layers) {
  const named = layers.slice(0, NAMED).map(({ index }) => index);
  const more = layers.length > NAMED ? ` and ${layers.length - NAMED} more` : "";
  return `layer${layers.length === 1 ? "" : "s"} ${named.join(", ")}${more}`;
}

// src/frontend/render/sign/summary.ts
function renderSummary(reports, limit = SUMMARY_LIMIT) {
  return withinLimit(reports.flatMap(imageParts), limit);
}
function imageParts(report) {
  const { signer, image } = report;
  const title = titleOf(report);
  const facts = [
    ["Image", inlineCode(image.name)],
    ["Reference", inlineCode(image.reference)],
    ...signer === void 0 ? [] : [
      ["Signer", md`${signer.subject}`],
      ["Fingerprint", md`SHA-256 ${inlineCode(signer.fingerprint)}`],
      [
        "Key",
        escapeMarkdown(
          [signer.keyType, ...holderOf(signer), `valid until ${signer.notAfter}`].join(", ")
        )
      ]
    ],
    ...(report.pushedTo ?? []).map(({ reference }) => [
      "Pushed to",
      inlineCode(reference)
    ]),
    ...builderFacts(report),
    ["Time", md`${formatSeconds(report.seconds.total)}`]
  ];
  return [
    md`### ${title}: ${shortDigests(image.reference)}`,
    factTable(facts),
    ...report.preflight === void 0 ? [] : preflightParts(report.preflight),
    ...report.artifacts.flatMap((artifact) => artifactParts(report, artifact)),
    ...unsignedLayersPart(report),
    ...manifestParts(report),
    ...uncoveredParts(report, "Not signed"),
    ...configurationPart(report),
    ...fractionalTimesPart(report),
    ...settingsParts(report)
  ];
}
function titleOf(report) {
  const { preflight } = report;
  const signed = signedTitle(report);
  if (preflight === void 0) return signed;
  return `${preflight.passed ? signed : signed.replace("✅", "❌")}, ${preflight.summary}`;
}
function signedTitle({ dryRun, artifacts, manifestSignatures }) {
  const layers = artifacts.length > 0;
  if (dryRun) return layers ? "Root hashes (dry run, nothing signed)" : "Dry run, nothing signed";
  if (!layers) return "✅ Signed manifests";
  return manifestSignatures.length > 0 ? "✅ Signed layers and manifests" : "✅ Signed layers";
}
var HOLDERS = {
  "aws-kms": "AWS KMS",
  "azure-key-vault": "Azure Key Vault",
  "google-kms": "Google Cloud KMS",
  vault: "Vault transit",
  "notation-plugin": "notation plugin",
  pkcs12: "PKCS#12"
};
function holderOf({ holder }) {
  const name = HOLDERS[holder ?? ""];
  return name === void 0 ? [] : [name];
}
function manifestParts(report) {
  const { manifestSignatures, dryRun } = report;
  if (manifestSignatures.length === 0) return [];
  const commands = notationCommands(report);
  const rows = manifestSignatures.map(({ platform, manifest, format, referrer, expiry, timestamped }) => [
    md`${platform ?? manifestKind(manifest.mediaType)}`,
    inlineCode(shortDigest(manifest.digest)),
    escapeMarkdown(
      [
        format.toUpperCase(),
        ...expiry === void 0 ? [] : [`until ${expiry}`],
        ...timestamped === true ? ["timestamped"] : []
      ].join(", ")
    ),
    referrer === void 0 ? md`` : md`${inlineCode(shortDigest(referrer.digest))}${referrer.reused ? md` (already attached)` : ""}`
  ]);
  return [
    md`#### Manifest signatures`,
    markdownTable(["Manifest", "Digest", "Signature", "Referrer"], rows),
    ...dryRun || commands.length === 0 ? [] : [details("Verify with notation", codeBlock(commands.join("\n"), "sh"))]
  ];
}
function unsignedLayersPart({ layersLeftOut }) {
  return alert(
    "WARNING",
    layersLeftOut.map(
      ({ platform, manifest, reason }) => md`**${platform ?? "Image"}: layers are not signed**: ${reason} (${inlineCode(manifest.digest)})`
    )
  );
}
function artifactParts(report, artifact) {
  const { referrer, layers } = artifact;
  const commands = [discoverCommand(report, artifact), ...verifyCommands(report, artifact)];
  const listed = layers.slice(0, LISTED_LAYERS);
  const table = markdownTable(
    ["Layer", "Digest", "Size", "EROFS size", "Root hash", "Time"],
    listed.map(layerRow),
    ["Layer", "Size", "EROFS size", "Time"]
  );
  return [
    md`#### ${artifact.platform ?? "Image"}, profile ${inlineCode(artifact.profile)}${classText(report, artifact)}`,
    ...referrer === void 0 ? [] : [
      md`Signatures ${referrer.reused ? "already attached" : "attached"}: ${inlineCode(referrer.digest)}`
    ],
    ...warnings(artifact),
    layers.length > FOLDED_LAYERS ? details(sizesOf(layers), table) : table,
    ...alert(
      "NOTE",
      layers.length > listed.length ? [md`**${layers.length - listed.length} more layers** are listed in the JSON report.`] : []
    ),
    details("Full digests and root hashes", codeBlock(listed.map(layerLines).join("\n"), "text")),
    ...report.dryRun ? [] : [details("Inspect the signatures and verify one", codeBlock(commands.join("\n"), "sh"))]
  ];
}
function sizesOf(layers) {
  return `${layers.length} layers, ${formatBytes(layers.reduce((sum, { size }) => sum + size, 0))}`;
}
function layerRow(layer) {
  return [
    md`${layer.index}`,
    inlineCode(shortDigest(layer.digest)),
    md`${formatBytes(layer.size)}`,
    md`${formatBytes(layer.erofsSize)}`,
    inlineCode(shortDigest(layer.rootHash)),
    layer.sameAs === void 0 ? md`${formatSeconds(layer.seconds.build + layer.seconds.verity)}` : md`same as layer ${layer.sameAs}`
  ];
}
function layerLines(layer) {
  const signature = layer.signatureDigest === void 0 ? "" : `
  signature ${layer.signatureDigest}`;
  return `layer ${layer.index} ${layer.digest}
  root hash ${layer.rootHash}${signature}`;
}
function warnings(artifact) {
  return alert("WARNING", [
    ...artifact.skippedLayers.map(
      (layer) => md`**Layer ${layer.index} is not signed**: ${layer.reason} (${inlineCode(layer.digest)})`
    ),
    ...artifact.layers.filter((layer) => layer.dropped.count > 0).map(
      (layer) => md`**Layer ${layer.index}: mkfs.erofs omits or alters ${layer.dropped.count} ${layer.dropped.count === 1 ? "entry" : "entries"}**, on the node as well: ${joinMarkdown(layer.dropped.examples.map(inlineCode), ", ")}`
    )
  ]);
}
function configurationPart({ configurationCovered }) {
  if (configurationCovered) return [];
  return alert("NOTE", [
    md`**Configuration not covered**: signatures of layers cover neither entrypoint, user and environment, nor which layers belong together. Set ${inlineCode("manifest-signature")} for every release.`
  ]);
}
function settingsParts(report) {
  const byProfile = new Map(report.artifacts.map((artifact) => [artifact.profile, artifact]));
  return [...byProfile.values()].map((artifact) => {
    const own = report.artifacts.filter(({ profile }) => profile === artifact.profile);
    const classes = [...new Set(own.flatMap((one) => one.class ?? []))];
    const settings = nodeSettings(artifact.profile, artifact.mkfsOptions);
    const commands = artifact.profile === "containerd-cache" ? [codeBlock(cacheCommand(artifact.mkfsOptions), "sh")] : [];
    const body = [
      classes.length === 0 ? md`All layers are EROFS images: a node needs no mkfs.erofs, and its options and class do not matter. containerd takes such layers from 2.3 on.` : md`A node computes these root hashes only with these options and an erofs-utils of class ${classes.join(" or ")}. Other classes produce different root hashes for layers with extended attributes or timestamps that have fractions of a second, which are common. ${containerdVersions(artifact.profile)}`,
      ...settings === void 0 ? [] : [codeBlock(settings, "toml")],
      ...commands
    ];
    return details(
      `${settings === void 0 ? "Node" : "containerd settings"} for profile ${artifact.profile}`,
      joinMarkdown(body, "\n\n")
    );
  });
}

// src/frontend/action/sign-outputs.ts
function outputsOf(reports, reportPath, warn2, failure) {
  const bounded = (name, items) => boundedJson(name, items, warn2);
  const artifacts = reports.flatMap(
    (report) => report.artifacts.map((artifact) => ({ artifact, of: artifactOf(report, artifact) }))
  );
  return {
    digest: boundedLines(
      "digest",
      reports.map((report) => report.image.digest),
      warn2
    ),
    "artifact-digests": bounded(
      "artifact-digests",
      artifacts.flatMap(
        ({ artifact: { referrer }, of }) => referrer === void 0 ? [] : [{ ...of, digest: referrer.digest, reused: referrer.reused }]
      )
    ),
    "root-hashes": bounded(
      "root-hashes",
      artifacts.flatMap(
        ({ artifact, of }) => artifact.layers.map(({ index, digest, rootHash }) => ({ ...of, index, layer: digest, rootHash }))
      )
    ),
    "manifest-signatures": bounded(
      "manifest-signatures",
      reports.flatMap(
        (report) => report.manifestSignatures.flatMap(
          ({ platform, manifest, format, referrer }) => referrer === void 0 ? [] : [
            {
              image: report.image.name,
              platform: platform ?? null,
              manifest: manifest.digest,
              format,
              digest: referrer.digest,
              reused: referrer.reused
            }
          ]
        )
      )
    ),
    ...preflightOutputs([...reports, ...failure?.part === void 0 ? [] : [failure.part]], bounded),
    ...coverageOutputs(reports, warn2, failure === void 0),
    "report-path": reportPath
  };
}
var VERDICTS = [
  "not-enforced",
  "refused",
  "denied",
  "failed",
  "unchecked",
  "accepted",
  "runs"
];
function preflightOutputs(reports, bounded) {
  const tested = reports.flatMap(({ preflight }) => preflight ?? []);
  const denials = tested.flatMap(
    (report) => report.denials.map((denial) => ({ image: report.image.name, ...denial }))
  );
  return {
    "preflight-verdict": VERDICTS.find((one) => tested.some(({ verdict }) => verdict === one)) ?? "",
    "preflight-denials": bounded("preflight-denials", denials)
  };
}
function artifactOf(report, artifact) {
  return {
    image: report.image.name,
    platform: artifact.platform ?? null,
    profile: artifact.profile,
    // The native builder may create several artifacts of one profile, one per class.
    ...report.builder?.kind === "native" && artifact.class !== void 0 ? { class: artifact.class } : {},
    manifest: artifact.manifest.digest
  };
}

// src/frontend/action/run-sign-action.ts
async function runSignAction(visible) {
  await runAction(
    {
      failed: "Signing failed",
      readInputs: loadInputs,
      run: signAll,
      renderSummary,
      outputs: (done, path, failure) => outputsOf(done, path, warn, failure),
      showOnGithub: showingOnGithub(githubSteps)
    },
    visible
  );
}
function signAll(inputs, context) {
  const { signing, install } = inputs;
  const builds = signing.layers !== "none" && usesMkfs(signing);
  const references = [...inputs.images, ...signing.pushTo ?? []];
  return eachImage(
    inputs.images,
    () => untilAborted(
      context.signal,
      () => toolsFor(install, signing, builds, references, context, signing.preflight && vmOf(signing.platforms))
    ),
    async (image, tools, part) => {
      const options = { ...signing, tools, image };
      const shown = /* @__PURE__ */ new Set();
      const report = await untilAborted(
        context.signal,
        () => signImage(options, context, destinationOf(signing), (attached) => {
          part(attached);
          showPreflight(attached, shown, context);
        })
      );
      context.log.info(signTable(report));
      return report;
    }
  );
}
function showPreflight({ preflight }, shown, { log }) {
  if (preflight === void 0 || shown.has(preflight)) return;
  shown.add(preflight);
  log.info(preflightTable(preflight));
}
function githubSteps({ signing, install }, context) {
  const { pushTo = [], dryRun, platforms } = signing;
  return {
    verb: signVerb(dryRun),
    ...{ platforms, pushTo, renderSummary },
    readBase: async (image) => {
      const { pushTo: _pushTo, preflight: _preflight, ...rest } = signing;
      const builds = signing.layers !== "none" && usesMkfs(signing);
      const tools = await toolsFor(install, signing, builds, [image], context);
      const options = { ...rest, tools, image, dryRun: true };
      return { sets: signedLayers(await untilAborted(context.signal, () => signImage(options, context))) };
    }
  };
}

// src/entry/sign-action.ts
guardStreams({ commands: true });
handleStrayErrors(failWith);
widenThreadPool();
settleHome();
try {
  await runSignAction(hideEnvironment());
} catch (error) {
  failWith(error);
}
await exitWhenWritten();
