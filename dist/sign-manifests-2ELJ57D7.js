import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  runAnnotations,
  tellOtherAnnotations
} from "./chunk-L22K4FKD.js";
import "./chunk-BBU37HTZ.js";
import {
  checkIntegrity,
  encodePayload,
  parseEnvelope,
  prepareCose,
  prepareJws,
  wholeSeconds
} from "./chunk-GXNBDUF4.js";
import {
  checkSigningChain,
  thumbprintsAnnotation
} from "./chunk-6ANB5LIK.js";
import {
  algorithmOfKey,
  algorithmOfSpec,
  readNotaryCertificate,
  signatureHolds
} from "./chunk-MTY4QHTZ.js";
import {
  ENVELOPE_MEDIA_TYPE,
  NOTARY_ARTIFACT_TYPE,
  THUMBPRINTS
} from "./chunk-GJBORQNS.js";
import {
  Integer,
  Sequence,
  fromBER
} from "./chunk-47M5AD6S.js";
import {
  TOOL
} from "./chunk-WXASFSVB.js";
import {
  attachAndReadBack,
  findReusable
} from "./chunk-NXF6BKXP.js";
import "./chunk-OGAT3VT4.js";
import {
  mapConcurrently
} from "./chunk-X2P2ZSOC.js";
import {
  commonAnnotations,
  prefixed
} from "./chunk-QRCM2NJ2.js";
import "./chunk-F7L57EWU.js";
import "./chunk-BKUCSVYV.js";
import "./chunk-CQBVTECB.js";
import "./chunk-K6WYV3QI.js";
import {
  VeritySignError,
  inContext
} from "./chunk-DNW23BY2.js";
import "./chunk-NAMBOM6R.js";

// src/notary/build.ts
var PREPARE = { jws: prepareJws, cose: prepareCose };
async function buildEnvelope(format, request, sign) {
  const rounded = inWholeSeconds(request);
  checkSigningChain(request.chain, rounded.signingTime);
  const algorithm = algorithmOfSpec(request.spec);
  const { toBeSigned, seal } = PREPARE[format](rounded, algorithm, encodePayload(request.target));
  const signature = envelopeSignature(await sign(toBeSigned), algorithm);
  const [leaf = new Uint8Array()] = request.chain;
  const { key, name } = readNotaryCertificate(leaf);
  const holds = key !== void 0 && algorithmOfKey(key) === algorithm && signatureHolds(key, algorithm, toBeSigned, signature);
  if (!holds) {
    throw new VeritySignError(
      "key",
      `the signer returned a signature that the certificate "${name}" does not verify`,
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
  const { result, offset } = fromBER(der);
  const numbers = offset === der.length && result instanceof Sequence ? result.valueBlock.value : [];
  const padded = numbers.map((number) => {
    const digits = number instanceof Integer ? number.valueBlock.valueHexView : new Uint8Array();
    const start = digits.findIndex((byte) => byte !== 0);
    const magnitude = digits.subarray(start);
    if (start === -1 || magnitude.length > halfBytes) throw notEcdsa();
    return Buffer.concat([Buffer.alloc(halfBytes - magnitude.length), magnitude]);
  });
  if (padded.length !== 2) throw notEcdsa();
  return Buffer.concat(padded);
}
function notEcdsa() {
  return new VeritySignError("key", "the signer returned an ECDSA signature that is not one in DER", {
    remedy: "Check the signer"
  });
}

// src/pipeline/reuse-manifest.ts
var ROUNDING = 1e3;
async function sameEnvelope(manifest, blobs, { target, format, chain, lifetime, authorities }, now, left) {
  const [layer] = manifest.layers;
  const [bytes] = blobs;
  if (layer?.mediaType !== ENVELOPE_MEDIA_TYPE[format] || bytes === void 0 || blobs.length !== 1) return;
  if (manifest.annotations[THUMBPRINTS] !== thumbprintsAnnotation(chain)) return;
  const envelope = parseEnvelope(layer.mediaType, bytes);
  checkIntegrity(envelope);
  const same = envelope.signingScheme === "notary.x509" && envelope.critical.length === 0 && sameTarget(envelope.target, target) && sameChain(envelope.chain, chain) && lives(envelope, lifetime, now, left);
  if (!same) return;
  if (authorities !== void 0) {
    if (envelope.timestamp === void 0) return;
    const { verifyTimestamp } = await import("./timestamp-Q3BEPX2T.js");
    await verifyTimestamp(envelope.timestamp, envelope.signature, authorities);
  }
  return envelope;
}
function sameTarget(a, b) {
  const plain = Object.keys(a.annotations ?? {}).length === 0;
  return plain && a.mediaType === b.mediaType && a.digest === b.digest && a.size === b.size;
}
function sameChain(a, b) {
  return a.length === b.length && a.every((der, index) => Buffer.compare(der, b[index] ?? Buffer.alloc(0)) === 0);
}
function lives({ expiry, signingTime }, lifetime, now, left) {
  if (expiry === void 0 || lifetime === void 0) return expiry === lifetime;
  if (signingTime === void 0 || +expiry - +signingTime > lifetime + ROUNDING) return false;
  return +expiry - +now > lifetime * left;
}

// src/pipeline/sign-manifests.ts
var ManifestSigner = class {
  #options;
  #context;
  #chain;
  #authority;
  /** @param chain DER, leaf to root */
  constructor(options, context, chain, authority) {
    this.#options = options;
    this.#context = context;
    this.#chain = chain;
    this.#authority = authority;
  }
  /**
   * The envelope of a referrer that says all that this run would say of the manifest; undefined if it
   * says something else. @throws VeritySignError 'image' if it is malformed
   * @param left see `sameEnvelope`
   */
  accepts(planned, manifest, blobs, now, left) {
    return sameEnvelope(manifest, blobs, this.#wanted(planned), now, left);
  }
  #wanted({ subject: { mediaType, digest, size }, format }) {
    return {
      target: { mediaType, digest, size },
      format,
      chain: this.#chain,
      lifetime: this.#options.signatureExpiry,
      authorities: this.#authority?.certificates
    };
  }
  /** Finds, for each manifest, a signature that serves already; undefined where there is none. */
  async find(store, planned, log) {
    const found = [];
    for (const manifest of planned) {
      let signed;
      let annotations = {};
      const descriptor = await findReusable(store, manifest.subject, NOTARY_ARTIFACT_TYPE, {
        accept: async (referrer, blobs) => {
          const envelope = await this.accepts(manifest, referrer, blobs, this.#context.now, 1 / 2);
          if (envelope === void 0) return false;
          annotations = referrer.annotations;
          const { signingTime = this.#context.now, expiry, timestamp: timestamp2 } = envelope;
          signed = {
            envelope: void 0,
            signedAt: signingTime,
            expiry,
            timestamped: timestamp2 !== void 0
          };
          return true;
        },
        onBroken: (broken, error) => {
          const reason = error instanceof Error ? error.message : String(error);
          log.warn(`the referrer ${broken.digest} of ${manifest.subject.digest} is passed over: ${reason}`);
        }
      });
      if (descriptor) tellOtherAnnotations(descriptor, annotations, this.#options.annotations, log);
      found.push(descriptor && signed && { ...signed, descriptor, reused: true });
    }
    return found;
  }
  /** Makes the envelopes. The key is opened here at the latest, and not at all if there are none. */
  async sign(planned, run) {
    if (planned.length === 0) return [];
    const { key, concurrency, signal, log } = run;
    const signer = await key.open();
    const signed = await mapConcurrently(
      planned,
      concurrency,
      signal,
      (manifest, both) => inContext({ layer: `manifest ${manifest.subject.digest}` }, async () => {
        both.throwIfAborted();
        const signingTime = wholeSeconds2(/* @__PURE__ */ new Date());
        const { signatureExpiry } = this.#options;
        const expiry = signatureExpiry === void 0 ? void 0 : new Date(signingTime.getTime() + signatureExpiry);
        const authority = this.#authority && { ...this.#authority, signal: both };
        const request = {
          target: this.#wanted(manifest).target,
          chain: this.#chain,
          spec: key.spec,
          signingTime,
          ...expiry === void 0 ? {} : { expiry },
          agent: `${TOOL.name}/${TOOL.version}`,
          ...authority === void 0 ? {} : { timestamp: (signature) => timestamp(signature, key.spec, authority) }
        };
        const envelope = await buildEnvelope(
          manifest.format,
          request,
          (bytes) => signer.sign(bytes, "manifest")
        );
        return { envelope, signedAt: signingTime, expiry, timestamped: authority !== void 0 };
      })
    );
    log.info(`${planned.length} manifests signed (${planned[0]?.format})`);
    return signed;
  }
  /** Attaches one envelope and reads it back. */
  async attach(store, planned, signed, folder) {
    const artifact = this.#artifact(planned, signed);
    const descriptor = await attachAndReadBack(store, artifact, folder, this.#context.signal);
    return { ...signed, descriptor, reused: false };
  }
  /**
   * One layer, which has no annotations. The config has the type that notation gives it, for in a layout
   * notation goes by that. [Notary signature-specification, "Storage"]
   */
  #artifact({ subject, format }, { envelope }) {
    if (envelope === void 0) throw new TypeError("there is nothing to attach");
    return {
      artifactType: NOTARY_ARTIFACT_TYPE,
      configType: NOTARY_ARTIFACT_TYPE,
      subject,
      annotations: {
        [THUMBPRINTS]: thumbprintsAnnotation(this.#chain),
        ...prefixed(runAnnotations(this.#context.ci)),
        ...commonAnnotations(this.#context.created, this.#options.annotations)
      },
      files: [{ mediaType: ENVELOPE_MEDIA_TYPE[format], bytes: envelope, annotations: {} }]
    };
  }
};
async function timestamp(signature, spec, authority) {
  const { requestTimestamp } = await import("./timestamp-Q3BEPX2T.js");
  return requestTimestamp(signature, spec, authority);
}
function wholeSeconds2(time) {
  return new Date(Math.floor(time.getTime() / 1e3) * 1e3);
}
export {
  ManifestSigner
};
