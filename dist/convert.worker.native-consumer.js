import {
  NativeConsumer
} from "./shared.worker.js";
import "./shared.conversion.js";
import "./shared.inputs.js";
import "./shared.start.js";
export {
  NativeConsumer
};
