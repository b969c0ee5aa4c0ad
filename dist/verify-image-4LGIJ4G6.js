import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  verifyImage
} from "./chunk-UMMO66OH.js";
import "./chunk-WYGMPXDT.js";
import "./chunk-3SDK747F.js";
import "./chunk-OPU5SETO.js";
import "./chunk-OI3WVC46.js";
import "./chunk-GTBLXIS5.js";
import "./chunk-WXASFSVB.js";
import "./chunk-HN7UX6P3.js";
import "./chunk-6NE6DGRD.js";
import "./chunk-6OOLX2PB.js";
export {
  verifyImage
};
