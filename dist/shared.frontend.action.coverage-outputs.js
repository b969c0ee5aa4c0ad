import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  boundedJson
} from "./shared.frontend.action.bounded-output.js";
import {
  verdictText
} from "./shared.frontend.render.verify.verdict.js";
import {
  reportEntries
} from "./shared.frontend.each-image.js";
import {
  failedImage
} from "./shared.report.failed-image.js";
import {
  withCoverage
} from "./shared.report.coverage-text.js";

// src/frontend/github/verbs.ts
function signVerb(dryRun) {
  return {
    name: dryRun ? "dry run" : "sign",
    outcome: (report) => ({
      conclusion: report.dryRun ? "neutral" : "success",
      words: report.dryRun ? "Root hashes computed, nothing signed" : capital(withCoverage("signed", report)),
      digest: report.image.digest
    }),
    layers: signedLayers,
    baseOrigin: "computed in this run"
  };
}
var VERIFY_VERB = {
  name: "verify",
  outcome: (report) => {
    const { verdict, image } = report;
    return {
      conclusion: verdict === "verified" ? "success" : verdict === "skipped" ? "neutral" : "failure",
      words: capital(verdictText(report)),
      ...image.digest === void 0 ? {} : { digest: image.digest }
    };
  },
  layers: verifiedLayers,
  baseOrigin: "read from its signatures, which verified"
};
function signedLayers({ artifacts }) {
  return artifacts.map(({ platform, profile, class: name, layers }) => ({
    ...platform === void 0 ? {} : { platform },
    ...name === void 0 ? {} : { class: name },
    ...{ profile, layers }
  }));
}
function verifiedLayers({ platforms }) {
  return platforms.flatMap(
    ({ platform, signatures }) => signatures.filter(({ verdict }) => verdict === "verified").map(({ profile, erofsUtils, layers }) => ({
      ...platform === void 0 ? {} : { platform },
      ...erofsUtils?.class === void 0 ? {} : { class: erofsUtils.class },
      profile: profile ?? "unknown",
      layers
    }))
  );
}
function capital(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

// src/frontend/action/show-on-github.ts
function showingOnGithub(stepsFor) {
  return async (inputs, results, context) => {
    if (inputs.github === void 0) return;
    const { publish } = await import("./frontend.github.publish.js");
    await publish({
      ...stepsFor(inputs, context),
      options: inputs.github,
      entries: reportEntries(results, failedImage),
      log: context.log,
      cancelled: context.signal.aborted
    });
  };
}

// src/frontend/action/coverage-outputs.ts
function coverageOutputs(reports, warn, complete = true) {
  const uncovered = reports.flatMap(
    ({ image, uncovered: uncovered2 }) => uncovered2.map(({ platform, digest, reason }) => ({
      image: image.name ?? image.reference,
      platform: platform ?? null,
      digest,
      reason
    }))
  );
  return {
    "configuration-covered": String(
      complete && reports.length > 0 && reports.every(({ configurationCovered }) => configurationCovered)
    ),
    uncovered: boundedJson("uncovered", uncovered, warn)
  };
}

export {
  signVerb,
  VERIFY_VERB,
  signedLayers,
  verifiedLayers,
  showingOnGithub,
  coverageOutputs
};
