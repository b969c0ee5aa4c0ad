import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  require_lib
} from "./shared.node-forge.lib.x509.js";
import {
  signatureHolds
} from "./shared.signatures.pkcs7.verify.js";
import {
  COORDINATE_BYTES,
  DIGEST_OIDS,
  ECDSA_OIDS,
  Fields,
  FormatError,
  OID,
  TAG,
  certificateName,
  embeddedCertificates,
  readDer
} from "./shared.signatures.x509.chain.js";
import {
  VeritySignError
} from "./shared.errors.js";
import {
  __toESM
} from "./runtime.js";

// src/signatures/pkcs7/build.ts
var import_node_forge = __toESM(require_lib(), 1);

// src/signatures/x509/ecdsa.ts
function p1363ToDer(signature, coordinateBytes) {
  if (signature.length !== 2 * coordinateBytes) {
    throw new FormatError(
      `an ECDSA signature of ${signature.length} bytes instead of ${2 * coordinateBytes}`
    );
  }
  const body = [signature.subarray(0, coordinateBytes), signature.subarray(coordinateBytes)].map(integer);
  const content = Buffer.concat(body);
  const header = content.length < 128 ? [TAG.sequence, content.length] : [TAG.sequence, 129, content.length];
  return Buffer.concat([Buffer.from(header), content]);
}
function checkEcdsaDer(signature, coordinateBytes) {
  const sequence2 = readDer(signature);
  if (sequence2.tag !== TAG.sequence) throw new FormatError("an ECDSA signature that is not a SEQUENCE");
  const fields = new Fields(sequence2, "the ECDSA signature");
  for (const name of ["r", "s"]) {
    const { content } = fields.take(TAG.integer, name);
    const first = content[0] ?? 0;
    const magnitude = first === 0 ? content.subarray(1) : content;
    if (first >= 128 || magnitude.length === 0 || magnitude.length > coordinateBytes) {
      throw new FormatError(`an ECDSA signature whose ${name} is out of range`);
    }
  }
  fields.end();
}
function integer(half) {
  const start = half.findIndex((byte) => byte !== 0);
  if (start === -1) throw new FormatError("an ECDSA signature with a zero");
  const magnitude = half.subarray(start);
  const sign = (magnitude[0] ?? 0) >= 128 ? [0] : [];
  return Buffer.concat([Buffer.from([TAG.integer, magnitude.length + sign.length, ...sign]), magnitude]);
}

// src/signatures/pkcs7/build.ts
var { asn1 } = import_node_forge.default;
function buildPkcs7({ signature, chain, rootHash }) {
  const { leaf } = chain;
  const value = kernelSignature(signature, chain);
  if (!signatureHolds(leaf.x509.publicKey, signature.digest, value, rootHash)) {
    throw new VeritySignError(
      "key",
      `the signer returned a signature that the ${certificateName(leaf)} does not verify`,
      { remedy: "Give the certificate that belongs to the key" }
    );
  }
  const digest = sequence(oid(DIGEST_OIDS[signature.digest]), nil());
  const signerInfo = sequence(
    integer2(1),
    rawSequence(leaf.raw.issuer, leaf.raw.serial),
    digest,
    signatureAlgorithm(signature.scheme, signature.digest),
    asn1.create(asn1.Class.UNIVERSAL, asn1.Type.OCTETSTRING, false, toBinary(value))
  );
  const signedData = sequence(
    integer2(1),
    set(digest),
    sequence(oid(OID.data)),
    raw(asn1.Class.CONTEXT_SPECIFIC, 0, ...embeddedCertificates(chain).map((certificate) => certificate.der)),
    set(signerInfo)
  );
  const contentInfo = sequence(
    oid(OID.signedData),
    asn1.create(asn1.Class.CONTEXT_SPECIFIC, 0, true, [signedData])
  );
  return Buffer.from(asn1.toDer(contentInfo).getBytes(), "latin1");
}
function kernelSignature(signature, { leaf }) {
  const { scheme, value } = signature;
  const kind = leaf.keyKind ?? "unknown key";
  if (scheme === "rsa-pss") {
    throw new VeritySignError(
      "key",
      "the signer returned an RSASSA-PSS signature, which the kernel cannot verify",
      {
        remedy: "Use an EC key, or a signer that can make RSA PKCS#1 v1.5 signatures"
      }
    );
  }
  const coordinateBytes = leaf.keyKind === void 0 ? void 0 : COORDINATE_BYTES[leaf.keyKind];
  if (scheme === "rsa-pkcs1-v1_5" !== (coordinateBytes === void 0)) {
    throw new VeritySignError("key", `the signer returned a signature of scheme ${scheme} for ${kind}`, {
      remedy: "Give the certificate that belongs to the key"
    });
  }
  if (coordinateBytes === void 0) return value;
  try {
    if (scheme === "ecdsa-p1363") return p1363ToDer(value, coordinateBytes);
    checkEcdsaDer(value, coordinateBytes);
    return value;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new VeritySignError("key", `the signer returned ${error.message} for ${kind}`, {
      remedy: "Give the certificate that belongs to the key, and check the signer",
      cause: error
    });
  }
}
function signatureAlgorithm(scheme, digest) {
  return scheme === "rsa-pkcs1-v1_5" ? sequence(oid(OID.rsaEncryption), nil()) : sequence(oid(ECDSA_OIDS[digest]));
}
function sequence(...fields) {
  return asn1.create(asn1.Class.UNIVERSAL, asn1.Type.SEQUENCE, true, fields);
}
function set(...members) {
  return asn1.create(asn1.Class.UNIVERSAL, asn1.Type.SET, true, members);
}
function oid(dotted) {
  return asn1.create(asn1.Class.UNIVERSAL, asn1.Type.OID, false, asn1.oidToDer(dotted).getBytes());
}
function integer2(value) {
  return asn1.create(asn1.Class.UNIVERSAL, asn1.Type.INTEGER, false, asn1.integerToDer(value).getBytes());
}
function nil() {
  return asn1.create(asn1.Class.UNIVERSAL, asn1.Type.NULL, false, "");
}
function rawSequence(...encodings) {
  return raw(asn1.Class.UNIVERSAL, asn1.Type.SEQUENCE, ...encodings);
}
function raw(tagClass, type, ...encodings) {
  return asn1.create(tagClass, type | 32, false, toBinary(Buffer.concat(encodings)));
}
function toBinary(bytes) {
  return Buffer.from(bytes).toString("latin1");
}
export {
  buildPkcs7
};
