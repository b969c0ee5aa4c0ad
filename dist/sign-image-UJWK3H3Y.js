import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  signImage
} from "./chunk-HLEITZ3A.js";
import "./chunk-L22K4FKD.js";
import "./chunk-BBU37HTZ.js";
import "./chunk-IQDWPNLI.js";
import "./chunk-STAQZFMR.js";
import "./chunk-AY7LO3BV.js";
import "./chunk-WXASFSVB.js";
import "./chunk-NXF6BKXP.js";
import "./chunk-OGAT3VT4.js";
import "./chunk-FNLF335D.js";
import "./chunk-DY3CNKYB.js";
import "./chunk-X2P2ZSOC.js";
import "./chunk-IH777XU5.js";
import "./chunk-6MW3NM7P.js";
import "./chunk-QRCM2NJ2.js";
import "./chunk-F7L57EWU.js";
import "./chunk-R7VVDFW5.js";
import "./chunk-BYEVULVW.js";
import "./chunk-FHI6J6AN.js";
import "./chunk-332EGVRM.js";
import "./chunk-7X66O2J3.js";
import "./chunk-BKUCSVYV.js";
import "./chunk-PJMS5TR2.js";
import "./chunk-CQBVTECB.js";
import "./chunk-F4WWHGDP.js";
import "./chunk-6NE6DGRD.js";
import "./chunk-HEFEJ7KT.js";
import "./chunk-K6WYV3QI.js";
import "./chunk-DY3HEV5V.js";
import "./chunk-DNW23BY2.js";
import "./chunk-NAMBOM6R.js";
export {
  signImage
};
