import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  verifyImage
} from "./chunk-OLF7G7IA.js";
import "./chunk-AT3UQP73.js";
import "./chunk-OWJHIBOL.js";
import "./chunk-42SU7IRJ.js";
import "./chunk-G2LUX2YB.js";
import "./chunk-DGTPHVMY.js";
import "./chunk-ZRVTLHIF.js";
import "./chunk-3GVJGGCL.js";
import "./chunk-TE2W3I2Q.js";
import "./chunk-5E73QSU7.js";
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
import "./chunk-DNW23BY2.js";
import "./chunk-NAMBOM6R.js";
export {
  verifyImage
};
