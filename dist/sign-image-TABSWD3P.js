import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  signImage
} from "./chunk-2EOP4OET.js";
import "./chunk-3SDK747F.js";
import "./chunk-H7XUUZ5T.js";
import "./chunk-UTN2JLGI.js";
import "./chunk-GTBLXIS5.js";
import "./chunk-WXASFSVB.js";
import "./chunk-HN7UX6P3.js";
import "./chunk-6NE6DGRD.js";
import "./chunk-6OOLX2PB.js";
export {
  signImage
};
