import {
  startEarly
} from "./shared.threads.js";
import "./shared.inputs.js";
import "./shared.start.js";
export {
  startEarly
};
