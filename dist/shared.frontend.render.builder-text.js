import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  alert,
  escapeMarkdown,
  inlineCode,
  markdownTable,
  md
} from "./shared.frontend.render.markdown.js";
import {
  gapsOf
} from "./shared.report.confinement.js";
import {
  imagesNotCovered
} from "./shared.report.coverage-text.js";

// src/frontend/render/builder-text.ts
function builderRows({ builder, tools }) {
  const gaps = tools === void 0 ? [] : gapsOf(tools.confinement);
  return [
    ...builder === void 0 ? [] : [builderRow(builder)],
    ...gaps.length === 0 ? [] : [["mkfs.erofs is not fully confined", gaps.join(", ")]]
  ];
}
function builderRow(builder) {
  const other = builder.crossCheck;
  const checked = other === void 0 ? "" : `, compared with ${other.kind === "mkfs" ? `mkfs.erofs ${text(other)}` : "the native builder"}`;
  return [builder.kind === "mkfs" ? "mkfs.erofs" : "native builder", `${text(builder)}${checked}`];
}
function builderFacts(report) {
  return builderRows(report).map(([name, value]) => [name.replace(/^native/, "Native"), md`${value}`]);
}
function text(builder) {
  if (builder.kind === "mkfs") return `${builder.version}, class ${builder.class}`;
  const { classes } = builder;
  if (classes.length === 0) return "the classes that the signers recorded";
  return `${classes.length === 1 ? "class" : "classes"} ${classes.join(", ")}`;
}

// src/frontend/render/uncovered.ts
var LISTED = 100;
function uncoveredLines(report) {
  return [
    ...report.uncovered.flatMap(({ digest, platform, reason }) => [
      "",
      `${platform ?? "image"}, ${digest}`,
      `  not covered by a signature: ${reason}`
    ]),
    ...otherSkipped(report).flatMap(({ digest, platform, reason }) => [
      "",
      `skipped ${digest}${platform === void 0 ? "" : ` (${platform})`}: ${reason}`
    ])
  ];
}
function uncoveredParts(report, title) {
  const { uncovered } = report;
  const skipped = otherSkipped(report);
  return [
    ...uncovered.length === 0 ? [] : [
      md`#### Not covered by a signature`,
      ...alert("WARNING", [md`**${imagesNotCovered(uncovered.length)}** by a signature`]),
      ...entryTable(uncovered, "images")
    ],
    ...skipped.length === 0 ? [] : [md`#### ${title}`, ...entryTable(skipped, "entries")]
  ];
}
function otherSkipped({ uncovered, skipped }) {
  const images = new Set(uncovered.map(({ digest }) => digest));
  return skipped.filter(({ digest }) => !images.has(digest));
}
function entryTable(entries, noun) {
  const rows = entries.slice(0, LISTED).map(({ digest, platform, reason }) => [
    inlineCode(digest),
    escapeMarkdown(platform ?? ""),
    escapeMarkdown(reason)
  ]);
  const more = entries.length - rows.length;
  return [
    markdownTable(["Manifest", "Platform", "Reason"], rows),
    ...more > 0 ? [md`> ${more} more ${noun} are listed in the JSON report.`] : []
  ];
}

export {
  builderRows,
  builderFacts,
  uncoveredLines,
  uncoveredParts
};
