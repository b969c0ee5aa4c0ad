import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  EXTENSION,
  Fields,
  TAG,
  childrenOf,
  fieldsOf,
  oidOf,
  readDer,
  sameBytes
} from "./shared.signatures.x509.algorithms.js";
import {
  FormatError
} from "./shared.formats.format-error.js";

// src/signatures/x509/name.ts
var ONE_BYTE = /* @__PURE__ */ new Set([18, 19, 20, 21, 22, 25, 26, 27]);
var UNIVERSAL_STRING = 28;
var BMP_STRING = 30;
function readName(der) {
  return readRdns(der).flat();
}
function readRdns(der) {
  const name = readDer(der);
  if (name.tag !== TAG.sequence) throw new FormatError("has a name that is not a SEQUENCE");
  return childrenOf(name).map((rdn) => {
    if (rdn.tag !== TAG.set) throw new FormatError("has a name that is not made of SETs");
    return childrenOf(rdn).map((element) => {
      const fields = fieldsOf(element, "an attribute of a name");
      const type = oidOf(fields.take(TAG.oid, "type"));
      const value = fields.takeAny();
      fields.end();
      return { type, value: textOf(value, type) };
    });
  });
}
function textOf(element, type) {
  const text = element === void 0 ? void 0 : decoded(element);
  if (text === void 0) throw new FormatError(`has a name whose attribute ${type} is not text`);
  return text;
}
function decoded({ tag, content }) {
  if (ONE_BYTE.has(tag)) return Buffer.from(content).toString("latin1");
  try {
    if (tag === TAG.utf8String) return utf8.decode(content);
    if (tag === BMP_STRING) return utf16.decode(content);
    if (tag !== UNIVERSAL_STRING || content.length % 4 !== 0) return void 0;
    const view = new DataView(content.buffer, content.byteOffset, content.length);
    return String.fromCodePoint(
      ...Array.from({ length: content.length / 4 }, (_, index) => view.getUint32(4 * index))
    );
  } catch {
    return void 0;
  }
}
var utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
var utf16 = new TextDecoder("utf-16be", { fatal: true, ignoreBOM: true });

// src/signatures/x509/constraints/addresses.ts
function ipAddress(bytes) {
  return bytes.length === 4 || bytes.length === 16 ? bytes : void 0;
}
function network(bytes) {
  const half = bytes.length / 2;
  const address = bytes.subarray(0, half);
  const mask = bytes.subarray(half);
  if (ipAddress(address) === void 0 || address.length !== mask.length) return void 0;
  const bits = [...mask].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return /^1*0*$/.test(bits) ? { address, mask } : void 0;
}
function isInNetwork({ address, mask }, name) {
  if (address.length !== name.length) return false;
  return name.every((byte, index) => ((byte ^ (address[index] ?? 0)) & (mask[index] ?? 0)) === 0);
}

// src/signatures/x509/constraints/directory-name.ts
var INSIGNIFICANT = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\ufffc]/gu;
function comparableRdns(der) {
  return readRdns(der).map((rdn) => JSON.stringify(rdn.map(comparable).sort()));
}
function isBelow(base, name) {
  return base.every((rdn, index) => rdn === name[index]);
}
function comparable({ type, value }) {
  const mapped = value.replaceAll(/\s+/gu, " ").replaceAll(INSIGNIFICANT, "").normalize("NFKC");
  const folded = mapped.toUpperCase().toLowerCase().normalize("NFKC");
  return `${type}=${folded.replaceAll(/\s+/gu, " ").trim()}`;
}

// src/signatures/x509/constraints/hosts.ts
var HOST = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;
var LOCAL_PART = /^[\w.!#$%&'*+/=?^`{|}~-]+$/;
var URI_HOST = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/(?:[\w.~!$&'()*+,;=:%-]*@)?([A-Za-z0-9._-]+)(?::[0-9]*)?(?:[/?#]|$)/;
function dnsName(text) {
  const lower = text.toLowerCase();
  return HOST.test(lower.replace(/^\*\./, "")) ? lower : void 0;
}
function dnsBase(text) {
  const lower = text.toLowerCase();
  return lower === "" || HOST.test(lower.replace(/^\./, "")) ? lower : void 0;
}
function isInDomain(base, name) {
  if (base.startsWith(".")) return name.endsWith(base);
  return base === "" || name === base || name.endsWith(`.${base}`);
}
function reachesDomain(base, name) {
  if (isInDomain(base, name)) return true;
  if (!name.startsWith("*.")) return false;
  const suffix = name.slice(1);
  const host = base.replace(/^\./, "");
  return host.endsWith(suffix) && !host.slice(0, -suffix.length).includes(".");
}
function mailbox(text) {
  const at = text.lastIndexOf("@");
  const [local, host] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1).toLowerCase()];
  return LOCAL_PART.test(local) && HOST.test(host) ? { local, host } : void 0;
}
function mailboxBase(text) {
  return text.includes("@") ? mailbox(text) : hostBase(text);
}
function isMailboxOf(base, { local, host }) {
  return typeof base === "string" ? isHostOf(base, host) : base.local === local && base.host === host;
}
function uriHost(text) {
  const host = URI_HOST.exec(text)?.[1]?.toLowerCase() ?? "";
  const isAddress = /^[0-9]+$/.test(host.slice(host.lastIndexOf(".") + 1));
  return HOST.test(host) && !isAddress ? host : void 0;
}
function hostBase(text) {
  const lower = text.toLowerCase();
  return HOST.test(lower.replace(/^\./, "")) ? lower : void 0;
}
function isHostOf(base, host) {
  return base.startsWith(".") ? host.endsWith(base) : host === base;
}

// src/signatures/x509/constraints/name-forms.ts
var FORM = { otherName: 160, rfc822Name: 129, directoryName: 164 };
function compared(name, how) {
  const wrap = (value) => value === void 0 ? void 0 : { value };
  const both = (test) => (base, one) => base !== void 0 && one !== void 0 && test(base.value, one.value);
  return {
    name,
    readName: (element) => wrap(how.readName(element)),
    readBase: (element) => wrap(how.readBase(element)),
    contains: both(how.contains),
    reaches: both(how.reaches ?? how.contains)
  };
}
function notCompared(name) {
  const none = () => void 0;
  return { name, readName: none, readBase: none, contains: () => false, reaches: () => true };
}
var ia5 = ({ content }) => Buffer.from(content).toString("latin1");
var rdns = ({ content }) => comparableRdns(content);
var FORMS = /* @__PURE__ */ new Map([
  [FORM.otherName, notCompared("otherName")],
  [
    FORM.rfc822Name,
    compared("rfc822Name", {
      readName: (element) => mailbox(ia5(element)),
      readBase: (element) => mailboxBase(ia5(element)),
      contains: isMailboxOf
    })
  ],
  [
    130,
    compared("dNSName", {
      readName: (element) => dnsName(ia5(element)),
      readBase: (element) => dnsBase(ia5(element)),
      contains: isInDomain,
      reaches: reachesDomain
    })
  ],
  [163, notCompared("x400Address")],
  [FORM.directoryName, compared("directoryName", { readName: rdns, readBase: rdns, contains: isBelow })],
  [165, notCompared("ediPartyName")],
  [
    134,
    compared("uniformResourceIdentifier", {
      readName: (element) => uriHost(ia5(element)),
      readBase: (element) => hostBase(ia5(element)),
      contains: isHostOf
    })
  ],
  [
    135,
    compared("iPAddress", {
      readName: ({ content }) => ipAddress(content),
      readBase: ({ content }) => network(content),
      contains: isInNetwork
    })
  ],
  [136, notCompared("registeredID")]
]);
function formOf({ tag }) {
  const form = FORMS.get(tag);
  if (form === void 0) throw new FormatError("has a GeneralName of an unknown kind");
  return form;
}

// src/signatures/x509/constraints/certificate-names.ts
var EMAIL_ADDRESS = "1.2.840.113549.1.9.1";
var SMTP_UTF8_MAILBOX = "1.3.6.1.5.5.7.8.9";
var EMPTY_NAME = 2;
function namesOf({ raw, extensions }) {
  const names = raw.subject.length > EMPTY_NAME ? subjectNames(raw.subject) : [];
  const alternatives = extensions.all.get(EXTENSION.subjectAltName);
  if (alternatives === void 0) return names;
  const list = readDer(alternatives.value);
  if (list.tag !== TAG.sequence) throw new FormatError("has a subjectAltName that is not a SEQUENCE");
  return [...names, ...childrenOf(list).flatMap(alternativeNames)];
}
function subjectNames(subject) {
  const asDirectoryName = { tag: FORM.directoryName, bytes: subject, content: subject };
  const emails = readName(subject).filter(({ type }) => type === EMAIL_ADDRESS);
  return [
    nameOf(asDirectoryName, "a subject"),
    ...emails.map(({ value }) => {
      const content = Buffer.from(value);
      return nameOf({ tag: FORM.rfc822Name, bytes: content, content }, `the emailAddress ${quoted(value)}`);
    })
  ];
}
function alternativeNames(element) {
  const names = [nameOf(element, shownOf(element))];
  const [type] = element.tag === FORM.otherName ? childrenOf(element) : [];
  if (type !== void 0 && oidOf(type) === SMTP_UTF8_MAILBOX) {
    names.push({ form: formOf({ tag: FORM.rfc822Name }), value: void 0, shown: "a SmtpUTF8Mailbox" });
  }
  return names;
}
function nameOf(element, shown) {
  const form = formOf(element);
  return { form, value: form.readName(element), shown };
}
function shownOf(element) {
  const { name } = formOf(element);
  if (name === "iPAddress") return `the iPAddress ${Buffer.from(element.content).toString("hex")}`;
  const isText = ["rfc822Name", "dNSName", "uniformResourceIdentifier"].includes(name);
  return isText ? `the ${name} ${quoted(ia5(element))}` : `a name of the form ${name}`;
}
function quoted(text) {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}

// src/signatures/x509/constraints/name-constraints.ts
function nameConstraintsOf({ extensions }) {
  const extension = extensions.all.get(EXTENSION.nameConstraints);
  if (extension === void 0) return void 0;
  const fields = fieldsOf(readDer(extension.value), "nameConstraints");
  const permitted = fields.takeIf(TAG.context0);
  const excluded = fields.takeIf(TAG.context1);
  fields.end();
  if (permitted === void 0 && excluded === void 0) throw new FormatError("has empty nameConstraints");
  return { permitted: readSubtrees(permitted), excluded: readSubtrees(excluded) };
}
function readSubtrees(list) {
  if (list === void 0) return [];
  const subtrees = childrenOf(list).map(readSubtree);
  if (subtrees.length === 0) throw new FormatError("has an empty list in nameConstraints");
  return subtrees;
}
function readSubtree(element) {
  if (element.tag !== TAG.sequence) throw new FormatError("has a subtree that is not a SEQUENCE");
  const fields = new Fields(element, "a subtree");
  const base = fields.takeAny();
  if (base === void 0) throw new FormatError("has a subtree without a base");
  const limited = [fields.takeIf(128), fields.takeIf(129)].some((limit) => limit !== void 0);
  fields.end();
  const form = formOf(base);
  return { form, base: limited ? void 0 : form.readBase(base) };
}

// src/signatures/x509/constraints/check-path.ts
var NAME_REMEDY = "Use a certificate with names that each CA above it may certify";
var MAX_COMPARISONS = 25e4;
function nameConstraintViolation(path) {
  for (const [above, issuer] of path.entries()) {
    if (above === 0) continue;
    let constraints;
    try {
      constraints = nameConstraintsOf(issuer);
    } catch (error) {
      return { certificate: issuer, reason: unreadable("nameConstraints", error) };
    }
    if (constraints === void 0) continue;
    for (const [index, certificate] of path.slice(0, above).entries()) {
      if (index > 0 && sameBytes(certificate.raw.issuer, certificate.raw.subject)) continue;
      const reason = violationOf(certificate, constraints, issuer.subject);
      if (reason !== void 0) return { certificate, reason };
    }
  }
  return void 0;
}
function violationOf(certificate, { permitted, excluded }, issuer) {
  let names;
  try {
    names = namesOf(certificate);
  } catch (error) {
    return unreadable("names", error);
  }
  if (names.length * (permitted.length + excluded.length) > MAX_COMPARISONS) {
    return `has ${names.length} names, too many to compare with the nameConstraints of "${issuer}"`;
  }
  for (const { form, value, shown } of names) {
    const allowed = permitted.filter((subtree) => subtree.form === form);
    const forbidden = excluded.filter((subtree) => subtree.form === form);
    const subtrees = [...allowed, ...forbidden];
    if (subtrees.length === 0) continue;
    if (value === void 0 || subtrees.some(({ base }) => base === void 0)) {
      return `has ${shown}, which cannot be compared with the nameConstraints of "${issuer}"`;
    }
    if (forbidden.some(({ base }) => form.reaches(base, value))) {
      return `has ${shown}, which the nameConstraints of "${issuer}" exclude`;
    }
    if (allowed.length > 0 && !allowed.some(({ base }) => form.contains(base, value))) {
      return `has ${shown}, which the nameConstraints of "${issuer}" do not permit`;
    }
  }
  return void 0;
}
function unreadable(what, error) {
  if (!(error instanceof FormatError)) throw error;
  return `has ${what} that cannot be read: it ${error.message}`;
}

export {
  readName,
  NAME_REMEDY,
  nameConstraintViolation
};
