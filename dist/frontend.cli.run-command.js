import {
  reportInvalid,
  runCommand
} from "./shared.commands.js";
import "./shared.options.js";
import "./shared.conversion.js";
import "./shared.inputs.js";
import "./shared.start.js";
export {
  reportInvalid,
  runCommand
};
