import {
  createMkfsBuilder,
  startMkfsBuilder
} from "./shared.mkfs.js";
import "./shared.options.js";
import "./shared.conversion.js";
import "./shared.inputs.js";
import "./shared.start.js";
export {
  createMkfsBuilder,
  startMkfsBuilder
};
