import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  VeritySignError
} from "./shared.errors.js";

// src/signatures/x509/identity.ts
var ALIASES = {
  S: "ST",
  E: "EMAILADDRESS",
  EMAIL: "EMAILADDRESS",
  SURNAME: "SN"
};
function parseSignerIdentity(text) {
  const fingerprint = parseFingerprint(text);
  if (fingerprint !== void 0) return { fingerprint };
  const attributes = subjectAttributes(text.replace(/^x509\.subject:/, ""));
  if (attributes === void 0) {
    throw new VeritySignError(
      "usage",
      `the signer identity ${JSON.stringify(text)} is neither attributes nor a fingerprint`,
      { remedy: "Give subject attributes such as CN=release,O=Example, or a SHA-256 fingerprint in hex" }
    );
  }
  const names = attributes.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === void 0) return { attributes };
  throw new VeritySignError("usage", `the signer identity ${JSON.stringify(text)} has ${twice} twice`, {
    remedy: "Give each attribute once, or a SHA-256 fingerprint; further identities go on lines of their own"
  });
}
function parseFingerprint(text) {
  const hex = text.replace(/^sha256:/i, "").replaceAll(":", "");
  return /^[0-9a-f]{64}$/i.test(hex) ? hex.toLowerCase() : void 0;
}
function subjectAttributes(text) {
  const parsed = splitUnescaped(text, ",").map(parseAttribute);
  const attributes = parsed.filter((attribute) => attribute !== void 0);
  return attributes.length < parsed.length ? void 0 : attributes;
}
function hasIdentity(certificate, identity) {
  if ("fingerprint" in identity) return certificate.fingerprint === identity.fingerprint;
  const present = (certificate.x509.subject ?? "").split("\n").flatMap((line) => splitUnescaped(line, " + ")).map(writtenAttribute);
  return identity.attributes.every(([name, value]) => {
    const [only, ...others] = present.filter((attribute) => attribute.name === name);
    return only?.value === value && others.length === 0;
  });
}
function parseAttribute(text) {
  const at = text.indexOf("=");
  const name = text.slice(0, Math.max(at, 0)).trim();
  const written = text.slice(at + 1).trimStart();
  const end = written.trimEnd();
  const escaped = end !== written && (/\\*$/.exec(end)?.[0].length ?? 0) % 2 === 1;
  const value = unescaped(escaped ? written.slice(0, end.length + 1) : end);
  if (!value || !/^(?:[A-Za-z][A-Za-z0-9.-]*|\d+(?:\.\d+)*)$/.test(name)) return void 0;
  return [nameOf(name), value];
}
function writtenAttribute(text) {
  const at = text.indexOf("=");
  const value = text.slice(at + 1);
  return {
    name: nameOf(text.slice(0, Math.max(at, 0))),
    value: value.startsWith("#") ? void 0 : unescaped(value)
  };
}
function nameOf(written) {
  const upper = written.toUpperCase();
  return ALIASES[upper] ?? upper;
}
function unescaped(text) {
  if (!/^(?:[^\\]|\\[0-9a-fA-F]{2}|\\[ "#+,;<=>\\])*$/s.test(text)) return void 0;
  const bytes = text.split(/(\\[0-9a-fA-F]{2}|\\.)/s).map(
    (part) => part.length === 3 && part.startsWith("\\") ? Buffer.from(part.slice(1), "hex") : Buffer.from(part.replace(/^\\(?=.)/s, ""))
  );
  try {
    return utf8.decode(Buffer.concat(bytes));
  } catch {
    return void 0;
  }
}
var utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
function splitUnescaped(text, separator) {
  const parts = [""];
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (text.startsWith(separator, at)) {
      parts.push("");
      at += separator.length - 1;
      continue;
    }
    parts[parts.length - 1] += character === "\\" ? character + (text[++at] ?? "") : character;
  }
  return parts;
}

export {
  parseSignerIdentity,
  parseFingerprint,
  subjectAttributes,
  hasIdentity
};
