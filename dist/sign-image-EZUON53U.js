import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  signImage
} from "./chunk-TVSPZVEH.js";
import "./chunk-OEGOG4AT.js";
import "./chunk-7DLVO4SG.js";
import "./chunk-STAQZFMR.js";
import "./chunk-23KNFXGJ.js";
import "./chunk-WXASFSVB.js";
import "./chunk-E63FPJEY.js";
import "./chunk-4YHXU2SW.js";
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
import "./chunk-IQDWPNLI.js";
import "./chunk-DNW23BY2.js";
import "./chunk-NAMBOM6R.js";
export {
  signImage
};
