import {
  startEarly
} from "./shared.threads.js";
import "./shared.start.js";
export {
  startEarly
};
