import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  NativeMaker
} from "./chunk-V4LIPX2W.js";
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
  NativeMaker
};
