import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  algorithmNamed,
  algorithmOfKey,
  signatureHolds
} from "./shared.signatures.notary.certificates.chain-rules.js";
import {
  NOTARY_NAMESPACE,
  decode,
  descriptorSchema,
  encode,
  openObject,
  parseStrictJson,
  rfc8949EncodeOptions
} from "./shared.model.annotations.js";
import {
  array,
  literal,
  strictObject,
  string
} from "./shared.zod.v4.core.schemas.js";
import {
  readCertificate
} from "./shared.signatures.x509.chain.js";
import {
  FormatError,
  decoding,
  readPart
} from "./shared.formats.format-error.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/signatures/notary/envelope/envelope.ts
var ENVELOPE_MEDIA_TYPE = {
  jws: "application/jose+json",
  cose: "application/cose"
};
var PAYLOAD_MEDIA_TYPE = "application/vnd.cncf.notary.payload.v1+json";

// node_modules/cborg/lib/tagged.js
var Tagged = class _Tagged {
  /**
   * @param {number} tag - CBOR tag number, a non-negative integer
   * @param {any} value - The value to be tagged; encoded recursively
   */
  constructor(tag, value) {
    if (typeof tag !== "number" || !Number.isInteger(tag) || tag < 0) {
      throw new TypeError("Tagged: tag must be a non-negative integer");
    }
    this.tag = tag;
    this.value = value;
  }
  /**
   * Build a tag decoder for use in `decode()`'s `tags` option that returns the
   * decoded content wrapped in a `Tagged` instance, preserving the tag number
   * for the caller to inspect.
   *
   * @param {number} tag - The CBOR tag number this decoder will be registered for
   * @returns {TaggedTagDecoder}
   *
   * @example
   * import { decode, Tagged } from 'cborg'
   * const value = decode(bytes, { tags: { 16: Tagged.decoder(16) } })
   * // value instanceof Tagged; value.tag === 16
   */
  static decoder(tag) {
    return (decode2) => new _Tagged(tag, decode2());
  }
  /**
   * Build a `tags` option for `decode()` that wraps each listed tag number in
   * a `Tagged` instance, preserving those tags through decode without
   * registering a dedicated decoder per tag.
   *
   * @param {...number} tagNumbers - One or more CBOR tag numbers to preserve
   * @returns {{[tagNumber: number]: TaggedTagDecoder}}
   *
   * @example
   * import { decode, Tagged } from 'cborg'
   * const value = decode(bytes, { tags: Tagged.preserve(16, 96) })
   */
  static preserve(...tagNumbers) {
    const tags = {};
    for (const tag of tagNumbers) {
      tags[tag] = _Tagged.decoder(tag);
    }
    return tags;
  }
};
Object.defineProperty(Tagged.prototype, Symbol.toStringTag, {
  value: "Tagged"
});

// src/signatures/notary/envelope/attributes.ts
var SIGNING_SCHEME = "io.cncf.notary.signingScheme";
var SIGNING_TIME = "io.cncf.notary.signingTime";
var AUTHENTIC_SIGNING_TIME = "io.cncf.notary.authenticSigningTime";
var EXPIRY = "io.cncf.notary.expiry";
var SIGNING_AGENT = "io.cncf.notary.signingAgent";
var TIMESTAMP_SIGNATURE = "io.cncf.notary.timestampSignature";
var SCHEMES = {
  "notary.x509": {
    time: SIGNING_TIME,
    other: AUTHENTIC_SIGNING_TIME,
    critical: [SIGNING_SCHEME, EXPIRY]
  },
  "notary.x509.signingAuthority": {
    time: AUTHENTIC_SIGNING_TIME,
    other: SIGNING_TIME,
    critical: [SIGNING_SCHEME, AUTHENTIC_SIGNING_TIME, EXPIRY]
  }
};
function readAttributes({ all, registered, critical, readTime: readTime3 }) {
  if (new Set(critical).size !== critical.length) throw new FormatError("lists a critical attribute twice");
  for (const label of critical) {
    if (!all.has(label)) throw new FormatError(`lacks the critical attribute ${label}`);
    if (registered.includes(label) || label === SIGNING_TIME) {
      throw new FormatError(`lists ${label} as a critical attribute`);
    }
  }
  const signingScheme = schemeOf(all.get(SIGNING_SCHEME));
  const scheme = SCHEMES[signingScheme];
  if (all.has(scheme.other)) throw new FormatError(`has ${scheme.other} under the scheme ${signingScheme}`);
  if (!all.has(scheme.time)) throw new FormatError(`lacks ${scheme.time}`);
  const open = scheme.critical.find((name) => all.has(name) && !critical.includes(name));
  if (open !== void 0) throw new FormatError(`does not list ${open} as a critical attribute`);
  const time = readTime3(all.get(scheme.time));
  const expiry = all.has(EXPIRY) ? readTime3(all.get(EXPIRY)) : void 0;
  if (expiry !== void 0 && expiry <= time) throw new FormatError("expires before it was signed");
  return {
    signingScheme,
    ...scheme.time === SIGNING_TIME ? { signingTime: time } : { authenticSigningTime: time },
    ...expiry === void 0 ? {} : { expiry },
    critical: critical.filter((label) => !scheme.critical.includes(String(label))).map(String)
  };
}
function checkDisjoint(signed, unsigned) {
  const labels = new Set(signed);
  for (const label of unsigned) {
    if (labels.has(label)) throw new FormatError(`has ${label} both signed and unsigned`);
  }
}
function wholeSeconds(time) {
  return new Date(Math.floor(time.getTime() / 1e3) * 1e3);
}
function schemeOf(value) {
  if (value === "notary.x509" || value === "notary.x509.signingAuthority") return value;
  throw new FormatError("has a signing scheme other than notary.x509 and notary.x509.signingAuthority");
}

// src/signatures/notary/envelope/payload.ts
var schema = openObject({ targetArtifact: openObject(descriptorSchema.shape) });
function encodePayload({ mediaType, digest, size, annotations = {} }) {
  const reserved = Object.keys(annotations).find((key) => key.startsWith(NOTARY_NAMESPACE));
  if (reserved !== void 0) {
    throw new VeritySignError("usage", `the metadata ${JSON.stringify(reserved)} cannot be signed`, {
      remedy: `Choose a key that does not begin with ${NOTARY_NAMESPACE}`
    });
  }
  const metadata = Object.keys(annotations).length === 0 ? {} : { annotations };
  return Buffer.from(JSON.stringify({ targetArtifact: { mediaType, digest, size, ...metadata } }));
}
function parsePayload(bytes) {
  const { targetArtifact } = parseStrictJson(schema, bytes, "a payload");
  const { mediaType, digest, size, annotations } = targetArtifact;
  return { mediaType, digest, size, ...annotations === void 0 ? {} : { annotations } };
}

// src/signatures/notary/envelope/cose.ts
var ALG = 1;
var CRIT = 2;
var CONTENT_TYPE = 3;
var X5CHAIN = 33;
var SIGN1_TAG = 18;
var EPOCH_TIME_TAG = 1;
var FIRST_SECOND = -62135596800;
var LAST_SECOND = 253402300799;
var cbor = (value) => encode(value, rfc8949EncodeOptions);
function prepareCose(request, algorithm, payload) {
  const { chain, signingTime, expiry, agent } = request;
  const header = /* @__PURE__ */ new Map([
    [ALG, algorithm.cose],
    [CRIT, expiry === void 0 ? [SIGNING_SCHEME] : [SIGNING_SCHEME, EXPIRY]],
    [CONTENT_TYPE, PAYLOAD_MEDIA_TYPE],
    [SIGNING_SCHEME, "notary.x509"],
    [SIGNING_TIME, epochTime(signingTime)]
  ]);
  if (expiry !== void 0) header.set(EXPIRY, epochTime(expiry));
  const encoded = cbor(header);
  return {
    toBeSigned: sigStructure(encoded, payload),
    seal: (signature, timestamp) => {
      const unsigned = /* @__PURE__ */ new Map([
        [X5CHAIN, chain.map(plain)],
        [SIGNING_AGENT, agent]
      ]);
      if (timestamp !== void 0) unsigned.set(TIMESTAMP_SIGNATURE, plain(timestamp));
      return cbor(new Tagged(SIGN1_TAG, [encoded, unsigned, plain(payload), plain(signature)]));
    }
  };
}
function parseCose(bytes) {
  const tagged = read(bytes, "is not CBOR");
  if (!(tagged instanceof Tagged) || tagged.tag !== SIGN1_TAG || !Array.isArray(tagged.value)) {
    throw new FormatError("is not a COSE_Sign1_Tagged object");
  }
  const [encoded, unsigned, payload, signature, ...rest] = tagged.value;
  if (rest.length > 0) throw new FormatError("is not a COSE_Sign1_Tagged object");
  const protectedBytes = bytesOf(encoded, "a protected header");
  const header = labelled(read(protectedBytes, "has a protected header that is not CBOR"));
  const unsignedHeader = labelled(unsigned);
  checkDisjoint(header.keys(), unsignedHeader.keys());
  if (header.get(CONTENT_TYPE) !== PAYLOAD_MEDIA_TYPE) {
    throw new FormatError(`does not have the content type ${PAYLOAD_MEDIA_TYPE}`);
  }
  const payloadBytes = bytesOf(payload, "a payload");
  const agent = unsignedHeader.get(SIGNING_AGENT);
  return {
    format: "cose",
    target: parsePayload(payloadBytes),
    algorithm: algorithmNamed(header.get(ALG)).name,
    chain: listOf(unsignedHeader.get(X5CHAIN), "certificates").map((one) => bytesOf(one, "a certificate")),
    ...readAttributes({
      all: header,
      registered: [0, 1, 2, 3, 4, 5, 6, 7, 8],
      critical: listOf(header.get(CRIT), "critical attributes").map(labelOf),
      readTime
    }),
    // Verifiers ignore the agent: a value of another type is no error.
    ...typeof agent === "string" ? { agent } : {},
    ...unsignedHeader.has(TIMESTAMP_SIGNATURE) ? { timestamp: bytesOf(unsignedHeader.get(TIMESTAMP_SIGNATURE), "a timestamp") } : {},
    signature: bytesOf(signature, "a signature"),
    signed: sigStructure(protectedBytes, payloadBytes)
  };
}
function sigStructure(encodedHeader, payload) {
  return cbor(["Signature1", encodedHeader, new Uint8Array(), plain(payload)]);
}
function plain(bytes) {
  return Uint8Array.from(bytes);
}
function read(bytes, otherwise) {
  return decoding(
    otherwise,
    () => decode(bytes, {
      strict: true,
      allowIndefinite: false,
      allowUndefined: false,
      allowInfinity: false,
      allowNaN: false,
      allowBigInt: true,
      useMaps: true,
      rejectDuplicateMapKeys: true,
      tags: Tagged.preserve(EPOCH_TIME_TAG, SIGN1_TAG)
    })
  );
}
function epochTime(time) {
  return new Tagged(EPOCH_TIME_TAG, time.getTime() / 1e3);
}
function readTime(value) {
  const seconds = value instanceof Tagged && value.tag === EPOCH_TIME_TAG ? value.value : void 0;
  if (typeof seconds !== "number" || !(seconds >= FIRST_SECOND && seconds <= LAST_SECOND)) {
    throw new FormatError("has a time that is not in seconds since 1970 (CBOR tag 1)");
  }
  return new Date(seconds * 1e3);
}
function labelled(value) {
  if (!(value instanceof Map)) throw new FormatError("has a header that is not a map");
  return new Map([...value].map(([label, content]) => [labelOf(label), content]));
}
function labelOf(value) {
  if (typeof value === "string" || typeof value === "bigint") return value;
  if (typeof value === "number" && Number.isInteger(value)) return value;
  throw new FormatError("has a header label that is neither a number nor text");
}
function bytesOf(value, what) {
  if (value instanceof Uint8Array && value.length > 0) return value;
  throw new FormatError(`lacks ${what}`);
}
function listOf(value, what) {
  if (Array.isArray(value) && value.length > 0) return value;
  throw new FormatError(`lacks the list of ${what}`);
}

// src/signatures/notary/envelope/base64.ts
var base64url = canonical("base64url");
var base64 = canonical("base64");
function canonical(encoding) {
  return string().refine((text) => Buffer.from(text, encoding).toString(encoding) === text, {
    message: `not canonical ${encoding}`
  }).transform((text) => Buffer.from(text, encoding));
}

// src/signatures/notary/envelope/jws.ts
var envelopeSchema = strictObject({
  payload: base64url,
  protected: base64url,
  header: openObject({
    x5c: array(base64),
    [SIGNING_AGENT]: string().optional(),
    [TIMESTAMP_SIGNATURE]: base64.optional()
  }),
  signature: base64url
});
var protectedSchema = openObject({
  alg: string(),
  cty: literal(PAYLOAD_MEDIA_TYPE),
  crit: array(string()).min(1),
  [SIGNING_SCHEME]: string(),
  [SIGNING_TIME]: string().optional(),
  [AUTHENTIC_SIGNING_TIME]: string().optional(),
  [EXPIRY]: string().optional()
});
function prepareJws(request, algorithm, payload) {
  const { chain, signingTime, expiry, agent } = request;
  const header = {
    alg: algorithm.name,
    crit: expiry === void 0 ? [SIGNING_SCHEME] : [SIGNING_SCHEME, EXPIRY],
    cty: PAYLOAD_MEDIA_TYPE,
    ...expiry === void 0 ? {} : { [EXPIRY]: rfc3339(expiry) },
    [SIGNING_SCHEME]: "notary.x509",
    [SIGNING_TIME]: rfc3339(signingTime)
  };
  const parts = {
    payload: encodeUrl(payload),
    protected: encodeUrl(Buffer.from(JSON.stringify(header)))
  };
  return {
    toBeSigned: signingInput(parts),
    seal: (signature, timestamp) => {
      const unsigned = {
        ...timestamp === void 0 ? {} : { [TIMESTAMP_SIGNATURE]: encode2(timestamp) },
        x5c: chain.map(encode2),
        [SIGNING_AGENT]: agent
      };
      return Buffer.from(JSON.stringify({ ...parts, header: unsigned, signature: encodeUrl(signature) }));
    }
  };
}
function parseJws(bytes) {
  const envelope = parseStrictJson(envelopeSchema, bytes, "an envelope");
  const header = parseStrictJson(protectedSchema, envelope.protected, "a protected header");
  checkDisjoint(Object.keys(header), Object.keys(envelope.header));
  const agent = envelope.header[SIGNING_AGENT];
  const timestamp = envelope.header[TIMESTAMP_SIGNATURE];
  return {
    format: "jws",
    target: parsePayload(envelope.payload),
    algorithm: algorithmNamed(header.alg).name,
    chain: envelope.header.x5c,
    ...readAttributes({
      all: new Map(Object.entries(header)),
      registered: ["alg", "cty", "crit"],
      critical: header.crit,
      readTime: readTime2
    }),
    ...agent === void 0 ? {} : { agent },
    ...timestamp === void 0 ? {} : { timestamp },
    signature: envelope.signature,
    signed: signingInput({
      payload: encodeUrl(envelope.payload),
      protected: encodeUrl(envelope.protected)
    })
  };
}
function signingInput(parts) {
  return Buffer.from(`${parts.protected}.${parts.payload}`, "ascii");
}
function readTime2(value) {
  const [, local, fraction = "", offset = ""] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.exec(String(value)) ?? [];
  const calendar = /* @__PURE__ */ new Date(`${local}Z`);
  const time = /* @__PURE__ */ new Date(`${local}${fraction}${offset}`);
  const real = !Number.isNaN(calendar.getTime()) && calendar.toISOString().startsWith(`${local}.`);
  if (!real || Number.isNaN(time.getTime())) throw new FormatError("has a time that is not one of RFC 3339");
  return time;
}
function rfc3339(time) {
  return time.toISOString().replace(/\.\d+Z$/, "Z");
}
function encode2(bytes) {
  return Buffer.from(bytes).toString("base64");
}
function encodeUrl(bytes) {
  return Buffer.from(bytes).toString("base64url");
}

// src/signatures/notary/envelope/parse.ts
var MAX_BYTES = 1024 * 1024;
var MAX_CERTIFICATES = 10;
var PARSERS = {
  jws: parseJws,
  cose: parseCose
};
function parseEnvelope(mediaType, bytes) {
  const format = ["jws", "cose"].find((one) => ENVELOPE_MEDIA_TYPE[one] === mediaType);
  if (format === void 0) {
    throw new VeritySignError(
      "image",
      `${JSON.stringify(mediaType)} is not the media type of a Notary signature`,
      { remedy: "Sign the image again as jws or cose" }
    );
  }
  try {
    if (bytes.length > MAX_BYTES) throw new FormatError(`has more than ${MAX_BYTES / 1024} KiB`);
    const envelope = PARSERS[format](bytes);
    checkCertificates(envelope.chain);
    return envelope;
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new VeritySignError("image", `the Notary signature (${format}) ${cause.message}`, {
      remedy: "Sign the image again; if it was signed as it is, someone changed the signature",
      cause
    });
  }
}
function checkCertificates(chain) {
  if (chain.length === 0) throw new FormatError("has no certificate");
  if (chain.length > MAX_CERTIFICATES)
    throw new FormatError(`has more than ${MAX_CERTIFICATES} certificates`);
  for (const der of chain) readPart("a certificate", () => readCertificate(der));
}

// src/signatures/notary/envelope/verify.ts
function checkIntegrity(envelope) {
  const { chain, algorithm, signed, signature } = envelope;
  const [leaf = new Uint8Array()] = chain;
  const { key, subject } = readCertificate(leaf);
  const fitting = algorithmOfKey(key);
  if (key === void 0 || fitting?.name !== algorithm) {
    throw new VeritySignError(
      "image",
      `the Notary signature claims the algorithm ${algorithm}, which the key of "${subject}" does not sign with`,
      { remedy: "Sign the image again with a tool that follows the Notary specification" }
    );
  }
  if (!signatureHolds(key, fitting, signed, signature)) {
    throw new VeritySignError("image", `the Notary signature was not made by the key of "${subject}"`, {
      remedy: "Sign the image again; if it was signed as it is, someone changed the signature"
    });
  }
}

export {
  ENVELOPE_MEDIA_TYPE,
  wholeSeconds,
  encodePayload,
  prepareCose,
  prepareJws,
  parseEnvelope,
  checkIntegrity
};
