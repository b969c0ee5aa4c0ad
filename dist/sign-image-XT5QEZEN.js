import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  signImage
} from "./chunk-PBTSM6O6.js";
import "./chunk-3SDK747F.js";
import "./chunk-2TFGLHSJ.js";
import "./chunk-AJYUJ2BV.js";
import "./chunk-GTBLXIS5.js";
import "./chunk-WXASFSVB.js";
import "./chunk-HN7UX6P3.js";
import "./chunk-6NE6DGRD.js";
import "./chunk-6OOLX2PB.js";
export {
  signImage
};
