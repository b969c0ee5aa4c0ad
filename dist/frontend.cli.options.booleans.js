import {
  STANDARD_OUTPUT,
  wantedOutput,
  withExplicitBooleans
} from "./shared.inputs.js";
import "./shared.start.js";
export {
  STANDARD_OUTPUT,
  wantedOutput,
  withExplicitBooleans
};
