import {
  commonAnnotations,
  derToP1363,
  findReusableReferrers,
  prefixed,
  runAnnotations
} from "./shared.signing.js";
import {
  ENVELOPE_MEDIA_TYPE,
  algorithmOfKey,
  algorithmOfSpec,
  checkIntegrity,
  checkSigningChain,
  encodePayload,
  parseEnvelope,
  prepareCose,
  prepareJws,
  signatureHolds,
  thumbprintsAnnotation,
  wholeSeconds
} from "./shared.notary.js";
import {
  NOTARY_ARTIFACT_TYPE,
  readCertificate,
  sameChain
} from "./shared.images.js";
import {
  FormatError,
  THUMBPRINTS
} from "./shared.options.js";
import {
  mapConcurrently
} from "./shared.conversion.js";
import "./shared.threads.js";
import "./shared.inputs.js";
import {
  TOOL,
  VeritySignError,
  inContext
} from "./shared.start.js";

// src/commands/sign/manifests/attach.ts
function envelopeArtifact(planned, envelope, chain, { options, context }) {
  return {
    artifactType: NOTARY_ARTIFACT_TYPE,
    // notation recognises its signatures in a layout by the type of the config.
    configType: NOTARY_ARTIFACT_TYPE,
    subject: planned.subject,
    annotations: {
      [THUMBPRINTS]: thumbprintsAnnotation(chain),
      ...prefixed(runAnnotations(context.ci)),
      ...commonAnnotations(context.created, options.annotations)
    },
    // One layer without annotations. [Notary signature-specification, "Storage"]
    files: [{ mediaType: ENVELOPE_MEDIA_TYPE[planned.format], bytes: envelope, annotations: {} }]
  };
}

// src/commands/sign/manifests/find.ts
var ROUNDING = 1e3;
function hasSameForm({ layers, annotations }, { format, chain }) {
  if (layers.length !== 1 || layers[0]?.mediaType !== ENVELOPE_MEDIA_TYPE[format]) return false;
  return annotations[THUMBPRINTS] === thumbprintsAnnotation(chain);
}
async function sameEnvelope(manifest, blobs, wanted, now, remaining) {
  const { target, format, chain, lifetime, authorities } = wanted;
  const [bytes] = blobs;
  if (!hasSameForm(manifest, wanted) || bytes === void 0) return;
  const envelope = parseEnvelope(ENVELOPE_MEDIA_TYPE[format], bytes);
  checkIntegrity(envelope);
  const same = envelope.signingScheme === "notary.x509" && envelope.critical.length === 0 && sameTarget(envelope.target, target) && sameChain(envelope.chain, chain) && hasLifetime(envelope, lifetime, now, remaining);
  if (!same) return;
  if (authorities !== void 0) {
    if (envelope.timestamp === void 0) return;
    const { verifyTimestamp } = await import("./signatures.notary.timestamp.timestamp.js");
    await verifyTimestamp(envelope.timestamp, envelope.signature, authorities);
  }
  return envelope;
}
function sameTarget(a, b) {
  const plain = Object.keys(a.annotations ?? {}).length === 0;
  return plain && a.mediaType === b.mediaType && a.digest === b.digest && a.size === b.size;
}
function hasLifetime({ expiry, signingTime }, lifetime, now, remaining) {
  if (expiry === void 0 || lifetime === void 0) return expiry === lifetime;
  if (signingTime === void 0 || +expiry - +signingTime > lifetime + ROUNDING) return false;
  return +expiry - +now > lifetime * remaining;
}

// src/signatures/notary/envelope/build.ts
var PREPARE = { jws: prepareJws, cose: prepareCose };
async function buildEnvelope(format, request, sign) {
  const rounded = inWholeSeconds(request);
  checkSigningChain(request.chain, rounded.signingTime);
  const algorithm = algorithmOfSpec(request.spec);
  const { toBeSigned, seal } = PREPARE[format](rounded, algorithm, encodePayload(request.target));
  const signature = envelopeSignature(await sign(toBeSigned), algorithm);
  const [leaf = new Uint8Array()] = request.chain;
  const { key, subject } = readCertificate(leaf);
  const holds = key !== void 0 && algorithmOfKey(key) === algorithm && signatureHolds(key, algorithm, toBeSigned, signature);
  if (!holds) {
    throw new VeritySignError(
      "key",
      `the signer returned a signature that the certificate "${subject}" does not verify`,
      { remedy: "Give the certificate that belongs to the key" }
    );
  }
  return seal(signature, await request.timestamp?.(signature));
}
function inWholeSeconds(request) {
  const signingTime = wholeSeconds(request.signingTime);
  if (request.expiry === void 0) return { ...request, signingTime };
  const expiry = wholeSeconds(request.expiry);
  if (expiry <= signingTime) {
    throw new VeritySignError("usage", "the signature would expire at once", {
      remedy: "Give an expiry of one second or more"
    });
  }
  return { ...request, signingTime, expiry };
}
function envelopeSignature({ scheme, digest, value }, algorithm) {
  if (scheme === "rsa-pkcs1-v1_5") {
    throw new VeritySignError("key", "the signer returned an RSA PKCS#1 v1.5 signature for a manifest", {
      remedy: "Use a signer that can make RSASSA-PSS signatures, or an EC key"
    });
  }
  if (scheme === "rsa-pss" !== (algorithm.kind === "rsa") || digest !== algorithm.digest) {
    throw new VeritySignError(
      "key",
      `the signer returned a signature of scheme ${scheme} with ${digest} instead of ${algorithm.name}`,
      { remedy: "Give the certificate that belongs to the key" }
    );
  }
  return scheme === "ecdsa-der" ? halves(value, algorithm.signatureBytes / 2) : value;
}
function halves(der, halfBytes) {
  try {
    return derToP1363(der, halfBytes);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new VeritySignError(
      "key",
      `the signer returned a signature that is not ECDSA in DER: it ${cause.message}`,
      {
        remedy: "Check the signer",
        cause
      }
    );
  }
}

// src/commands/sign/manifests/sign.ts
async function signManifest({ target, format, chain, lifetime }, { signer, spec, authority }) {
  const signedAt = wholeSeconds2(/* @__PURE__ */ new Date());
  const expiry = lifetime === void 0 ? void 0 : new Date(signedAt.getTime() + lifetime);
  const request = {
    target,
    chain,
    spec,
    signingTime: signedAt,
    ...expiry === void 0 ? {} : { expiry },
    agent: `${TOOL.name}/${TOOL.version}`,
    ...authority === void 0 ? {} : { timestamp: (signature) => timestamp(signature, spec, authority) }
  };
  const envelope = await buildEnvelope(format, request, (bytes) => signer.sign(bytes, "manifest"));
  return { envelope, signedAt, expiry, timestamped: authority !== void 0 };
}
async function timestamp(signature, spec, authority) {
  const { requestTimestamp } = await import("./signatures.notary.timestamp.timestamp.js");
  return requestTimestamp(signature, spec, authority);
}
function wholeSeconds2(time) {
  return new Date(Math.floor(time.getTime() / 1e3) * 1e3);
}

// src/commands/sign/manifests/steps.ts
var REMAINING = 1 / 2;
var ManifestSignatures = class {
  #signing;
  #run;
  constructor(signing, run) {
    this.#signing = signing;
    this.#run = run;
  }
  async find(planned, store, log) {
    const { options, context } = this.#run;
    const requests = planned.map((manifest) => ({
      subject: manifest.subject,
      artifactType: NOTARY_ARTIFACT_TYPE,
      annotations: options.annotations,
      wanted: (referrer) => hasSameForm(referrer, this.#wanted(manifest)),
      read: (referrer, blobs) => this.sameAs(manifest, referrer, blobs, context.now, REMAINING)
    }));
    const found = await findReusableReferrers(store, requests, log, context.signal);
    return found.map(
      (one) => one && {
        ...envelopeFacts(one.content, context.now),
        descriptor: one.descriptor,
        reused: true
      }
    );
  }
  async sign(missing, log) {
    if (missing.length === 0) return /* @__PURE__ */ new Map();
    const { options, context } = this.#run;
    const { key, authority } = this.#signing;
    const signer = await key.open();
    const signed = await mapConcurrently(
      missing,
      options.concurrency,
      context.signal,
      (manifest, signal) => inContext({ layer: `manifest ${manifest.subject.digest}` }, async () => {
        signal.throwIfAborted();
        return signManifest(this.#wanted(manifest), {
          signer,
          spec: key.spec,
          authority: authority && { ...authority, signal }
        });
      })
    );
    log.info(`${missing.length} manifests signed (${missing[0]?.format})`);
    return new Map(signed.map((one, index) => [missing[index], one]));
  }
  artifact(planned, signatures) {
    const { envelope } = signedOf(planned, signatures);
    if (envelope === void 0) throw new TypeError(`${planned.subject.digest} is not signed`);
    return envelopeArtifact(planned, envelope, this.#signing.certificates, this.#run);
  }
  done(planned, signatures, descriptor) {
    return { ...signedOf(planned, signatures), descriptor, reused: false };
  }
  isSame() {
    return false;
  }
  label({ subject, format }) {
    return `${subject.digest}, ${format}`;
  }
  /**
   * The envelope of a referrer that says all that this run would say of the manifest; undefined if it
   * says something else.
   * @param remaining see `sameEnvelope`
   * @throws VeritySignError 'image' if it is malformed
   */
  sameAs(planned, manifest, blobs, now, remaining) {
    return sameEnvelope(manifest, blobs, this.#wanted(planned), now, remaining);
  }
  #wanted({ subject: { mediaType, digest, size }, format }) {
    return {
      target: { mediaType, digest, size },
      format,
      chain: this.#signing.certificates,
      lifetime: this.#run.options.signatureExpiry,
      authorities: this.#signing.authority?.certificates
    };
  }
};
function signedOf(planned, signatures) {
  const signed = signatures.get(planned);
  if (signed === void 0) throw new TypeError(`${planned.subject.digest} is not signed`);
  return signed;
}
function envelopeFacts({ signingTime, expiry, timestamp: timestamp2 }, now) {
  return {
    envelope: void 0,
    signedAt: signingTime ?? now,
    expiry,
    timestamped: timestamp2 !== void 0
  };
}
export {
  ManifestSignatures
};
