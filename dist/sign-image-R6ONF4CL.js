import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  signImage
} from "./chunk-A2F2OIWA.js";
import "./chunk-OEGOG4AT.js";
import "./chunk-7DLVO4SG.js";
import "./chunk-STAQZFMR.js";
import "./chunk-23KNFXGJ.js";
import "./chunk-WXASFSVB.js";
import "./chunk-E63FPJEY.js";
import "./chunk-E4JVONZH.js";
import "./chunk-XSO6KFWY.js";
import "./chunk-HPHZAI5M.js";
import "./chunk-7FZNO2EH.js";
import "./chunk-44JRK6AA.js";
import "./chunk-VH5MF2KG.js";
import "./chunk-QRCM2NJ2.js";
import "./chunk-K6WYV3QI.js";
import "./chunk-R7VVDFW5.js";
import "./chunk-F7L57EWU.js";
import "./chunk-QUTIU245.js";
import "./chunk-XXSUOPML.js";
import "./chunk-6NE6DGRD.js";
import "./chunk-OGAT3VT4.js";
import "./chunk-IQDWPNLI.js";
import "./chunk-DNW23BY2.js";
import "./chunk-NAMBOM6R.js";
export {
  signImage
};
