import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  evaluatePkcs7,
  isBroken,
  reasonOf
} from "./shared.commands.shared.read-referrers.js";
import {
  checkStructure,
  readRecord
} from "./shared.commands.shared.check-manifest.js";
import {
  formOf,
  signatureIn
} from "./shared.oci.attach.artifact-format.js";

// src/commands/verify/layers/evaluate-referrer.ts
var STEPS = ["read", "structure", "signature", "trust", "recompute"];
function evaluateReferrer(referrer, image, trust, known = /* @__PURE__ */ new Map()) {
  const set = {
    referrer: referrer.descriptor.digest,
    verdict: "verified",
    reason: void 0,
    step: "read",
    format: "notary",
    recorded: {},
    profile: void 0,
    layers: [],
    notes: []
  };
  if ("error" in referrer) {
    const { error } = referrer;
    return { ...set, verdict: isBroken(error) ? "invalid" : "unchecked", reason: error.message };
  }
  set.step = "structure";
  set.format = formOf(referrer.manifest).format;
  let entries;
  try {
    set.recorded = set.format === "notary" ? readRecord(referrer.manifest.annotations) : {};
    set.profile = set.recorded.profile;
    entries = checkStructure(referrer.manifest, image);
  } catch (error) {
    return { ...set, verdict: "invalid", reason: reasonOf(error) };
  }
  const notes = /* @__PURE__ */ new Set();
  set.layers = entries.map((entry, index) => {
    const { pkcs7, notes: own, ...evaluation } = evaluateEntry(referrer, index, entry, trust, known);
    for (const note of own) notes.add(note);
    return { ...entry, pkcs7, ...evaluation, recomputed: void 0 };
  });
  set.notes = [...notes];
  const invalid = firstReason(set.layers, "invalid");
  if (invalid !== void 0) return { ...set, step: "signature", verdict: "invalid", reason: invalid };
  set.step = "trust";
  for (const verdict of ["not-trusted", "unchecked"]) {
    const reason = firstReason(set.layers, verdict);
    if (reason !== void 0) return { ...set, verdict, reason };
  }
  return set;
}
function evaluateEntry({ manifest, blobs }, index, entry, trust, known) {
  const blob = blobs[index];
  try {
    const pkcs7 = blob && signatureIn(manifest, index, blob);
    return { pkcs7, ...evaluatePkcs7(entry, pkcs7, trust, known) };
  } catch (error) {
    const failed = { signer: void 0, path: [], verdict: "invalid", notes: [] };
    return { pkcs7: void 0, ...failed, reason: reasonOf(error) };
  }
}
function firstReason(layers, verdict) {
  const found = layers.find((layer) => layer.verdict === verdict);
  return found && `layer ${found.layer.index}: ${found.reason ?? verdict}`;
}

export {
  STEPS,
  evaluateReferrer,
  evaluateEntry,
  firstReason
};
