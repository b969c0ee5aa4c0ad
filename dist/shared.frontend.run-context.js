import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  ConversionCache
} from "./shared.convert.conversion-cache.js";
import {
  SystemLimitError
} from "./shared.lib.process.system-limit.js";
import {
  VeritySignError,
  isSystemLimit
} from "./shared.errors.js";

// src/frontend/run-context.ts
function runContext(log, signal, secrets, env = process.env) {
  const now = /* @__PURE__ */ new Date();
  const ci = ciFromEnvironment(env);
  return {
    log,
    signal,
    secrets,
    ...ci === void 0 ? {} : { ci },
    conversions: new ConversionCache(),
    now,
    created: sourceDate(env.SOURCE_DATE_EPOCH) ?? now
  };
}
function sourceDate(epoch) {
  if (epoch === void 0 || epoch === "") return void 0;
  const date = new Date(/^\d{1,12}$/.test(epoch) ? Number(epoch) * 1e3 : Number.NaN);
  if (Number.isNaN(date.getTime())) {
    throw new VeritySignError("usage", `SOURCE_DATE_EPOCH: "${epoch}" is not a number of seconds`, {
      remedy: "Set it to whole seconds since 1970, or unset it"
    });
  }
  return date;
}
function ciFromEnvironment(env) {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = env;
  if (env.GITHUB_ACTIONS !== "true" || !server || !repository) return void 0;
  const source = `${server}/${repository}`;
  const { GITHUB_SHA: revision, GITHUB_WORKFLOW_REF: workflow, GITHUB_RUN_ID: run } = env;
  const attempt = env.GITHUB_RUN_ATTEMPT ? `/attempts/${env.GITHUB_RUN_ATTEMPT}` : "";
  return {
    source,
    ...revision ? { revision } : {},
    ...workflow ? { workflow } : {},
    ...run ? { runUrl: `${source}/actions/runs/${run}${attempt}` } : {}
  };
}
function abortOnSignals() {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(name, () => controller.abort(new VeritySignError("cancelled", `stopped by ${name}`)));
  }
  return controller.signal;
}
async function untilAborted(signal, work) {
  try {
    return await work();
  } catch (error) {
    const cancelled = error instanceof VeritySignError && error.code === "cancelled";
    if (signal.aborted && !cancelled) throw signal.reason;
    if (error instanceof VeritySignError || !isSystemLimit(error)) throw error;
    throw new SystemLimitError(`the system refuses more (${error.message})`, error);
  }
}

export {
  runContext,
  abortOnSignals,
  untilAborted
};
