import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  verifyImage
} from "./chunk-DYXQ6DTG.js";
import "./chunk-EHBLR4PH.js";
import "./chunk-OWJHIBOL.js";
import "./chunk-XCHQTJXN.js";
import "./chunk-G2LUX2YB.js";
import "./chunk-OJWAODB4.js";
import "./chunk-ZRVTLHIF.js";
import "./chunk-J7NDD2B4.js";
import "./chunk-TE2W3I2Q.js";
import "./chunk-5E73QSU7.js";
import "./chunk-EDSUHQAA.js";
import "./chunk-STAQZFMR.js";
import "./chunk-23KNFXGJ.js";
import "./chunk-WXASFSVB.js";
import "./chunk-E63FPJEY.js";
import "./chunk-SMB7BF7N.js";
import "./chunk-CIZTPETI.js";
import "./chunk-7FZNO2EH.js";
import "./chunk-J65OMKQV.js";
import "./chunk-X2P2ZSOC.js";
import "./chunk-QRCM2NJ2.js";
import "./chunk-K6WYV3QI.js";
import "./chunk-R7VVDFW5.js";
import "./chunk-F7L57EWU.js";
import "./chunk-J4ADR67X.js";
import "./chunk-6KJ4H54D.js";
import "./chunk-6NE6DGRD.js";
import "./chunk-OGAT3VT4.js";
import "./chunk-DNW23BY2.js";
import "./chunk-NAMBOM6R.js";
export {
  verifyImage
};
