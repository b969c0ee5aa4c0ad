import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  checkSigningChain,
  thumbprintsAnnotation
} from "./chunk-ZRVTLHIF.js";
import "./chunk-TE2W3I2Q.js";
import "./chunk-5E73QSU7.js";
import "./chunk-DNW23BY2.js";
import "./chunk-NAMBOM6R.js";
export {
  checkSigningChain,
  thumbprintsAnnotation
};
