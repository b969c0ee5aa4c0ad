import {
  checkChain,
  checkExtensions,
  checkSignerPurpose,
  checkSigningChain,
  thumbprintsAnnotation
} from "./shared.notary.js";
import "./shared.images.js";
import "./shared.options.js";
import "./shared.conversion.js";
import "./shared.threads.js";
import "./shared.inputs.js";
import "./shared.start.js";
export {
  checkChain,
  checkExtensions,
  checkSignerPurpose,
  checkSigningChain,
  thumbprintsAnnotation
};
