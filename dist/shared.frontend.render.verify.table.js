import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  builderRows,
  uncoveredLines
} from "./shared.frontend.render.builder-text.js";
import {
  alignFacts,
  fitLines,
  fitTable
} from "./shared.frontend.render.text-table.js";
import {
  formatSeconds
} from "./shared.frontend.render.format.js";
import {
  VERDICT_WORDS,
  layerWord,
  manifestWord,
  verdictText
} from "./shared.frontend.render.verify.verdict.js";
import {
  harmlessLines
} from "./shared.frontend.output.foreign-text.js";

// src/frontend/render/verify/reasons.ts
var MOST_NAMED = 3;
function layerReasons({ layers }) {
  const byReason = Map.groupBy(layers, ({ reason }) => reason);
  return [...byReason].flatMap(
    ([reason, own]) => reason === void 0 ? [] : [{ layers: layerNames(own, layers.length), reason }]
  );
}
function layerNames(own, all) {
  const [first, ...more] = own.map(({ index }) => index).sort((a, b) => a - b);
  if (first === void 0) return "no layer";
  if (more.length === 0) return `layer ${first}`;
  if (own.length === all) return "every layer";
  const runs = [[first, first]];
  for (const index of more) {
    const last = runs.at(-1);
    if (last !== void 0 && index === last[1] + 1) last[1] = index;
    else runs.push([index, index]);
  }
  return `layers ${runs.map(([from, to]) => from === to ? from : `${from}-${to}`).join(", ")}`;
}
function imageReason({ reason, platforms }) {
  if (reason === void 0) return void 0;
  for (const platform of platforms) {
    for (const set of platform.signatures) {
      for (const { layers, reason: own } of layerReasons(set)) {
        const first = set.layers.find((layer) => layer.reason === own);
        const end = `layer ${first?.index}: ${own}`;
        if (!reason.endsWith(end)) continue;
        const before = reason.slice(0, -end.length);
        return `${withAllPlatforms(before, platform, platforms, own)}${layers}: ${own}`;
      }
    }
  }
  return reason;
}
function withAllPlatforms(before, first, platforms, reason) {
  const start = `${first.platform ?? first.manifest.digest}: `;
  const sharing = platforms.filter(
    ({ signatures }) => signatures.some(({ layers }) => layers.some((layer) => layer.reason === reason))
  );
  if (!before.startsWith(start) || sharing.length < 2) return before;
  const named = sharing.slice(0, MOST_NAMED).map(({ platform, manifest }) => platform ?? manifest.digest);
  const more = sharing.length - named.length;
  return `${named.join(", ")}${more === 0 ? "" : ` and ${more} more`}: ${before.slice(start.length)}`;
}
function saysAlready(report, reason) {
  return reason !== void 0 && report.reason?.endsWith(reason) === true;
}

// src/frontend/render/verify/table.ts
function verifyTable(report, width) {
  const { image, trustPolicy, index } = report;
  const facts = alignFacts(
    [
      ["image", image.name ?? image.reference],
      ...builderRows(report),
      ["valid at", report.validAt],
      ...trustPolicy === void 0 ? [] : [
        [
          "trust policy",
          `${trustPolicy.path}, statement "${trustPolicy.statement}", ${trustPolicy.level}`
        ]
      ]
    ],
    width
  );
  const indexLines = index === void 0 ? [] : [
    "",
    `index, ${index.manifest.digest}`,
    ...notaryLines(index.manifestSignature, index.manifestSignatures, index)
  ];
  const verdict = `${verdictText(report)} (${formatSeconds(report.seconds.total)})${because(imageReason(report))}`;
  return harmlessLines([
    ...facts,
    ...fitLines(indexLines, width),
    ...report.platforms.flatMap((platform) => ["", ...platformLines(report, platform, width)]),
    ...fitLines(uncoveredLines(report), width),
    ...fitLines(["", ...report.notes.map((note) => `note: ${note}`), "", verdict], width)
  ]);
}
function platformLines(report, platform, width) {
  const why = (reason) => saysAlready(report, reason) ? "" : because(reason);
  return [
    ...fitLines(
      [
        `${platform.platform ?? "unknown platform"}, ${platform.manifest.digest}`,
        ...platform.profiles.map(
          ({ profile, verdict, reason }) => `  profile ${profile}: ${VERDICT_WORDS[verdict]}${why(reason)}`
        )
      ],
      width
    ),
    ...platform.signatures.flatMap((set) => setLines(set, why, width)),
    ...fitLines(
      [
        ...platform.skippedLayers.map(({ index, reason }) => `  layer ${index} is not signed: ${reason}`),
        ...platform.layersLeftOut === void 0 ? [] : [`  layers not checked: ${platform.layersLeftOut}`],
        ...notaryLines(platform.manifestSignature, platform.manifestSignatures, platform)
      ],
      width
    )
  ];
}
function notaryLines(manifest, signatures, owner) {
  if (manifest === void 0) return [];
  const by = manifest.byIndex ? ", covered by the signature of the index" : "";
  const { word, reason } = manifestWord(manifest, owner);
  return [
    `  manifest signature: ${word}${by}${because(reason)}`,
    ...signatures.flatMap((one) => [
      `  Notary signature ${one.referrer} (${one.format ?? "format unknown"}): ${VERDICT_WORDS[one.verdict]}${because(one.reason)}`,
      ...one.signer === void 0 ? [] : [`    ${signerLine(one.signer)}`],
      ...timeLines(one).map((line) => `    ${line}`),
      ...one.notes.map((note) => `    note: ${note}`)
    ])
  ];
}
function timeLines({
  signedAt,
  authenticTime,
  expiry,
  metadata
}) {
  return [
    ...signedAt === void 0 ? [] : [`signed at ${signedAt} according to the signer's clock`],
    ...authenticTime === void 0 ? [] : [`signed at ${authenticTime} according to a timestamp or signing authority`],
    ...expiry === void 0 ? [] : [`expires at ${expiry}`],
    ...Object.entries(metadata ?? {}).map(([key, value]) => `metadata ${key}=${value}`)
  ];
}
function setLines(set, why, width) {
  const rows = set.layers.map((layer) => [
    `    layer ${layer.index}`,
    layer.digest,
    layer.rootHash,
    layerWord(layer)
  ]);
  const lines = rows.map(
    ([layer, digest, rootHash, word]) => `${layer}: ${word}, ${digest}, root hash ${rootHash}`
  );
  const ofLayers = set.layers.some(({ index, reason }) => set.reason === `layer ${index}: ${reason}`);
  return [
    ...fitLines(
      [
        `  referrer ${set.referrer} (${set.profile ?? "profile unknown"}${set.artifactFormat === void 0 ? "" : `, format ${set.artifactFormat}`}): ${VERDICT_WORDS[set.verdict]}${ofLayers ? "" : why(set.reason)}`,
        ...set.signers.map((signer) => `    ${signerLine(signer)}`)
      ],
      width
    ),
    ...fitTable(rows, lines, width),
    ...fitLines(
      [
        ...layerReasons(set).flatMap(
          ({ layers, reason }) => why(reason) === "" ? [] : [`    ${layers}: ${reason}`]
        ),
        ...set.notes.map((note) => `    note: ${note}`)
      ],
      width
    )
  ];
}
function signerLine({ subject, fingerprint, keyType, notBefore, notAfter }) {
  return `signed by ${subject} (${keyType}, SHA-256 ${fingerprint}, valid ${whole(notBefore)} to ${whole(notAfter)})`;
}
function whole(time) {
  return time.replace(/\.\d+Z$/, "Z");
}
function because(reason) {
  return reason === void 0 ? "" : `: ${reason}`;
}

export {
  layerReasons,
  imageReason,
  saysAlready,
  verifyTable,
  timeLines,
  signerLine
};
