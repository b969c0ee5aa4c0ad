import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  cut,
  textWidth
} from "./shared.frontend.render.text-width.js";
import {
  shortDigests
} from "./shared.frontend.render.format.js";
import {
  formatBytes
} from "./shared.lib.format-bytes.js";

// src/frontend/trust-certificates.ts
async function trustCertificates(log, env = process.env) {
  if (!env.SSL_CERT_FILE) return;
  const { trustCertificateFile } = await import("./lib.certificate-file.js");
  const reason = trustCertificateFile(env.SSL_CERT_FILE);
  if (reason === void 0) return;
  log.warn(`SSL_CERT_FILE is not used: ${env.SSL_CERT_FILE} cannot be read (${reason})`);
}

// src/frontend/output/progress-line.ts
var MIN_TASK = 6;
function progressLine(task, done, total, width = Number.POSITIVE_INFINITY) {
  const amount = amountOf(done, total);
  const room = width - textWidth(`: ${amount}`);
  if (room < MIN_TASK) return cut(amount, width, 0);
  return `${cut(shortDigests(task), room, 0)}: ${amount}`;
}
function amountOf(done, total) {
  if (total === void 0 || total <= 0) return formatBytes(done);
  const percent = Math.min(100, Math.floor(100 * done / total));
  return `${percent} % of ${formatBytes(total)}`;
}

export {
  progressLine,
  trustCertificates
};
