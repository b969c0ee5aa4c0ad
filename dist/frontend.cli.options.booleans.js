import {
  wantedOutput,
  withExplicitBooleans
} from "./shared.inputs.js";
import "./shared.start.js";
export {
  wantedOutput,
  withExplicitBooleans
};
