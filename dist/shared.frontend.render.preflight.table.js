import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  wasTried
} from "./shared.report.node.preflight-report.js";
import {
  builderRows,
  uncoveredLines
} from "./shared.frontend.render.builder-text.js";
import {
  alignFacts,
  fitLine,
  fitLines,
  fitTable
} from "./shared.frontend.render.text-table.js";
import {
  formatSeconds,
  manifestKind,
  shortDigest
} from "./shared.frontend.render.format.js";
import {
  withCoverage
} from "./shared.report.coverage-text.js";
import {
  harmlessLines,
  splitLines
} from "./shared.frontend.output.foreign-text.js";
import {
  formatBytes
} from "./shared.lib.format-bytes.js";
import {
  EXIT_STATUS
} from "./shared.errors.js";

// src/frontend/render/preflight/verdict.ts
function verdictLine({ passed, verdict, summary }) {
  return passed ? summary : `${verdict === "unchecked" ? "NO VERDICT" : "FAILED"}: ${summary}`;
}
function preflightFailures(reports) {
  return reports.filter(({ passed }) => !passed).map((report) => `${report.image.name}: ${verdictLine(report)}`);
}
function preflightStatus(reports) {
  const failed = reports.filter(({ passed }) => !passed);
  if (failed.length === 0) return 0;
  return failed.every(({ verdict }) => verdict === "unchecked") ? EXIT_STATUS.unchecked : EXIT_STATUS["not-enforced"];
}
function denialText({ program, what, path, layer, source, hook }) {
  const file = path === void 0 ? "" : ` ${path}`;
  const from = source === "layer" && layer !== void 0 ? `layer ${layer}` : source;
  const where = what === "file" ? `, ${from}` : "";
  return `${program}: ${what}${file}${where} (${hook})`;
}
function attackText(attack) {
  if (attack.refused) return "refused";
  return wasTried(attack) ? "NOT REFUSED" : "NOT TRIED";
}
function gapsOf({ lostRecords = 0, lostEvents = 0 }) {
  return [
    ...lostRecords === 0 ? [] : [`there may be more denials: ${lostRecords} records of the audit log were lost`],
    ...lostEvents === 0 ? [] : [`there may be more files or denials: the report of the VM had no room for ${lostEvents}`]
  ];
}
function lastLines({ run }, most) {
  if (run === void 0 || run.succeeded) return [];
  const lines = run.output.flatMap(({ text }) => splitLines(text)).filter((line) => line.trim() !== "");
  return lines.slice(-most);
}
function fileCounts({ files, shadowed, whiteouts }) {
  const of = (kind) => files.filter((file) => file.kind === kind).length;
  const numbers = [
    [of("program"), "program", "programs"],
    [of("library"), "library", "libraries"],
    [of("script"), "script", "scripts"],
    [of("other"), "other executable file", "other executable files"],
    [files.filter(({ setuid }) => setuid === true).length, "with setuid or setgid", "with setuid or setgid"],
    [
      files.filter(({ capability }) => capability !== void 0).length,
      "with capabilities",
      "with capabilities"
    ],
    [shadowed.length, "hidden by a higher layer", "hidden by higher layers"],
    [whiteouts.length, "whiteout", "whiteouts"]
  ];
  return numbers.flatMap(
    ([number, one, many]) => number === 0 ? [] : [`${number} ${number === 1 ? one : many}`]
  );
}

// src/frontend/render/preflight/table.ts
var SHOWN = 20;
var OUTPUT_LINES = 15;
function preflightTable(report, width) {
  const { layers, denials, attacks } = report;
  return harmlessLines([
    ...fitLine(verdictLine(report), width),
    "",
    ...alignFacts(factsOf(report), width),
    "",
    "layers",
    ...layerLines(layers, width),
    ...section("files", fileLines(report, width)),
    ...section(
      "denied",
      limited(denials, width, (denial) => [
        ...fitLine(`  ${denial.count}× ${denialText(denial)}`, width, 5),
        ...fitLine(`     → ${denial.advice}`, width, 7)
      ])
    ),
    ...section(
      "attacks",
      attacks.flatMap((attack) => fitLine(`  ${attackText(attack)}  ${attack.result}`, width, 11))
    ),
    ...section(
      "not complete",
      gapsOf(report).flatMap((gap) => fitLine(`  ${gap}`, width, 4))
    ),
    ...section(
      "last lines of the output",
      lastLines(report, OUTPUT_LINES).flatMap((line) => fitLine(`  ${line}`, width))
    )
  ]);
}
function factsOf(report) {
  const { image, platform, profile, class: of, signatures, kernel, run, seconds } = report;
  const signers = signatures?.signers.join("; ") ?? "";
  return [
    ["image", image.name],
    [
      "tested",
      [platform ?? "unknown platform", profile, ...of === void 0 ? [] : [`class ${of}`]].join(", ")
    ],
    ["signer", signatures === void 0 ? "no signatures for this profile" : signers || "unknown"],
    ["kernel", `${kernel.release} (${kernel.source}, ${kernel.accelerator})`],
    ["policy", kernel.policy],
    ...run === void 0 ? [] : [
      ["program", commandText(run.arguments)],
      ["result", run.result]
    ],
    [
      "time",
      `${formatSeconds(seconds.total)} (layers ${formatSeconds(seconds.convert)}, VM ${formatSeconds(seconds.boot)})`
    ]
  ];
}
function commandText(words) {
  return words.map((word) => /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`).join(" ");
}
function layerLines(layers, width) {
  const rows = layers.map(({ index, digest, rootHash, accepted, step }) => [
    `  ${index}`,
    shortDigest(digest),
    `root hash ${shortDigest(rootHash)}`,
    accepted ? "accepted" : step === "none" ? "not tried" : "REFUSED"
  ]);
  const table = fitTable(
    rows,
    rows.map((row) => row.join(", ")),
    width
  );
  const refused = layers.filter(({ reason }) => reason !== void 0);
  return [
    ...table,
    ...refused.flatMap(({ index, reason }) => fitLine(`  layer ${index}: ${reason}`, width, 4))
  ];
}
function fileLines(report, width) {
  const unable = report.files.filter(({ executable }) => !executable);
  const idle = report.whiteouts.filter(({ effective }) => !effective);
  const counts = fileCounts(report);
  return [
    ...counts.length === 0 ? [] : fitLine(`  ${counts.join(", ")}`, width),
    ...limited(
      unable,
      width,
      ({ path, layer, outcome }) => fitLine(`  CANNOT BE EXECUTED: ${path} (layer ${layer}, ${outcome})`, width, 4)
    ),
    ...limited(
      idle,
      width,
      ({ path, layer }) => fitLine(`  WHITEOUT WITHOUT EFFECT: ${path} (layer ${layer})`, width, 4)
    )
  ];
}
function limited(items, width, linesOf) {
  const more = items.length - SHOWN;
  return [
    ...items.slice(0, SHOWN).flatMap(linesOf),
    ...more > 0 ? fitLine(`  and ${more} more, see the report`, width) : []
  ];
}
function section(title, lines) {
  return lines.length === 0 ? [] : ["", title, ...lines];
}

// src/frontend/render/sign/table.ts
function signTable(report, width) {
  const { signer } = report;
  const facts = alignFacts(
    [
      ["image", report.image.name],
      [
        "signer",
        signer === void 0 ? "none (dry run)" : `${signer.subject} (SHA-256 ${signer.fingerprint})`
      ],
      ...builderRows(report)
    ],
    width
  );
  const leftOut = report.layersLeftOut.flatMap(({ platform, manifest, reason }) => [
    "",
    `${platform ?? manifest.digest}: layers are not signed: ${reason}`
  ]);
  const pushed = report.pushedTo ?? [];
  const done = report.dryRun ? `dry run done (${formatSeconds(report.seconds.total)}): nothing was signed or attached` : `${withCoverage("signed and attached", report)} (${formatSeconds(report.seconds.total)})`;
  return harmlessLines([
    ...facts,
    ...report.artifacts.flatMap((artifact) => artifactLines(report, artifact, width)),
    ...fitLines(leftOut, width),
    ...manifestLines(report, width),
    ...fitLines(uncoveredLines(report), width),
    ...fitLines(
      pushed.length === 0 ? [] : ["", ...pushed.map(({ reference }) => `pushed to ${reference}`)],
      width
    ),
    ...fitLines(["", done], width)
  ]);
}
function artifactLines(report, artifact, width) {
  const { platform, profile, layers, skippedLayers, referrer } = artifact;
  const rows = layers.map((layer) => [
    `  layer ${layer.index}`,
    layer.digest,
    formatBytes(layer.size),
    layer.rootHash
  ]);
  const lines = rows.map(
    ([name, digest, size, rootHash]) => `${name}: ${digest}, ${size}, root hash ${rootHash}`
  );
  return [
    "",
    ...fitLine(
      `${platform ?? "unknown platform"}, profile ${profile}${classText(report, artifact)}${artifact.artifactFormat === void 0 ? "" : `, format ${artifact.artifactFormat}`}`,
      width
    ),
    ...fitTable([["  layer", "digest", "size", "root hash"], ...rows], lines, width),
    ...skippedLayers.flatMap(
      ({ index, reason }) => fitLine(`  layer ${index} is not signed: ${reason}`, width)
    ),
    ...referrer === void 0 ? [] : fitLine(`  referrer ${referrer.digest}${referrer.reused ? " (already attached)" : ""}`, width)
  ];
}
function manifestLines({ manifestSignatures }, width) {
  if (manifestSignatures.length === 0) return [];
  const rows = manifestSignatures.map(({ platform, manifest, format, referrer, expiry, timestamped }) => [
    platform ?? manifestKind(manifest.mediaType),
    manifest.digest,
    [
      format,
      ...expiry === void 0 ? [] : [`until ${expiry}`],
      ...timestamped === true ? ["timestamped"] : []
    ].join(", "),
    referrer === void 0 ? "none" : `${referrer.digest}${referrer.reused ? " (already attached)" : ""}`
  ]);
  const lines = rows.map(
    ([name, digest, signature, referrer]) => `manifest ${name}, ${digest}: ${signature}, referrer ${referrer}`
  );
  return ["", ...fitTable([["manifest", "digest", "signature", "referrer"], ...rows], lines, width)];
}
function classText({ builder }, artifact) {
  return builder?.kind === "native" && artifact.class !== void 0 ? `, class ${artifact.class}` : "";
}

export {
  preflightFailures,
  preflightStatus,
  attackText,
  gapsOf,
  lastLines,
  fileCounts,
  preflightTable,
  commandText,
  signTable
};
