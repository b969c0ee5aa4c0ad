import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  verifyTimestamp
} from "./shared.signatures.notary.timestamp.timestamp.js";
import {
  ENVELOPE_MEDIA_TYPE,
  checkIntegrity,
  parseEnvelope
} from "./shared.signatures.notary.envelope.parse.js";
import {
  checkChain,
  checkIssuers,
  checkSignerPurpose,
  thumbprintsAnnotation
} from "./shared.signatures.notary.certificates.signing-chain.js";
import {
  isBroken,
  requireIdentity,
  requireTrustedIdentity
} from "./shared.commands.shared.read-referrers.js";
import {
  checkSubject
} from "./shared.commands.shared.check-manifest.js";
import {
  NOTARY_ARTIFACT_TYPE
} from "./shared.oci.attach.artifact-format.js";
import {
  readCertificate
} from "./shared.signatures.x509.chain.js";
import {
  THUMBPRINTS
} from "./shared.model.annotations.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/commands/verify/manifests/validations.ts
function checkAuthenticity({ chain, signingScheme }, signer, { anchors, signingAuthorities, identities, policy }) {
  const byAuthority = signingScheme === "notary.x509.signingAuthority";
  const trusted = byAuthority ? signingAuthorities : anchors;
  if (trusted instanceof VeritySignError) throw trusted;
  const isTrusted = (der) => trusted.some((anchor) => Buffer.from(anchor).equals(der));
  const [leaf] = chain;
  if (leaf === void 0 || signer === void 0)
    throw new VeritySignError("key", "the signer has no readable certificate");
  if (!chain.some(isTrusted)) {
    const whom = byAuthority ? "signing authority" : "certificate";
    throw new VeritySignError("key", `the signer "${signer.subject}" does not lead to any trusted ${whom}`);
  }
  checkIssuers(chain);
  if (policy !== void 0) requireTrustedIdentity(policy.statement.trustedIdentities, leaf);
  requireIdentity(signer, identities);
}
function checkExpiry({ expiry }, { at }) {
  if (expiry === void 0 || at < expiry) return;
  throw new VeritySignError("key", `the signature expired on ${expiry.toISOString()}`);
}
async function checkTimestamp(envelope, trust, revocation, notes) {
  const chain = envelope.chain.map(readCertificate);
  if (envelope.signingScheme === "notary.x509.signingAuthority") {
    const time2 = envelope.authenticSigningTime;
    if (time2 === void 0) throw new VeritySignError("key", "the signing authority states no signing time");
    const invalid2 = chain.find(({ notBefore, notAfter }) => time2 < notBefore || time2 > notAfter);
    if (invalid2 === void 0) return time2;
    throw new VeritySignError(
      "key",
      `the certificate "${invalid2.subject}" was not valid when it was signed, ${time2.toISOString()}`
    );
  }
  const { at, tsa, policy } = trust;
  const expired = chain.some(({ notAfter }) => at > notAfter);
  const afterExpiry = policy?.statement.verifyTimestamp === "afterCertExpiry";
  if (tsa === void 0 || afterExpiry && !expired) {
    for (const { subject, notBefore, notAfter } of chain) {
      if (at < notBefore)
        throw new VeritySignError(
          "key",
          `the certificate "${subject}" is not valid before ${notBefore.toISOString()}`
        );
      if (at <= notAfter) continue;
      const what = `the certificate "${subject}" expired on ${notAfter.toISOString()}`;
      if (!trust.allowExpired) throw new VeritySignError("key", what);
      notes.push(`${what}, which is allowed`);
    }
    return void 0;
  }
  if (envelope.timestamp === void 0) throw new VeritySignError("key", "the signature has no timestamp");
  if (tsa instanceof VeritySignError) throw tsa;
  const {
    time,
    accuracyMs,
    chain: authority
  } = await verifyTimestamp(envelope.timestamp, envelope.signature, tsa);
  for (const { subject, notBefore, notAfter } of chain) {
    if (+time - accuracyMs < +notBefore || +time + accuracyMs > +notAfter) {
      throw new VeritySignError(
        "key",
        `the certificate "${subject}" was not valid at the timestamp, ${time.toISOString()}`
      );
    }
  }
  if (policy !== void 0) await revocation.requireGood(authority);
  return time;
}
function checkRevocation(envelope, revocation) {
  return revocation.requireGood(envelope.chain, envelope.authenticSigningTime);
}

// src/commands/verify/manifests/evaluate-signature.ts
var NOTARY_STEPS = [
  "read",
  "integrity",
  "authenticity",
  "expiry",
  "authenticTimestamp",
  "revocation"
];
async function evaluateSignature(referrer, subject, trust, revocation) {
  const signature = {
    referrer: referrer.descriptor.digest,
    verdict: "verified",
    reason: void 0,
    step: "read",
    format: void 0,
    envelope: void 0,
    signer: void 0,
    authenticTime: void 0,
    notes: []
  };
  if ("error" in referrer) {
    const { error } = referrer;
    return { ...signature, verdict: isBroken(error) ? "invalid" : "unchecked", reason: error.message };
  }
  signature.step = "integrity";
  let envelope;
  try {
    envelope = readEnvelope(referrer, subject, signature);
  } catch (error) {
    return { ...signature, verdict: "invalid", reason: messageOf(error) };
  }
  if (envelope.critical.length > 0) {
    const reason = `it has critical attributes that only a notation plugin can evaluate: ${envelope.critical.join(", ")}`;
    return { ...signature, verdict: "unchecked", reason };
  }
  try {
    checkSignerPurpose(envelope.chain);
  } catch (error) {
    return { ...signature, verdict: "not-trusted", reason: messageOf(error) };
  }
  return validate(signature, envelope, trust, revocation);
}
function readEnvelope({ manifest, blobs }, subject, signature) {
  if (manifest.artifactType !== NOTARY_ARTIFACT_TYPE)
    throw invalid(`its artifact type is ${manifest.artifactType}`);
  checkSubject(manifest.subject, subject);
  const [layer] = manifest.layers;
  if (layer === void 0 || manifest.layers.length > 1) {
    throw invalid(`the signature manifest has ${manifest.layers.length} envelopes, not one`);
  }
  signature.format = ["jws", "cose"].find(
    (format) => ENVELOPE_MEDIA_TYPE[format] === layer.mediaType
  );
  const envelope = parseEnvelope(layer.mediaType, blobs[0] ?? new Uint8Array());
  signature.envelope = envelope;
  signature.signer = signerOf(envelope);
  checkChain(envelope.chain, void 0);
  checkIntegrity(envelope);
  checkTarget(envelope.target, subject);
  const annotation = manifest.annotations[THUMBPRINTS];
  if (annotation !== void 0 && annotation !== thumbprintsAnnotation(envelope.chain)) {
    signature.notes.push(`the annotation ${THUMBPRINTS} does not name the certificates of the envelope`);
  }
  return envelope;
}
function checkTarget(target, { mediaType, digest, size }) {
  if (target.mediaType === mediaType && target.digest === digest && target.size === size) return;
  throw invalid(
    `what was signed is ${target.digest} (${target.size} bytes, ${target.mediaType}), another manifest`
  );
}
function signerOf({ chain }) {
  try {
    return chain[0] === void 0 ? void 0 : readCertificate(chain[0]);
  } catch {
    return void 0;
  }
}
async function validate(signature, envelope, trust, revocation) {
  let trusted = false;
  const validations = [
    [
      "authenticity",
      () => {
        checkAuthenticity(envelope, signature.signer, trust);
        trusted = true;
      }
    ],
    ["expiry", () => checkExpiry(envelope, trust)],
    [
      "authenticTimestamp",
      async () => {
        signature.authenticTime = await checkTimestamp(envelope, trust, revocation, signature.notes);
      }
    ],
    // An untrusted signer must not choose which servers are contacted.
    ["revocation", () => trusted ? checkRevocation(envelope, revocation) : void 0]
  ];
  for (const [validation, check] of validations) {
    const action = trust.enforcement[validation];
    if (action === "skip") continue;
    signature.step = validation;
    try {
      await check();
    } catch (error) {
      const reason = messageOf(error);
      if (action === "enforce") return { ...signature, verdict: verdictOf(error), reason };
      signature.notes.push(`${validation} failed, which the trust policy only logs: ${reason}`);
    }
  }
  return signature;
}
function verdictOf({ code }) {
  return code === "key" || code === "image" ? "not-trusted" : "unchecked";
}
function messageOf(error) {
  if (error instanceof VeritySignError && error.code !== "cancelled") return error.message;
  throw error;
}
function invalid(what) {
  return new VeritySignError("image", what);
}

export {
  NOTARY_STEPS,
  evaluateSignature,
  signerOf
};
