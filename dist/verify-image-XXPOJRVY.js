import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  verifyImage
} from "./chunk-CM6HP2KP.js";
import "./chunk-RNTJQHBR.js";
import "./chunk-OWJHIBOL.js";
import "./chunk-U22PABK6.js";
import "./chunk-G2LUX2YB.js";
import "./chunk-DGTPHVMY.js";
import "./chunk-ZRVTLHIF.js";
import "./chunk-3GVJGGCL.js";
import "./chunk-TE2W3I2Q.js";
import "./chunk-5E73QSU7.js";
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
import "./chunk-DNW23BY2.js";
import "./chunk-NAMBOM6R.js";
export {
  verifyImage
};
