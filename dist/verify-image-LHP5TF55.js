import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  verifyImage
} from "./chunk-GRWYH2WM.js";
import "./chunk-JB7EUFC3.js";
import "./chunk-DGTPHVMY.js";
import "./chunk-OWJHIBOL.js";
import "./chunk-ZRVTLHIF.js";
import "./chunk-4UEMRCHL.js";
import "./chunk-3GVJGGCL.js";
import "./chunk-G2LUX2YB.js";
import "./chunk-TE2W3I2Q.js";
import "./chunk-5E73QSU7.js";
import "./chunk-STAQZFMR.js";
import "./chunk-POETUNHI.js";
import "./chunk-WXASFSVB.js";
import "./chunk-W6C3FXNF.js";
import "./chunk-LO4XRIRO.js";
import "./chunk-ZGAJU4JY.js";
import "./chunk-VH5MF2KG.js";
import "./chunk-B5ETC6TQ.js";
import "./chunk-4AIO7DLR.js";
import "./chunk-WW4WEF6W.js";
import "./chunk-443UWDZ2.js";
import "./chunk-6DRF3IVD.js";
import "./chunk-EFP4QKPO.js";
import "./chunk-Y2AXBFJH.js";
import "./chunk-332EGVRM.js";
import "./chunk-OM6RV63Z.js";
import "./chunk-T4OAU72O.js";
import "./chunk-BTLKCBDD.js";
import "./chunk-6NE6DGRD.js";
import "./chunk-HEFEJ7KT.js";
import "./chunk-K6WYV3QI.js";
import "./chunk-DY3HEV5V.js";
import "./chunk-DNW23BY2.js";
import "./chunk-NAMBOM6R.js";
export {
  verifyImage
};
