import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  NativeMaker
} from "./chunk-BM5RTAMJ.js";
import "./chunk-DTLIC4VF.js";
import "./chunk-XDR32JTG.js";
import "./chunk-VA2BYK4P.js";
import "./chunk-PJMS5TR2.js";
import "./chunk-CQBVTECB.js";
import "./chunk-D2PTNZFS.js";
import "./chunk-6NE6DGRD.js";
import "./chunk-HEFEJ7KT.js";
import "./chunk-K6WYV3QI.js";
import "./chunk-DY3HEV5V.js";
import "./chunk-DNW23BY2.js";
import "./chunk-NAMBOM6R.js";
export {
  NativeMaker
};
