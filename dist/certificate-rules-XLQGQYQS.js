import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  checkSigningChain,
  thumbprintsAnnotation
} from "./chunk-6ANB5LIK.js";
import "./chunk-MTY4QHTZ.js";
import "./chunk-47M5AD6S.js";
import "./chunk-DNW23BY2.js";
import "./chunk-NAMBOM6R.js";
export {
  checkSigningChain,
  thumbprintsAnnotation
};
