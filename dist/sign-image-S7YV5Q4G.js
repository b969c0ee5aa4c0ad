import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  signImage
} from "./chunk-TCMN7ORE.js";
import "./chunk-T762VM4K.js";
import "./chunk-STAQZFMR.js";
import "./chunk-IBITTYNO.js";
import "./chunk-BLBYW4AU.js";
import "./chunk-WXASFSVB.js";
import "./chunk-LO4XRIRO.js";
import "./chunk-PSE2D6LQ.js";
import "./chunk-VL7G3DRT.js";
import "./chunk-ZKMY2P7P.js";
import "./chunk-VH5MF2KG.js";
import "./chunk-WW4WEF6W.js";
import "./chunk-6DRF3IVD.js";
import "./chunk-443UWDZ2.js";
import "./chunk-EFP4QKPO.js";
import "./chunk-XXSUOPML.js";
import "./chunk-6NE6DGRD.js";
import "./chunk-GTOR3M42.js";
import "./chunk-IQDWPNLI.js";
import "./chunk-DNW23BY2.js";
import "./chunk-NAMBOM6R.js";
export {
  signImage
};
