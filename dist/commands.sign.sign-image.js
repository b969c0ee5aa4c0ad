import {
  signImage
} from "./shared.signing.js";
import "./shared.images.js";
import "./shared.options.js";
import "./shared.conversion.js";
import "./shared.threads.js";
import "./shared.inputs.js";
import "./shared.start.js";
export {
  signImage
};
