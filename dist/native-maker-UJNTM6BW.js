import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  NativeMaker
} from "./chunk-XGTD2N5F.js";
import "./chunk-MSPSICUA.js";
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
  NativeMaker
};
