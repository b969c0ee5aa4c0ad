import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/erofs/native/releases.ts
var NEWEST = {
  release: "1.9.3",
  sortsXattrs: true,
  oldPax: false,
  oldEntries: false,
  needsEnd: false,
  fractionExtends: false,
  reversedBase64: false,
  linkRemovesFirst: false,
  earlyDots: false
};
var RULES = {
  "1.9.3": NEWEST,
  "1.9.2": { ...NEWEST, release: "1.9.2", sortsXattrs: false },
  "1.9.1": { ...NEWEST, release: "1.9.1", sortsXattrs: false, oldPax: true, oldEntries: true },
  "1.8.10": {
    release: "1.8.10",
    sortsXattrs: false,
    oldPax: true,
    oldEntries: true,
    needsEnd: true,
    fractionExtends: true,
    reversedBase64: true,
    linkRemovesFirst: true,
    earlyDots: true
  }
};
var RELEASES = {
  A: ["1.8.10", "1.9.1"],
  B: ["1.9.2"],
  C: ["1.9.3"]
};
var CHECKED_RELEASES = {
  "1.8.10": "A",
  "1.9.1": "A",
  "1.9.2": "B",
  "1.9.3": "C",
  "1.9.4": "C"
};

export {
  RULES,
  RELEASES,
  CHECKED_RELEASES
};
