import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  verifyImage
} from "./chunk-45WL5K3X.js";
import "./chunk-WYGMPXDT.js";
import "./chunk-3SDK747F.js";
import "./chunk-4X7OHEXY.js";
import "./chunk-AJYUJ2BV.js";
import "./chunk-GTBLXIS5.js";
import "./chunk-WXASFSVB.js";
import "./chunk-HN7UX6P3.js";
import "./chunk-6NE6DGRD.js";
import "./chunk-6OOLX2PB.js";
export {
  verifyImage
};
