import {
  requestTimestamp,
  verifyTimestamp
} from "./shared.verifying.js";
import "./shared.notary.js";
import "./shared.images.js";
import "./shared.commands.js";
import "./shared.options.js";
import "./shared.conversion.js";
import "./shared.threads.js";
import "./shared.inputs.js";
import "./shared.start.js";
export {
  requestTimestamp,
  verifyTimestamp
};
