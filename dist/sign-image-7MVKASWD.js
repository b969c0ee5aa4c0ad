import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  signImage
} from "./chunk-N6UGSHWK.js";
import "./chunk-FL74A574.js";
import "./chunk-ESB3HLDL.js";
import "./chunk-4PPLNDIV.js";
import "./chunk-WXASFSVB.js";
import "./chunk-5CLGED6V.js";
import "./chunk-DNW23BY2.js";
import "./chunk-RBNXUTDY.js";
export {
  signImage
};
