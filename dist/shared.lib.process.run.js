import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  SystemLimitError
} from "./shared.lib.process.system-limit.js";
import {
  drained
} from "./shared.lib.process.drained.js";
import {
  VeritySignError,
  isSystemLimit
} from "./shared.errors.js";

// src/lib/process/run.ts
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { PassThrough, Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
var ToolError = class extends VeritySignError {
  exitCode;
  killedBy;
  stderr;
  /** What `run` had read of standard output; empty for `stream`. */
  stdout = "";
  timedOut;
  constructor(message, outcome, cause) {
    super("environment", message, { cause });
    this.name = "ToolError";
    this.exitCode = outcome.exitCode;
    this.killedBy = outcome.killedBy;
    this.stderr = outcome.stderr ?? "";
    this.timedOut = outcome.timedOut ?? false;
  }
};
var STDERR_KEPT = 16 * 1024;
var DEFAULT_MAX_OUTPUT = 64 * 1024 * 1024;
async function run(argv, options) {
  const child = start(argv, options);
  const chunks = [];
  const limit = options.maxOutput ?? DEFAULT_MAX_OUTPUT;
  let size = 0;
  child.stdout.on("data", (chunk) => {
    size += chunk.length;
    if (size > limit) {
      child.fail(new ToolError(`${options.name ?? argv[0]} wrote more than ${limit} bytes`, {}));
    } else {
      chunks.push(chunk);
    }
  });
  try {
    const stderr = await child.ended;
    return { stdout: Buffer.concat(chunks), stderr };
  } catch (error) {
    if (error instanceof ToolError) error.stdout = Buffer.concat(chunks).toString("utf8");
    throw error;
  }
}
function stream(argv, options) {
  const child = start(argv, options);
  const out = new PassThrough({ highWaterMark: 1024 * 1024 });
  child.stdout.pipe(out, { end: false });
  child.ended.then(
    () => out.end(),
    (error) => out.destroy(error)
  );
  return out.once("close", () => {
    child.kill();
    child.stdout.destroy();
  });
}
function start(argv, options) {
  const [program, ...args] = argv;
  if (program === void 0) throw new TypeError("empty argv");
  const name = options.name ?? program;
  const redact = redactor(options.secrets ?? []);
  options.signal?.throwIfAborted();
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: [options.stdinFd ?? (options.stdin === void 0 ? "ignore" : "pipe"), "pipe", "pipe"]
  });
  let failure;
  let closed = false;
  const kill = () => {
    if (!closed) killGroup(child, options.killGroup);
  };
  const fail = (error) => {
    failure ??= error;
    kill();
    child.stdout?.destroy();
    child.stderr?.destroy();
  };
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text) => {
    stderr = (stderr + text).slice(-STDERR_KEPT);
  });
  const timer = options.timeout === void 0 ? void 0 : setTimeout(() => {
    fail(new ToolError(`${name} did not finish within ${options.timeout} ms`, { timedOut: true }));
  }, options.timeout);
  const onAbort = () => fail(new VeritySignError("cancelled", `${name} was stopped`));
  options.signal?.addEventListener("abort", onAbort, { once: true });
  const fed = feed(child, options.stdin).catch(fail);
  const ended = new Promise((resolve, reject) => {
    child.once("error", (error) => {
      reject(notStarted(name, error, options.cwd));
    });
    child.once("close", (exitCode, killedBy) => {
      closed = true;
      void fed.then(() => {
        const said = redact(stderr).trim();
        if (failure) reject(failure);
        else if (exitCode === 0) resolve(said);
        else reject(failed(name, exitCode, killedBy, said));
      });
    });
  }).finally(() => {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", onAbort);
  });
  ended.catch(() => void 0);
  return { stdout: child.stdout ?? Readable.from([]), ended, kill, fail };
}
function notStarted(program, error, cwd) {
  const code = error.code ?? error.message;
  if (isSystemLimit(error)) return new SystemLimitError(`${program} cannot be started (${code})`, error);
  if (code === "ENOENT" && cwd !== void 0 && !existsSync(cwd)) {
    return new VeritySignError("environment", `${program} cannot be started: the folder ${cwd} is gone`, {
      remedy: "Keep other programs from removing it during the run, or set temp-dir to another folder",
      cause: error
    });
  }
  const reason = code === "ENOENT" ? "is not installed" : `cannot be started (${code})`;
  return new ToolError(`${program} ${reason}`, {}, error);
}
function failed(program, exitCode, killedBy, stderr) {
  const how = killedBy === null ? `exit status ${exitCode}` : `ended by ${killedBy}`;
  const message = stderr === "" ? `${program}: ${how}` : `${program}: ${how}: ${stderr}`;
  return new ToolError(message, {
    ...exitCode === null ? {} : { exitCode },
    ...killedBy === null ? {} : { killedBy },
    stderr
  });
}
async function feed(child, input) {
  const sink = child.stdin;
  if (input === void 0 || !sink) return;
  const source = input instanceof Readable ? input : Readable.from([input]);
  child.once("error", () => source.destroy());
  child.once("exit", (code) => {
    if (code !== 0) source.destroy();
  });
  sink.on("error", () => void 0);
  try {
    for await (const chunk of source) {
      if (!sink.writable) await setImmediate();
      else if (!sink.write(chunk)) await drained(sink);
    }
  } catch (error) {
    if (child.exitCode === null && child.signalCode === null && child.pid !== void 0) throw error;
    if (source.errored) throw error;
  }
  sink.end();
}
function killGroup(child, other) {
  if (child.pid === void 0) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    if (error.code === "EPERM") other?.(child.pid);
  }
}
function redactor(secrets) {
  const present = secrets.filter((secret) => secret !== "").sort((a, b) => b.length - a.length);
  return (text) => present.reduce((out, secret) => out.replaceAll(secret, "***"), text);
}

export {
  ToolError,
  run,
  stream,
  redactor
};
