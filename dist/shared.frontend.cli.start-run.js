import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  clearStatus,
  columnsOf,
  drawStatus
} from "./shared.frontend.output.standard-streams.js";
import {
  progressLine,
  trustCertificates
} from "./shared.frontend.output.progress-line.js";
import {
  textWidth
} from "./shared.frontend.render.text-width.js";
import {
  shortDigests
} from "./shared.frontend.render.format.js";
import {
  warnOfVisibleEnvironment
} from "./shared.frontend.hide-environment.js";
import {
  abortOnSignals,
  runContext
} from "./shared.frontend.run-context.js";
import {
  TOOL
} from "./shared.report.tool.js";
import {
  requireResources
} from "./shared.frontend.thread-pool.js";
import {
  harmless,
  splitLines
} from "./shared.frontend.output.foreign-text.js";

// src/frontend/output/console-reporter.ts
var USUAL_COLUMNS = 80;
function standardErrorLogger(level, env = process.env) {
  const columns = () => Math.min(process.stderr.columns || USUAL_COLUMNS, columnsOf(env) ?? Number.POSITIVE_INFINITY);
  const redraws = process.stderr.isTTY === true && env.TERM !== "dumb" && !env.CI;
  return consoleLogger(process.stderr, { level, ...redraws ? { columns } : {} });
}
var REDRAW = 100;
var PLAIN_INTERVAL = 1e4;
function consoleLogger(out, options) {
  const { columns } = options;
  const clock = options.clock ?? Date.now;
  const lastShown = /* @__PURE__ */ new Map();
  let drawn = Number.NEGATIVE_INFINITY;
  const write = (prefix, message, shorten = false) => {
    clearStatus();
    for (const line of splitLines(message)) {
      const whole = harmless(`${prefix}${line}`);
      const tooLong = shorten && columns !== void 0 && textWidth(whole) > columns();
      out.write(`${tooLong ? shortDigests(whole) : whole}
`);
    }
  };
  const progress = (task, done, total) => {
    const now = clock();
    if (columns !== void 0) {
      if (now - drawn < REDRAW) return;
      drawn = now;
      drawStatus(out, progressLine(harmless(task), done, total, columns() - 1));
      return;
    }
    const before = lastShown.get(task) ?? now;
    lastShown.set(task, before);
    if (now - before < PLAIN_INTERVAL) return;
    lastShown.set(task, now);
    write("", progressLine(task, done, total));
  };
  const logger = (prefix) => ({
    debug: (message) => {
      if (options.level === "debug") write(`${prefix}debug: `, message);
    },
    info: (message) => {
      if (options.level !== "quiet") write(prefix, message, true);
    },
    warn: (message) => write(`${prefix}warning: `, message),
    group: (title, work) => work(logger(`${harmless(title)}: `)),
    progress: options.level === "quiet" ? () => void 0 : progress
  });
  return logger("");
}

// src/frontend/cli/start-run.ts
async function startRun({ log: level, secrets, visible }) {
  requireResources();
  const debug = level === "normal" && Boolean(process.env.VERITY_SIGN_DEBUG);
  const log = standardErrorLogger(debug ? "debug" : level);
  const { name, version } = TOOL;
  log.debug(`${name} ${version}, Node.js ${process.versions.node}, ${process.platform}/${process.arch}`);
  warnOfVisibleEnvironment(log, visible);
  await trustCertificates(log);
  return runContext(log, abortOnSignals(), secrets);
}

export {
  startRun
};
