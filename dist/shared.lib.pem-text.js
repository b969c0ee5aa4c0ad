import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/lib/pem-text.ts
var BEGIN = "-----BEGIN ";
var BLOCK = /(-----BEGIN [A-Z0-9 ]+-----)([^-]*)(-----END [A-Z0-9 ]+-----)/g;
function isPemText(text) {
  return text.includes(BEGIN) || decoded(text) !== void 0;
}
function plainPem(text) {
  const pem = decoded(text) ?? text;
  if (!pem.includes(BEGIN)) return text;
  return pem.replace(/^\s*(["'])([\s\S]*)\1\s*$/, "$2").replaceAll(/(?:\\r)?\\n/g, "\n").replaceAll(BLOCK, (block, begin, body, end) => {
    if (/[\r\n:]/.test(body)) return block;
    const lines = body.replaceAll(/\s/g, "").match(/.{1,64}/g) ?? [];
    return `
${[begin, ...lines, end].join("\n")}
`;
  });
}
function decoded(text) {
  const base64 = text.replaceAll(/\s|\\n/g, "");
  if (!/^[A-Za-z0-9+/]{40,}={0,2}$/.test(base64)) return void 0;
  const inner = Buffer.from(base64, "base64").toString("latin1");
  return inner.includes(BEGIN) ? inner : void 0;
}
function splitPemList(text) {
  if (!isPemText(text)) return splitItems(text);
  const items = [];
  let block;
  for (const line of text.split(/\r?\n/)) {
    const trimmed = line.trim();
    if (block === void 0 && !trimmed.includes(BEGIN)) {
      if (isPemText(trimmed)) items.push(trimmed);
      else if (!/[\s=#]/.test(trimmed)) items.push(...splitItems(trimmed));
      continue;
    }
    block = [...block ?? [], line];
    if (!trimmed.includes("-----END ")) continue;
    items.push(block.join("\n"));
    block = void 0;
  }
  return block === void 0 ? items : [...items, block.join("\n")];
}
function splitItems(text) {
  const items = text.split(/[\r\n,]+/).map((item) => item.trim());
  return [...new Set(items)].filter((item) => item !== "");
}

export {
  isPemText,
  plainPem,
  splitPemList
};
