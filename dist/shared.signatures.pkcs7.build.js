import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  checkEcdsaDer,
  p1363ToDer
} from "./shared.signatures.x509.ecdsa.js";
import {
  require_lib
} from "./shared.node-forge.lib.x509.js";
import {
  embeddedCertificates,
  holdsOver,
  signedContent
} from "./shared.signatures.pkcs7.signing-chain.js";
import {
  certificateName
} from "./shared.signatures.x509.chain.js";
import {
  DIGEST_OIDS,
  ECDSA_OIDS,
  OID
} from "./shared.signatures.x509.algorithms.js";
import {
  COORDINATE_BYTES
} from "./shared.signatures.x509.key.js";
import {
  FormatError
} from "./shared.formats.format-error.js";
import {
  VeritySignError
} from "./shared.errors.js";
import {
  __toESM
} from "./runtime.js";

// src/signatures/pkcs7/build.ts
var import_node_forge = __toESM(require_lib(), 1);
var { asn1 } = import_node_forge.default;
function buildPkcs7({ signature, chain, rootHash }) {
  return build(signature, chain, signedContent(rootHash), []);
}
function buildPkcs7WithContent({ signature, chain, content }) {
  const embedded = asn1.create(asn1.Class.CONTEXT_SPECIFIC, 0, true, [octetString(content)]);
  return build(signature, chain, content, [embedded]);
}
function build(signature, chain, content, embedded) {
  const { leaf } = chain;
  const value = kernelSignature(signature, chain);
  if (!holdsOver(leaf.key, signature.digest, value, content)) {
    throw new VeritySignError(
      "key",
      `the signer returned a signature that the ${certificateName(leaf)} does not verify`,
      { remedy: "Give the certificate that belongs to the key" }
    );
  }
  const digest = sequence(oid(DIGEST_OIDS[signature.digest]), nil());
  const signerInfo = sequence(
    integer(1),
    rawSequence(leaf.raw.issuer, leaf.raw.serial),
    digest,
    signatureAlgorithm(signature.scheme, signature.digest),
    octetString(value)
  );
  const signedData = sequence(
    integer(1),
    set(digest),
    sequence(oid(OID.data), ...embedded),
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
    const what = `an ECDSA signature for ${kind} that ${error.message}`;
    throw new VeritySignError("key", `the signer returned ${what}`, {
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
function integer(value) {
  return asn1.create(asn1.Class.UNIVERSAL, asn1.Type.INTEGER, false, asn1.integerToDer(value).getBytes());
}
function octetString(bytes) {
  return asn1.create(asn1.Class.UNIVERSAL, asn1.Type.OCTETSTRING, false, toBinary(bytes));
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
  buildPkcs7,
  buildPkcs7WithContent
};
