import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  signImage
} from "./chunk-ZNDYAMEE.js";
import "./chunk-RU5ZWQDP.js";
import "./chunk-STAQZFMR.js";
import "./chunk-EUZGBUEM.js";
import "./chunk-4CAITVLW.js";
import "./chunk-WXASFSVB.js";
import "./chunk-LO4XRIRO.js";
import "./chunk-K7JQWRNL.js";
import "./chunk-SQPHIXMT.js";
import "./chunk-L2VQVLR6.js";
import "./chunk-N4OHMJ3Y.js";
import "./chunk-WW4WEF6W.js";
import "./chunk-6DRF3IVD.js";
import "./chunk-443UWDZ2.js";
import "./chunk-UJ6EOHF2.js";
import "./chunk-UX3ARFZ4.js";
import "./chunk-IQDWPNLI.js";
import "./chunk-DNW23BY2.js";
import "./chunk-NAMBOM6R.js";
export {
  signImage
};
