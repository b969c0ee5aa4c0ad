import {
  buildSelfSigned,
  encodeSubject
} from "./shared.signatures.csr.self-signed.js";
import {
  parsePkcs7WithContent
} from "./shared.signatures.pkcs7.with-content.js";
import {
  parsePolicy
} from "./shared.formats.ipe.parse.js";
import {
  PrivateKeySigner,
  buildPkcs7WithContent,
  chainFromDer
} from "./shared.signing.js";
import {
  HttpClient,
  evaluateReferrer,
  readLayerReferrers,
  readTrustedInput,
  screenReferrers,
  statusError
} from "./shared.verifying.js";
import {
  findProgram,
  programFolders
} from "./shared.mkfs.js";
import {
  ErofsLayerBuilder,
  MAX_PKCS7_WITH_CONTENT_BYTES,
  convertLayers,
  hasTars,
  manifestReport,
  openBuilder,
  platformReport,
  printable,
  readCertificate,
  uniqueLayers
} from "./shared.images.js";
import {
  versionText
} from "./shared.commands.js";
import {
  FormatError,
  GUEST_KINDS,
  HttpError,
  ToolError,
  _enum,
  array,
  boolean,
  discriminatedUnion,
  formatPlatform,
  guestArchitectures,
  guestOf,
  layerKey,
  literal,
  normalizePlatform,
  number,
  object,
  openRegular,
  parsePlatform,
  platformNames,
  readGiven,
  readRegular,
  recipeKey,
  recipesFor,
  run,
  stream,
  string,
  wasTried
} from "./shared.options.js";
import {
  DEFAULT_CLASS,
  KNOWN_CLASSES
} from "./shared.inputs.js";
import {
  REPORT_HEAD,
  VeritySignError,
  fixedEnvironment
} from "./shared.start.js";

// builtin-load:load of src/commands/preflight/boot-machine.ts
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:fs/promises of src/commands/preflight/boot-machine.ts
var found;
var all = () => found ??= load("node:fs/promises");
var one = (name) => all()[name];
var open = /* @__PURE__ */ one("open");
var mkdtemp = /* @__PURE__ */ one("mkdtemp");
var writeFile = /* @__PURE__ */ one("writeFile");

// builtin:node:path of src/commands/preflight/boot-machine.ts
var found2;
var all2 = () => found2 ??= load("node:path");
var one2 = (name) => all2()[name];
var join = /* @__PURE__ */ one2("join");

// src/commands/preflight/policy-file.ts
async function readPolicyFile(path) {
  let pkcs7;
  try {
    pkcs7 = await readRegular(path, MAX_PKCS7_WITH_CONTENT_BYTES);
  } catch (cause) {
    const reason = cause.code ?? String(cause);
    throw new VeritySignError("usage", `ipe-policy: ${path} cannot be read (${reason})`, {
      remedy: "Give the signed policy NAME.p7b that ipe-policy has made",
      cause
    });
  }
  try {
    const { content } = parsePkcs7WithContent(pkcs7);
    const { name, version } = parsePolicy(content);
    return { name, version: versionText(version), pkcs7 };
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new VeritySignError(
      "not-enforced",
      `ipe-policy: a kernel would refuse ${path}: it ${cause.message}`,
      {
        remedy: "Give the signed policy NAME.p7b that ipe-policy has made",
        cause
      }
    );
  }
}

// builtin-load:load of src/commands/preflight/vm/accelerator.ts
import { createRequire as createRequire2 } from "node:module";
var load2 = createRequire2(import.meta.url);

// builtin:node:fs of src/commands/preflight/vm/accelerator.ts
var found3;
var all3 = () => found3 ??= load2("node:fs");
var one3 = (name) => all3()[name];
var accessSync = /* @__PURE__ */ one3("accessSync");
var constants = /* @__PURE__ */ one3("constants");

// builtin:node:fs/promises of src/commands/preflight/vm/accelerator.ts
var found4;
var all4 = () => found4 ??= load2("node:fs/promises");
var one4 = (name) => all4()[name];
var rm = /* @__PURE__ */ one4("rm");
var writeFile2 = /* @__PURE__ */ one4("writeFile");

// builtin:node:path of src/commands/preflight/vm/accelerator.ts
var found5;
var all5 = () => found5 ??= load2("node:path");
var one5 = (name) => all5()[name];
var join2 = /* @__PURE__ */ one5("join");

// builtin-load:load of src/commands/preflight/vm/events.ts
import { createRequire as createRequire3 } from "node:module";
var load3 = createRequire3(import.meta.url);

// builtin:node:fs/promises of src/commands/preflight/vm/events.ts
var found6;
var all6 = () => found6 ??= load3("node:fs/promises");
var one6 = (name) => all6()[name];
var open2 = /* @__PURE__ */ one6("open");

// src/commands/preflight/vm/protocol.ts
var JOB = {
  /** Always 1: another version is another guest. */
  version: ["number"],
  /** In the order of loading: path in the initramfs, parameters in one string, which may be empty. */
  module: ["path", "parameters"],
  /** A signed IPE policy (PKCS#7 DER) to load and activate before any layer is opened. */
  policy: ["name", "hex"],
  /**
   * Lowest layer first: the number in the image, the serial number of its disk, bytes before the dm-verity
   * superblock, the root hash, and the signature, which is empty if there is none.
   */
  layer: ["number", "serial", "hashOffset", "rootHash", "hex"],
  /** `1` brings up eth0 with QEMU's user network. */
  network: ["flag"],
  /** Executable files are listed and judged: `1` or `0`. */
  list: ["flag"],
  /** The program's arguments, environment (NAME=VALUE), user as the config has it, and working directory. */
  argument: ["text"],
  environment: ["text"],
  user: ["text"],
  directory: ["path"],
  /** Seconds: the program may run, and must have run to count as alive (0: it must end). */
  limits: ["time", "alive"],
  /** Seconds: interval, time limit and start period of the health check, and its number of tries. */
  health: ["interval", "timeout", "startPeriod", "retries"],
  /** Argument of the health check's program. */
  check: ["text"],
  /** Number of the layer of which a byte is changed. */
  tamper: ["number"],
  end: []
};
var outcome = string().max(32);
var text = string().max(16384);
var layerNumber = number().int().nonnegative();
var guestEvent = discriminatedUnion("event", [
  /** First, with the modules loaded: release, dm-verity's require_signatures, IPE's enforce, as the kernel shows them. */
  object({ event: literal("kernel"), release: text, requireSignatures: text, ipeEnforce: text }),
  object({ event: literal("module"), path: text, outcome }),
  object({ event: literal("policy"), name: text, step: _enum(["load", "activate"]), outcome }),
  /** The first step that failed, or `mount` with OK. `open` is where the signature is judged. */
  object({
    event: literal("layer"),
    layer: layerNumber,
    step: _enum(["disk", "open", "mount"]),
    outcome
  }),
  object({ event: literal("overlay"), outcome }),
  /** In a layer: what hides lower layers, and whether the merged tree shows nothing below it. */
  object({
    event: literal("whiteout"),
    layer: layerNumber,
    path: text,
    kind: _enum(["file", "opaque"]),
    effective: boolean()
  }),
  /**
   * A file of the merged tree that a kernel could be asked to execute: it has an execute bit, or is ELF.
   * `outcome` is the kernel's answer to mapping it executable. `interpreter` of a script or an ELF program.
   */
  object({
    event: literal("file"),
    path: text,
    layer: layerNumber,
    kind: _enum(["program", "library", "script", "other"]),
    mode: number().int(),
    uid: number().int(),
    gid: number().int(),
    /** Of security.capability, hexadecimal. */
    capability: text.optional(),
    interpreter: text.optional(),
    outcome
  }),
  /** An executable file of a layer that a higher layer hides. */
  object({ event: literal("shadowed"), path: text, layer: layerNumber, by: layerNumber }),
  /** The program was started, or could not be. `missing`: the interpreter without which it could not. */
  object({ event: literal("started"), outcome, path: text, missing: text.optional() }),
  /** Of the program, in pieces; `end` of the run's output is bounded by the guest. */
  object({ event: literal("output"), stream: _enum(["stdout", "stderr"]), text }),
  object({ event: literal("outputCut"), bytes: number().int() }),
  /** One check: its exit status, 128 and the signal, or -1 if it did not end in time. */
  object({ event: literal("health"), status: number().int(), text }),
  /** Events that the report disk had no room for; those of the list have less room than the others. */
  object({ event: literal("reportFull"), events: number().int() }),
  /** How the run ended. `alive`: it still ran when it had to; `timeout`: it still ran and should have ended. */
  object({
    event: literal("ended"),
    how: _enum(["exit", "signal", "alive", "healthy", "unhealthy", "timeout"]),
    status: number().int(),
    seconds: number()
  }),
  /**
   * A record of the audit log, with what the guest knew of the process at that moment: its program and parent.
   * `origin` of the file: `layer`, `upper` (in the writable layer), `memory` (no file, or memfd), `tmpfs`, `other`.
   */
  object({
    event: literal("audit"),
    text,
    phase: _enum(["list", "run", "attack"]),
    executable: text.optional(),
    command: text.optional(),
    origin: _enum(["layer", "upper", "memory", "tmpfs", "other"]),
    layer: layerNumber.nullable()
  }),
  /** Records that were lost, or too many to be reported one by one. */
  object({ event: literal("auditLost"), records: number().int() }),
  /**
   * `dropped`: a program of the guest, copied into the writable layer, is executed. `open`, `control` and `read`
   * of the layer with one changed byte: opened with its signature; the block before and after the change.
   */
  discriminatedUnion("name", [
    object({ event: literal("attack"), name: literal("dropped"), outcome }),
    object({
      event: literal("attack"),
      name: literal("changed-byte"),
      layer: layerNumber,
      control: outcome,
      open: outcome,
      read: outcome
    })
  ]),
  object({ event: literal("end") })
]);

// src/commands/preflight/vm/events.ts
var MAX_LINE = 512 * 1024;
var CHUNK = 256 * 1024;
var NUL = 0;
var NEWLINE = 10;
async function* readEvents(path) {
  let number2 = 0;
  let ended = false;
  for await (const line of lines(path)) {
    number2 += 1;
    if (ended) throw refused(number2, "follows the end of the report");
    const event = parse(line, number2);
    ended = event.event === "end";
    yield event;
  }
}
async function* lines(path) {
  const file3 = await open2(path);
  try {
    let rest = Buffer.alloc(0);
    let number2 = 1;
    for (let complete = false; !complete; ) {
      const { buffer, bytesRead } = await file3.read(Buffer.alloc(CHUNK), 0, CHUNK, null);
      const nul = buffer.subarray(0, bytesRead).indexOf(NUL);
      complete = nul !== -1 || bytesRead === 0;
      rest = Buffer.concat([rest, buffer.subarray(0, nul === -1 ? bytesRead : nul)]);
      let start = 0;
      for (let end = rest.indexOf(NEWLINE); end !== -1; end = rest.indexOf(NEWLINE, start)) {
        if (end - start > MAX_LINE) throw tooLong(number2);
        yield rest.subarray(start, end);
        start = end + 1;
        number2 += 1;
      }
      rest = rest.subarray(start);
      if (rest.length > MAX_LINE) throw tooLong(number2);
    }
  } finally {
    await file3.close();
  }
}
function parse(line, number2) {
  let value;
  try {
    const text2 = new TextDecoder("utf-8", { fatal: true }).decode(line);
    value = JSON.parse(text2, (_key, part) => {
      if (typeof part === "string" && !isBytes(part)) throw new RangeError("not a byte");
      return part;
    });
  } catch (cause) {
    throw refused(number2, "is not JSON with one character for each byte", cause);
  }
  const read = guestEvent.safeParse(value);
  if (read.success) return read.data;
  const where = read.error.issues[0]?.path.join(".") ?? "";
  throw refused(number2, where === "" ? "is not an event" : `is not an event: see "${printable(where)}"`);
}
function isBytes(text2) {
  for (let index = 0; index < text2.length; index++) if (text2.charCodeAt(index) > 255) return false;
  return true;
}
function tooLong(number2) {
  return refused(number2, `has more than ${MAX_LINE} bytes`);
}
function refused(number2, what, cause) {
  return new VeritySignError("unchecked", `line ${number2} of the virtual machine's report ${what}`, {
    remedy: "Report this with the image: the guest of preflight wrote something else than its report",
    cause
  });
}

// src/commands/preflight/vm/job.ts
var SECTOR = 512;
function encodeJob(job) {
  const records = new Records();
  records.add("version", "1");
  for (const { path, parameters } of job.modules) records.add("module", path, parameters);
  for (const { name, pkcs7 } of job.policies) records.add("policy", name, hex(pkcs7));
  for (const { number: number2, serial, hashOffset, rootHash, pkcs7 } of job.layers) {
    const signature = pkcs7 === void 0 ? "" : hex(pkcs7);
    records.add("layer", decimal(number2), serial, decimal(hashOffset), rootHash, signature);
  }
  records.add("network", flag(job.network));
  records.add("list", flag(job.list));
  if (job.program !== void 0) addProgram(records, job.program);
  if (job.tamper !== void 0) records.add("tamper", decimal(job.tamper));
  records.add("end");
  return records.disk();
}
function addProgram(records, program) {
  for (const argument of program.arguments) records.add("argument", argument);
  for (const variable of program.environment) records.add("environment", variable);
  records.add("user", program.user);
  records.add("directory", program.directory);
  records.add("limits", decimal(program.limits.time), decimal(program.limits.alive));
  if (program.health === void 0) return;
  const { interval, timeout, startPeriod, retries, check: check2 } = program.health;
  records.add("health", ...[interval, timeout, startPeriod, retries].map(decimal));
  for (const argument of check2) records.add("check", argument);
}
var Records = class {
  #strings = [];
  add(keyword, ...values) {
    const wanted = JOB[keyword].length;
    if (values.length !== wanted) throw new TypeError(`${keyword} of the job takes ${wanted} values`);
    if (values.some((value) => value.includes("\0"))) {
      throw new VeritySignError("image", `a value of "${keyword}" contains a NUL character`, {
        remedy: "Build the image again without it: no Linux process can have such an argument or variable"
      });
    }
    this.#strings.push(keyword, ...values);
  }
  disk() {
    const text2 = Buffer.from(this.#strings.map((value) => `${value}\0`).join(""));
    const disk2 = Buffer.alloc(Math.ceil(text2.length / SECTOR) * SECTOR);
    text2.copy(disk2);
    return disk2;
  }
};
function hex(bytes) {
  return Buffer.from(bytes).toString("hex");
}
function flag(value) {
  return value ? "1" : "0";
}
function decimal(value) {
  if (!Number.isSafeInteger(value) || value < 0) throw new TypeError(`${value} is no number of the job`);
  return String(value);
}

// builtin-load:load of src/commands/preflight/vm/qemu.ts
import { createRequire as createRequire4 } from "node:module";
var load4 = createRequire4(import.meta.url);

// builtin:node:fs/promises of src/commands/preflight/vm/qemu.ts
var found7;
var all7 = () => found7 ??= load4("node:fs/promises");
var one7 = (name) => all7()[name];
var open3 = /* @__PURE__ */ one7("open");

// src/commands/preflight/vm/qemu.ts
var MAX_LAYERS = 127;
var REPORT_BYTES = 64 * 1024 * 1024;
var CONSOLE_BYTES = 8 * 1024 * 1024;
var PROCESSORS = 2;
var MEBIBYTE = 1024 * 1024;
var MACHINES = {
  x64: { machine: "q35,usb=off,smbus=off,vmport=off,hpet=off", serial: "ttyS0" },
  // The interrupt controller of version 2 has interrupts for a few disks only.
  arm64: { machine: "virt,gic-version=max", serial: "ttyAMA0" }
};
var PROCESSOR = {
  x64: { kvm: "max,la57=off", tcg: "max,la57=off" },
  arm64: { kvm: "host", tcg: "max,pauth-impdef=on" }
};
var ACCELERATOR = { kvm: "kvm", tcg: "tcg,thread=single" };
function consoleArgument(architecture) {
  return `console=${MACHINES[architecture].serial}`;
}
var SANDBOX = ["-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"];
function findQemu(architecture) {
  const { qemu, platform } = GUEST_KINDS[architecture];
  const path = findProgram(qemu.program, programFolders());
  if (path !== void 0) return path;
  const what = `${qemu.program} is not installed, and an image of ${platform} needs it`;
  throw new VeritySignError("environment", what, {
    remedy: `Install it with sudo apt-get install --no-install-recommends ${qemu.package}; the Action does with install: true and platform: ${platform}`
  });
}
async function bootGuest(options) {
  const qemu = findQemu(options.architecture);
  const argv = [...await confined(qemu), ...qemuArguments(options)];
  try {
    const report = await open3(options.report, "wx", 384);
    await report.truncate(REPORT_BYTES).finally(() => report.close());
    await keepConsole(argv, options);
  } catch (cause) {
    throw failure(cause, options);
  }
}
function isLate(error) {
  return error instanceof VeritySignError && error.cause instanceof ToolError && error.cause.timedOut;
}
function qemuArguments(options) {
  const { architecture, machine, accelerator, memory, commandLine, layers } = options;
  const { processors = PROCESSORS } = options;
  if (layers.length > MAX_LAYERS) throw new RangeError(`${layers.length} layers`);
  const disks = [
    disk("job", options.job, true),
    disk("report", options.report, false),
    ...layers.map(({ serial, path }) => disk(serial, path, true))
  ];
  return [
    ...["-no-user-config", "-nodefaults", "-no-reboot", "-display", "none"],
    ...["-machine", MACHINES[architecture].machine, "-accel", ACCELERATOR[accelerator]],
    ...["-cpu", PROCESSOR[architecture][accelerator], "-smp", String(processors)],
    ...["-m", `${Math.ceil(memory / MEBIBYTE)}M`],
    ...["-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console"],
    ...firmware(machine),
    ...["-initrd", machine.initramfs, "-append", commandLine.join(" ")],
    ...disks.flatMap((blockdev) => ["-blockdev", JSON.stringify(blockdev)]),
    ...disks.flatMap(({ "node-name": node }, index) => ["-device", device(node, index)]),
    ...options.network ? [
      "-netdev",
      "user,id=net",
      "-device",
      `virtio-net-pci,netdev=net,romfile=,addr=${address(disks.length)}`
    ] : []
  ];
}
function firmware(machine) {
  if (machine.kind === "direct") return ["-kernel", machine.vmlinux];
  const flash = (index, path, readOnly) => {
    const backend = { ...file(path, readOnly), "node-name": `flash${index}` };
    return ["-blockdev", JSON.stringify(backend), "-machine", `pflash${index}=flash${index}`];
  };
  return [
    ...flash(0, machine.firmware, true),
    ...flash(1, machine.variables, false),
    ...["-kernel", machine.kernel]
  ];
}
function file(path, readOnly) {
  const common = { "read-only": readOnly, cache: { "no-flush": true } };
  return { driver: "raw", ...common, file: { driver: "file", filename: path, ...common } };
}
function disk(serial, path, readOnly) {
  if (!/^[a-z0-9-]{1,20}$/.test(serial)) throw new RangeError(`the serial number ${serial}`);
  return { ...file(path, readOnly), "node-name": serial };
}
function device(serial, index) {
  return [
    `virtio-blk-pci,drive=${serial},serial=${serial},num-queues=1,disable-legacy=on,werror=report`,
    `addr=${address(index)}`
  ].join(",");
}
function address(index) {
  const [slot, part] = [1 + Math.floor(index / 8), index % 8];
  return `0x${slot.toString(16)}.${part}${part === 0 ? ",multifunction=on" : ""}`;
}
var CONFINED = /* @__PURE__ */ new Map();
function confined(qemu) {
  const known = CONFINED.get(qemu);
  if (known !== void 0) return known;
  const words = Promise.all([guard(qemu), sandbox(qemu)]).then(([before, after]) => [
    ...before,
    qemu,
    ...after
  ]);
  CONFINED.set(qemu, words);
  return words;
}
async function guard(qemu) {
  const setpriv = findProgram("setpriv", programFolders());
  if (setpriv === void 0) return [];
  const words = [setpriv, "--pdeathsig=KILL", "--no-new-privs", "--"];
  const works = await succeeds([...words, qemu, "--version"]);
  return works ? words : [];
}
async function sandbox(qemu) {
  const trial = ["-nodefaults", "-machine", "none", "-display", "none", "-monitor", "stdio", "-S"];
  return await succeeds([qemu, ...SANDBOX, ...trial], "quit\n") ? SANDBOX : [];
}
async function succeeds(argv, stdin = "") {
  try {
    await run(argv, { env: fixedEnvironment(), stdin, timeout: 1e4 });
    return true;
  } catch (error) {
    if (error instanceof ToolError) return false;
    throw error;
  }
}
async function keepConsole(argv, options) {
  const { timeout, signal } = options;
  const target = await open3(options.console, "wx", 384);
  try {
    const output = stream(argv, {
      env: fixedEnvironment(),
      timeout,
      name: GUEST_KINDS[options.architecture].qemu.program,
      ...signal === void 0 ? {} : { signal }
    });
    let kept = 0;
    for await (const chunk of output) {
      const part = chunk.subarray(0, CONSOLE_BYTES - kept);
      kept += part.length;
      if (part.length > 0) await target.write(part);
    }
  } finally {
    await target.close();
  }
}
function failure(cause, { accelerator, timeout }) {
  const { code } = cause;
  if (!(cause instanceof VeritySignError) && code !== void 0) {
    return new VeritySignError(
      "environment",
      `the files of the virtual machine cannot be written (${code})`,
      {
        remedy: "Set temp-dir to a folder with enough space that this user may write to",
        cause
      }
    );
  }
  if (!(cause instanceof ToolError)) return cause;
  const what = cause.timedOut ? `the virtual machine did not finish within ${Math.round(timeout / 1e3)} s (accelerator ${accelerator})` : `the virtual machine could not be started: ${printable(cause.message)}`;
  const remedy = cause.timedOut ? "Set a higher time-limit, or use a machine with KVM" : "Check the free memory of this machine, and that QEMU is 6.2 or later";
  return new VeritySignError("unchecked", what, { remedy, cause });
}

// src/commands/preflight/vm/accelerator.ts
var TRIAL = { direct: 5e3, uefi: 2e4 };
var TRIAL_MEMORY = 512 * 1024 * 1024;
var DEVICE = "/dev/kvm";
async function chooseAccelerator(options) {
  const { choice, log } = options;
  if (choice === "tcg") {
    log.info("Accelerator of the virtual machine: tcg, as asked for");
    return "tcg";
  }
  const reason = whyForeign(options) ?? whyNotOpen() ?? await whyNotBooted(options);
  if (reason === void 0) {
    log.info(`Accelerator of the virtual machine: kvm, in which a trial guest booted`);
    return "kvm";
  }
  if (choice === "kvm") {
    const remedy = whyForeign(options) === void 0 ? `Let this user read and write ${DEVICE}, or use accel: tcg` : "Use accel: tcg, or a machine of the architecture of the image";
    throw new VeritySignError("unchecked", `accel: kvm does not work on this machine: ${reason}`, { remedy });
  }
  log.info(`Accelerator of the virtual machine: tcg, since ${reason}`);
  return "tcg";
}
function whyForeign({ architecture, host = process.arch }) {
  return architecture === host ? void 0 : `the guest is ${architecture}, and this machine is ${host}`;
}
function whyNotOpen() {
  try {
    accessSync(DEVICE, constants.R_OK | constants.W_OK);
    return void 0;
  } catch (error) {
    return `${DEVICE} cannot be used (${error.code})`;
  }
}
async function whyNotBooted(options) {
  const { architecture, machine, commandLine, folder, signal } = options;
  const files = {
    job: join2(folder, "trial"),
    report: join2(folder, "trial-report"),
    console: join2(folder, "trial-console")
  };
  const nothing = { modules: [], policies: [], layers: [], network: false, list: false };
  try {
    await writeFile2(files.job, encodeJob({ ...nothing, program: void 0, tamper: void 0 }), {
      mode: 384
    });
    await bootGuest({
      architecture,
      machine,
      accelerator: "kvm",
      memory: TRIAL_MEMORY,
      processors: 1,
      commandLine,
      ...files,
      layers: [],
      network: false,
      timeout: TRIAL[machine.kind],
      ...signal === void 0 ? {} : { signal }
    });
    for await (const { event } of readEvents(files.report)) if (event === "kernel") return void 0;
    return "no guest starts under KVM";
  } catch (error) {
    if (!(error instanceof VeritySignError) || error.code !== "unchecked") throw error;
    return `no guest starts under KVM (${error.message})`;
  } finally {
    for (const path of Object.values(files)) await rm(path, { force: true });
  }
}

// builtin-load:load of src/commands/preflight/vm/ephemeral-policy.ts
import { createRequire as createRequire5 } from "node:module";
var load5 = createRequire5(import.meta.url);

// builtin:node:crypto of src/commands/preflight/vm/ephemeral-policy.ts
var found8;
var all8 = () => found8 ??= load5("node:crypto");
var one8 = (name) => all8()[name];
var generateKeyPair = /* @__PURE__ */ one8("generateKeyPair");

// builtin:node:util of src/commands/preflight/vm/ephemeral-policy.ts
var found9;
var all9 = () => found9 ??= load5("node:util");
var one9 = (name) => all9()[name];
var promisify = /* @__PURE__ */ one9("promisify");

// src/commands/preflight/vm/ephemeral-policy.ts
var POLICY_NAME = "preflight";
var SIGNED_LAYERS_POLICY = [
  `policy_name=${POLICY_NAME} policy_version=0.0.1`,
  "DEFAULT action=DENY",
  "op=EXECUTE boot_verified=TRUE action=ALLOW",
  "op=EXECUTE dmverity_signature=TRUE action=ALLOW",
  ""
].join("\n");
async function signEphemeralPolicy(text2, now) {
  const pair = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  const signer = new PrivateKeySigner(pair.privateKey, []);
  const key = {
    spec: signer.spec,
    publicKey: pair.publicKey.export({ type: "spki", format: "der" }),
    sign: (bytes, purpose) => signer.sign(bytes, purpose)
  };
  const certificate = await buildSelfSigned(encodeSubject("CN=verity-sign preflight"), key, 1, now);
  const content = Buffer.from(text2);
  const signature = await signer.sign(content, "policy");
  const pkcs7 = buildPkcs7WithContent({ signature, chain: chainFromDer([certificate]), content });
  return { certificate, pkcs7 };
}

// builtin-load:load of src/commands/preflight/vm/firmware.ts
import { createRequire as createRequire6 } from "node:module";
var load6 = createRequire6(import.meta.url);

// builtin:node:fs of src/commands/preflight/vm/firmware.ts
var found10;
var all10 = () => found10 ??= load6("node:fs");
var one10 = (name) => all10()[name];
var existsSync = /* @__PURE__ */ one10("existsSync");

// src/commands/preflight/vm/firmware.ts
var PLACES = [
  { code: "/usr/share/OVMF/OVMF_CODE_4M.fd", variables: "/usr/share/OVMF/OVMF_VARS_4M.fd" },
  { code: "/usr/share/edk2/ovmf/OVMF_CODE.fd", variables: "/usr/share/edk2/ovmf/OVMF_VARS.fd" },
  { code: "/usr/share/edk2/x64/OVMF_CODE.4m.fd", variables: "/usr/share/edk2/x64/OVMF_VARS.4m.fd" }
];
function findFirmware(places = PLACES) {
  const found32 = places.find(({ code, variables }) => existsSync(code) && existsSync(variables));
  if (found32 !== void 0) return found32;
  throw new VeritySignError(
    "environment",
    "the UEFI firmware OVMF, which starts the kernel, is not installed",
    {
      remedy: "Install it with sudo apt-get install --no-install-recommends ovmf, or omit kernel"
    }
  );
}

// builtin-load:load of src/commands/preflight/vm/guest/guest-files.ts
import { createRequire as createRequire7 } from "node:module";
var load7 = createRequire7(import.meta.url);

// builtin:node:fs of src/commands/preflight/vm/guest/guest-files.ts
var found11;
var all11 = () => found11 ??= load7("node:fs");
var one11 = (name) => all11()[name];
var existsSync2 = /* @__PURE__ */ one11("existsSync");

// builtin:node:path of src/commands/preflight/vm/guest/guest-files.ts
var found12;
var all12 = () => found12 ??= load7("node:path");
var one12 = (name) => all12()[name];
var join3 = /* @__PURE__ */ one12("join");
var dirname = /* @__PURE__ */ one12("dirname");

// builtin-load:load of src/commands/preflight/vm/guest/fetch-guest.ts
import { createRequire as createRequire8 } from "node:module";
var load8 = createRequire8(import.meta.url);

// builtin:node:crypto of src/commands/preflight/vm/guest/fetch-guest.ts
var found13;
var all13 = () => found13 ??= load8("node:crypto");
var one13 = (name) => all13()[name];
var createHash = /* @__PURE__ */ one13("createHash");

// builtin:node:fs/promises of src/commands/preflight/vm/guest/fetch-guest.ts
var found14;
var all14 = () => found14 ??= load8("node:fs/promises");
var one14 = (name) => all14()[name];
var mkdir = /* @__PURE__ */ one14("mkdir");
var writeFile3 = /* @__PURE__ */ one14("writeFile");

// builtin:node:path of src/commands/preflight/vm/guest/fetch-guest.ts
var found15;
var all15 = () => found15 ??= load8("node:path");
var one15 = (name) => all15()[name];
var join4 = /* @__PURE__ */ one15("join");

// src/commands/preflight/vm/guest/fetch-guest.ts
var TIMEOUT = 5 * 6e4;
var REDIRECTS = { limit: 3, protocols: ["https:"] };
async function fetchGuest(guest, folder, signal) {
  await mkdir(folder, { mode: 448 });
  for (const [name, { sha256: sha2562, size }] of Object.entries(guest.files)) {
    const url = new URL(guest.url + name);
    const body = await fetchFile(url, size, signal);
    if (body.length !== size || createHash("sha256").update(body).digest("hex") !== sha2562) {
      throw new VeritySignError(
        "environment",
        `${url.href} is not the file that this version was released with`,
        {
          remedy: "Find out who changed it, and give the files of a build of your own as guest-dir"
        }
      );
    }
    await writeFile3(join4(folder, name), body, { flag: "wx", mode: 384 });
  }
}
async function fetchFile(url, size, signal) {
  try {
    const request = { timeout: TIMEOUT, signal, redirects: REDIRECTS, maxBytes: size };
    const response = await new HttpClient().send(url, request);
    if (response.status !== 200) throw statusError(response);
    return response.body;
  } catch (cause) {
    if (signal.aborted) throw new VeritySignError("cancelled", "the run was cancelled", { cause });
    if (!(cause instanceof HttpError)) throw cause;
    throw new VeritySignError("environment", `${url.origin}${url.pathname} ${cause.message}`, {
      remedy: cause.remedy ?? "Check the network, or fetch the files another way and give their folder as guest-dir",
      cause
    });
  }
}

// src/commands/preflight/vm/guest/pinned.ts
var PINNED_GUESTS = {};

// src/commands/preflight/vm/guest/guest-files.ts
var MAX_MANIFEST = 1024 * 1024;
var MAX_FILE = 128 * 1024 * 1024;
var MAX_CERTIFICATES = 1024 * 1024;
var sha256 = string().regex(/^[0-9a-f]{64}$/);
var file2 = object({ sha256, size: number().int().positive().max(MAX_FILE) });
var symbol = (size) => object({ offset: number().int().nonnegative(), size });
var manifestSchema = object({
  version: literal(1),
  architecture: _enum(["x64", "arm64"]),
  kernel: object({ release: string().max(256) }),
  files: object({ "vmlinux.zst": file2, "initramfs.cpio.zst": file2 }),
  /** Of the decompressed kernel; offsets and sizes of its symbols in bytes of the file. */
  vmlinux: file2.extend({
    symbols: object({
      system_extra_cert: symbol(number().int().positive().max(MAX_CERTIFICATES)),
      system_extra_cert_used: symbol(literal(4)),
      system_certificate_list_size: symbol(literal(8))
    })
  }),
  /** What it was built from. */
  inputs: array(object({ name: string(), version: string(), sha256: string() }))
}).refine(
  ({ vmlinux: { size, symbols } }) => Object.values(symbols).every((place) => place.offset + place.size <= size),
  { message: "a symbol lies outside the kernel", path: ["vmlinux", "symbols"] }
);
var MANIFEST = "manifest.json";
var BUILD = "npm run preflight:build";
async function findGuestFiles(places) {
  const { architecture, guestDir, download } = places;
  const { programFolder = import.meta.dirname, pinned = PINNED_GUESTS } = places;
  if (guestDir !== void 0) {
    if (!existsSync2(join3(guestDir, MANIFEST))) {
      throw new VeritySignError("usage", `guest-dir: ${guestDir} has no ${MANIFEST}`, {
        remedy: `Give the folder with ${MANIFEST}, vmlinux.zst and initramfs.cpio.zst that ${BUILD} made`
      });
    }
    return readGuestFiles(guestDir, architecture);
  }
  const checkout = checkoutOf(programFolder);
  const built = checkout === void 0 ? void 0 : join3(checkout, ".preflight", architecture);
  if (built !== void 0 && existsSync2(join3(built, MANIFEST))) return readGuestFiles(built, architecture);
  const released = pinned[architecture];
  if (released !== void 0 && download !== void 0) {
    await fetchGuest(released, download.folder, download.signal);
    return readGuestFiles(download.folder, architecture);
  }
  const what = `preflight's kernel and initramfs for ${GUEST_KINDS[architecture].platform} are not on this machine`;
  throw new VeritySignError("environment", what, {
    remedy: `Build them in a checkout of verity-sign with ${BUILD} -- --architecture ${architecture}, and give their folder as guest-dir`
  });
}
async function readGuestFiles(folder, architecture) {
  const path = join3(folder, MANIFEST);
  let text2;
  try {
    text2 = (await readRegular(path, MAX_MANIFEST)).toString();
  } catch (cause) {
    const { code } = cause;
    throw new VeritySignError("environment", `${path} cannot be read (${code})`, {
      remedy: "Check its permissions",
      cause
    });
  }
  const manifest = manifestSchema.safeParse(parseJson(text2));
  if (!manifest.success) {
    const [issue] = manifest.error.issues;
    const where = issue === void 0 || issue.path.length === 0 ? "" : ` (see "${issue.path.join(".")}")`;
    throw new VeritySignError("environment", `${path} is not a manifest that this version knows${where}`, {
      remedy: `Make the files again with ${BUILD} of the same version of verity-sign`
    });
  }
  const found32 = manifest.data.architecture;
  if (found32 !== architecture) {
    const [theirs, wanted] = [GUEST_KINDS[found32].platform, GUEST_KINDS[architecture].platform];
    throw new VeritySignError(
      "usage",
      `${folder} has the kernel for ${theirs}, and the image is of ${wanted}`,
      {
        remedy: `Give the folder of the files for ${architecture} as guest-dir, or test an image of ${theirs}`
      }
    );
  }
  return {
    kernel: join3(folder, "vmlinux.zst"),
    initramfs: join3(folder, "initramfs.cpio.zst"),
    manifest: manifest.data
  };
}
function parseJson(text2) {
  try {
    return JSON.parse(text2);
  } catch {
    return void 0;
  }
}
function checkoutOf(folder) {
  if (existsSync2(join3(folder, "package.json"))) return folder;
  const above = dirname(folder);
  return above === folder ? void 0 : checkoutOf(above);
}

// src/formats/cpio.ts
var MAGIC = "070701";
var TRAILER = { path: "TRAILER!!!", mode: 0 };
var TYPE = 61440;
var FOLDER = 16384;
var BLOCK = 512;
function writeCpio(entries) {
  const records = entries.map((entry, index) => record(entry, index));
  const archive = Buffer.concat([...records, record(TRAILER, 0)]);
  return padded(archive, BLOCK);
}
function record({ path, mode, content = Buffer.alloc(0), device: device2 = [0, 0] }, inode) {
  const name = Buffer.from(`${path}\0`);
  const links = (mode & TYPE) === FOLDER ? 2 : 1;
  const fields = [inode, mode, 0, 0, links, 0, content.length, 0, 0, ...device2, name.length, 0];
  const digits = fields.map((field) => field.toString(16).toUpperCase().padStart(8, "0")).join("");
  return Buffer.concat([padded(Buffer.concat([Buffer.from(MAGIC + digits), name]), 4), padded(content, 4)]);
}
function padded(bytes, unit) {
  return Buffer.concat([bytes, Buffer.alloc((unit - bytes.length % unit) % unit)]);
}

// builtin-load:load of src/commands/preflight/vm/guest/verified-copy.ts
import { createRequire as createRequire9 } from "node:module";
var load9 = createRequire9(import.meta.url);

// builtin:node:crypto of src/commands/preflight/vm/guest/verified-copy.ts
var found16;
var all16 = () => found16 ??= load9("node:crypto");
var one16 = (name) => all16()[name];
var createHash2 = /* @__PURE__ */ one16("createHash");

// builtin:node:fs of src/commands/preflight/vm/guest/verified-copy.ts
var found17;
var all17 = () => found17 ??= load9("node:fs");
var one17 = (name) => all17()[name];
var createWriteStream = /* @__PURE__ */ one17("createWriteStream");

// builtin:node:path of src/commands/preflight/vm/guest/verified-copy.ts
var found18;
var all18 = () => found18 ??= load9("node:path");
var one18 = (name) => all18()[name];
var basename = /* @__PURE__ */ one18("basename");

// builtin:node:stream of src/commands/preflight/vm/guest/verified-copy.ts
var found19;
var all19 = () => found19 ??= load9("node:stream");
var one19 = (name) => all19()[name];
var Transform = /* @__PURE__ */ one19("Transform");

// builtin:node:stream/promises of src/commands/preflight/vm/guest/verified-copy.ts
var found20;
var all20 = () => found20 ??= load9("node:stream/promises");
var one20 = (name) => all20()[name];
var pipeline = /* @__PURE__ */ one20("pipeline");

// builtin:node:zlib of src/commands/preflight/vm/guest/verified-copy.ts
var found21;
var all21 = () => found21 ??= load9("node:zlib");
var createZstdDecompress = (...given) => all21().createZstdDecompress(...given);

// src/commands/preflight/vm/guest/verified-copy.ts
async function verifiedCopy(copy) {
  const { source, expected, decompressed, target, before, signal } = copy;
  const steps = [check(source, expected)];
  if (decompressed !== void 0) {
    steps.push(createZstdDecompress(), check(`${source}, decompressed,`, decompressed));
  }
  try {
    const input = (await openRegular(source)).createReadStream();
    const sink = createWriteStream(target, { flags: "wx", mode: 384 });
    if (before !== void 0) sink.write(before);
    await pipeline([input, ...steps, sink], signal === void 0 ? {} : { signal });
  } catch (cause) {
    if (cause instanceof VeritySignError) throw cause;
    if (signal?.aborted === true) {
      throw new VeritySignError("cancelled", `copying ${basename(source)} was stopped`, { cause });
    }
    const { code, message } = cause;
    throw new VeritySignError("environment", `${source} cannot be copied (${code ?? message})`, {
      remedy: "Check that it is intact, and the permissions and free space of temp-dir",
      cause
    });
  }
}
function check(name, { sha256: sha2562, size }) {
  const hash = createHash2("sha256");
  let seen = 0;
  const refuse = () => new VeritySignError("environment", `${name} is not the file that manifest.json names`, {
    remedy: "Make the files again with npm run preflight:build, or copy all of them again"
  });
  return new Transform({
    transform(chunk, _encoding, done) {
      seen += chunk.length;
      hash.update(chunk);
      if (seen > size) done(refuse());
      else done(null, chunk);
    },
    flush(done) {
      done(seen === size && hash.digest("hex") === sha2562 ? null : refuse());
    }
  });
}

// src/commands/preflight/vm/guest/initramfs.ts
async function writeInitramfs({
  source,
  manifest,
  more,
  target,
  signal
}) {
  await verifiedCopy({
    source,
    expected: manifest.files["initramfs.cpio.zst"],
    target,
    signal,
    ...more.length === 0 ? {} : { before: writeCpio(more) }
  });
}

// builtin-load:load of src/commands/preflight/vm/guest/vmlinux.ts
import { createRequire as createRequire10 } from "node:module";
var load10 = createRequire10(import.meta.url);

// builtin:node:fs/promises of src/commands/preflight/vm/guest/vmlinux.ts
var found22;
var all22 = () => found22 ??= load10("node:fs/promises");
var one21 = (name) => all22()[name];
var open4 = /* @__PURE__ */ one21("open");

// src/commands/preflight/vm/guest/vmlinux.ts
var HEADER = [48, 130];
async function writeVmlinux(options) {
  const { source, manifest, certificates, target, signal } = options;
  const { symbols, ...decompressed } = manifest.vmlinux;
  const room = symbols.system_extra_cert;
  const list = certificateList(certificates, room.size);
  await verifiedCopy({
    source,
    expected: manifest.files["vmlinux.zst"],
    decompressed,
    target,
    signal
  });
  const file3 = await open4(target, "r+");
  try {
    const { buffer: used } = await file3.read(Buffer.alloc(4), 0, 4, symbols.system_extra_cert_used.offset);
    const total = symbols.system_certificate_list_size;
    const { buffer: size } = await file3.read(Buffer.alloc(8), 0, 8, total.offset);
    size.writeBigUInt64LE(size.readBigUInt64LE() + BigInt(list.length) - BigInt(used.readInt32LE()));
    used.writeInt32LE(list.length);
    const content = Buffer.alloc(room.size);
    content.set(list);
    await file3.write(content, 0, content.length, room.offset);
    await file3.write(used, 0, used.length, symbols.system_extra_cert_used.offset);
    await file3.write(size, 0, size.length, total.offset);
  } finally {
    await file3.close();
  }
}
function certificateList(certificates, room) {
  for (const [index, der] of certificates.entries()) {
    if (der[0] !== HEADER[0] || der[1] !== HEADER[1] || der.length !== 4 + ((der[2] ?? 0) << 8 | (der[3] ?? 0))) {
      throw new VeritySignError(
        "usage",
        `trusted certificate ${index + 1} has ${der.length} bytes, and a kernel reads certificates of 260 to 65539 bytes`,
        { remedy: "Give another certificate of the chain" }
      );
    }
  }
  const list = Buffer.concat(certificates);
  if (list.length <= room) return list;
  throw new VeritySignError(
    "usage",
    `the ${certificates.length} trusted certificates have ${list.length} bytes, and preflight's kernel has room for ${room}`,
    { remedy: "Give fewer certificates: only those that vouch for the signers of this image" }
  );
}

// builtin-load:load of src/commands/preflight/vm/stock-kernel.ts
import { createRequire as createRequire11 } from "node:module";
var load11 = createRequire11(import.meta.url);

// builtin:node:fs of src/commands/preflight/vm/stock-kernel.ts
var found23;
var all23 = () => found23 ??= load11("node:fs");
var one22 = (name) => all23()[name];
var existsSync3 = /* @__PURE__ */ one22("existsSync");

// builtin:node:fs/promises of src/commands/preflight/vm/stock-kernel.ts
var found24;
var all24 = () => found24 ??= load11("node:fs/promises");
var one23 = (name) => all24()[name];
var readdir = /* @__PURE__ */ one23("readdir");

// builtin:node:path of src/commands/preflight/vm/stock-kernel.ts
var found25;
var all25 = () => found25 ??= load11("node:path");
var one24 = (name) => all25()[name];
var join5 = /* @__PURE__ */ one24("join");
var basename2 = /* @__PURE__ */ one24("basename");

// builtin-load:load of src/commands/preflight/vm/kernel-modules.ts
import { createRequire as createRequire12 } from "node:module";
var load12 = createRequire12(import.meta.url);

// builtin:node:path of src/commands/preflight/vm/kernel-modules.ts
var found26;
var all26 = () => found26 ??= load12("node:path");
var one25 = (name) => all26()[name];
var extname = /* @__PURE__ */ one25("extname");

// builtin:node:util of src/commands/preflight/vm/kernel-modules.ts
var found27;
var all27 = () => found27 ??= load12("node:util");
var one26 = (name) => all27()[name];
var promisify2 = /* @__PURE__ */ one26("promisify");

// builtin:node:zlib of src/commands/preflight/vm/kernel-modules.ts
var found28;
var all28 = () => found28 ??= load12("node:zlib");
var gunzip = (...given) => all28().gunzip(...given);
var zstdDecompress = (...given) => all28().zstdDecompress(...given);

// src/commands/preflight/vm/kernel-modules.ts
var MAX_MODULE = 64 * 1024 * 1024;
var MODULE_FILE = /\.ko(\.(xz|zst|gz))?$/;
function moduleName(path) {
  const file3 = path.slice(path.lastIndexOf("/") + 1);
  return file3.replace(MODULE_FILE, "").replaceAll("-", "_");
}
async function readModule(path) {
  try {
    const content = await readRegular(path, MAX_MODULE);
    const limit = { maxOutputLength: MAX_MODULE };
    switch (extname(path)) {
      case ".gz":
        return await promisify2(gunzip)(content, limit);
      case ".zst":
        return await zstd(content, limit);
      case ".xz":
        return await xz(content);
      default:
        return content;
    }
  } catch (cause) {
    if (cause instanceof VeritySignError) throw cause;
    const { code } = cause;
    throw new VeritySignError("usage", `the kernel module ${path} cannot be read (${code})`, {
      remedy: "Give the intact folder of modules of this kernel",
      cause
    });
  }
}
function zstd(content, limit) {
  return promisify2(zstdDecompress)(content, limit);
}
async function xz(content) {
  const program = findProgram("xz", programFolders());
  if (program === void 0) {
    throw new VeritySignError("environment", "xz is not installed, and the modules are compressed with it", {
      remedy: "Install it with sudo apt-get install xz-utils"
    });
  }
  const options = { env: fixedEnvironment(), stdin: content, timeout: 6e4, maxOutput: MAX_MODULE };
  return (await run([program, "--decompress", "--stdout"], options)).stdout;
}
function moduleInfo(content, path) {
  let info;
  try {
    info = section(content, ".modinfo").toString("latin1").split("\0");
  } catch (cause) {
    throw new VeritySignError("usage", `${path} is not a kernel module for x86-64`, {
      remedy: "Give the folder of modules of this kernel",
      cause
    });
  }
  const values = (key) => info.filter((entry) => entry.startsWith(`${key}=`)).map((entry) => entry.slice(key.length + 1));
  const before = values("softdep").flatMap((text2) => /\bpre: *((?:(?!post:)\S+ *)*)/.exec(text2)?.[1] ?? []);
  return {
    depends: values("depends").flatMap((text2) => text2.split(",")).filter(Boolean),
    before: before.flatMap((text2) => text2.trim().split(/ +/)).filter(Boolean),
    release: values("vermagic")[0]?.split(" ")[0]
  };
}
function section(elf, name) {
  const ELF64_LITTLE_ENDIAN = "ELF";
  if (elf.toString("latin1", 0, 6) !== ELF64_LITTLE_ENDIAN) throw new RangeError("no ELF64");
  const table = Number(elf.readBigUInt64LE(40));
  const [entry, count2, names] = [elf.readUInt16LE(58), elf.readUInt16LE(60), elf.readUInt16LE(62)];
  const content = (index) => {
    const header = table + index * entry;
    const start = Number(elf.readBigUInt64LE(header + 24));
    const size = Number(elf.readBigUInt64LE(header + 32));
    if (start + size > elf.length) throw new RangeError("cut off");
    return elf.subarray(start, start + size);
  };
  const text2 = content(names);
  for (let index = 0; index < count2; index++) {
    const start = elf.readUInt32LE(table + index * entry);
    if (text2.toString("latin1", start, text2.indexOf(0, start)) === name) return content(index);
  }
  throw new RangeError(`no ${name}`);
}

// src/commands/preflight/vm/stock-kernel.ts
var WANTED = [
  { name: "virtio_pci", parameters: "" },
  { name: "virtio_blk", parameters: "" },
  { name: "loop", parameters: "" },
  { name: "erofs", parameters: "" },
  { name: "overlay", parameters: "" },
  { name: "dm_mod", parameters: "" },
  { name: "dm_verity", parameters: "require_signatures=1" }
];
var FOR_NETWORK = { name: "virtio_net", parameters: "" };
var OPTIONAL = ["ecdsa_generic", "sha512_generic", "rsa_generic"];
var FOLDER2 = "modules";
var MAX_LIST = 4 * 1024 * 1024;
async function readStockKernel(options) {
  const release = await kernelRelease(options.kernel);
  const folder = modulesFolder(options.modules, release);
  const modules = await ModuleFolder.open(folder, release);
  for (const { name, parameters } of options.network ? [...WANTED, FOR_NETWORK] : WANTED) {
    await modules.add(name, parameters);
  }
  for (const name of OPTIONAL) if (modules.has(name)) await modules.add(name, "");
  return { release, entries: modules.entries, modules: modules.order };
}
var ModuleFolder = class _ModuleFolder {
  entries = [{ path: FOLDER2, mode: 16877 }];
  order = [];
  #folder;
  #release;
  #files;
  #builtIn;
  #done = /* @__PURE__ */ new Set();
  constructor(folder, release, files, builtIn2) {
    this.#folder = folder;
    this.#release = release;
    this.#files = files;
    this.#builtIn = builtIn2;
  }
  static async open(folder, release) {
    const root = join5(folder, "kernel");
    const found32 = (await readdir(root, { recursive: true })).filter((path) => MODULE_FILE.test(path));
    const files = new Map(found32.map((path) => [moduleName(path), join5(root, path)]));
    return new _ModuleFolder(folder, release, files, await builtInModules(folder));
  }
  /** Whether it is a file. */
  has(name) {
    return this.#files.has(name);
  }
  async add(name, parameters) {
    if (this.#done.has(name) || this.#builtIn.has(name)) return;
    this.#done.add(name);
    const file3 = this.#files.get(name);
    if (file3 === void 0) {
      throw new VeritySignError(
        "usage",
        `modules: ${this.#folder} has no module ${name}, and modules.builtin does not name it`,
        {
          remedy: "Give the complete folder of this kernel's modules, such as /lib/modules/RELEASE"
        }
      );
    }
    const content = await readModule(file3);
    const info = moduleInfo(content, file3);
    if (info.release !== this.#release) {
      throw new VeritySignError(
        "usage",
        `modules: ${file3} belongs to the kernel ${printable(info.release ?? "unknown")}, and the kernel is ${this.#release}`,
        { remedy: "Give the folder of modules of this kernel" }
      );
    }
    for (const other of info.depends) await this.add(moduleName(other), "");
    for (const other of info.before) {
      const one30 = [other, `${other}_generic`, `${other}_intel`].map(moduleName).find((name2) => this.has(name2));
      if (one30 !== void 0) await this.add(one30, "");
    }
    const path = `${FOLDER2}/${name}.ko`;
    this.entries.push({ path, mode: 33188, content });
    this.order.push({ path: `/${path}`, parameters });
  }
};
async function builtInModules(folder) {
  const path = join5(folder, "modules.builtin");
  if (!existsSync3(path)) return /* @__PURE__ */ new Set();
  const text2 = (await readRegular(path, MAX_LIST)).toString();
  return new Set(text2.split("\n").filter(Boolean).map(moduleName));
}
function modulesFolder(given, release) {
  const places = [
    given,
    join5(given, release),
    join5(given, "lib/modules", release),
    join5(given, "usr/lib/modules", release)
  ];
  const folder = places.find((place) => existsSync3(join5(place, "kernel")));
  if (folder !== void 0) return folder;
  throw new VeritySignError("usage", `modules: ${given} has no modules of the kernel ${release}`, {
    remedy: `Give the folder of its modules, such as /lib/modules/${release}`
  });
}
var HEADER2 = { magic: 514, text: "HdrS", version: 526, start: 512 };
var HEADER_BYTES = 64 * 1024;
async function kernelRelease(path) {
  const head = Buffer.alloc(HEADER_BYTES);
  try {
    const file3 = await openRegular(path);
    await file3.read(head, 0, head.length, 0).finally(() => file3.close());
  } catch (cause) {
    const { code } = cause;
    throw new VeritySignError("usage", `kernel: ${path} cannot be read (${code})`, {
      remedy: "Give the path of a vmlinuz that this user may read",
      cause
    });
  }
  const isKernel = head.toString("latin1", HEADER2.magic, HEADER2.magic + HEADER2.text.length) === HEADER2.text;
  const at = HEADER2.start + head.readUInt16LE(HEADER2.version);
  const [release] = head.toString("latin1", at, at + 128).split(/[\0 ]/);
  if (isKernel && head.toString("latin1", 0, 2) === "MZ" && /^[\w.+~-]{1,100}$/.test(release ?? "")) {
    return release ?? "";
  }
  throw new VeritySignError(
    "usage",
    `kernel: ${basename2(path)} is not a compressed x86-64 kernel that UEFI can start`,
    {
      remedy: "Give a vmlinuz (bzImage) with CONFIG_EFI_STUB, such as /boot/vmlinuz-RELEASE"
    }
  );
}

// builtin-load:load of src/commands/preflight/vm/uefi-variables.ts
import { createRequire as createRequire13 } from "node:module";
var load13 = createRequire13(import.meta.url);

// builtin:node:fs/promises of src/commands/preflight/vm/uefi-variables.ts
var found29;
var all29 = () => found29 ??= load13("node:fs/promises");
var one27 = (name) => all29()[name];
var writeFile4 = /* @__PURE__ */ one27("writeFile");

// src/commands/preflight/vm/uefi-variables.ts
var VOLUME_SIGNATURE = { offset: 40, text: "_FVH" };
var HEADER_LENGTH_OFFSET = 48;
var STORE_GUID = guid("aaf32c78-947b-439a-a180-2e144ec37792");
var STORE_HEADER = 28;
var STORE_FORMATTED = 90;
var STORE_HEALTHY = 254;
var VARIABLE_HEADER = 60;
var VARIABLE_START = 21930;
var VARIABLE_ADDED = 63;
var ATTRIBUTES = 1 | 2 | 4 | 32;
var ALIGNMENT = 4;
var CERT_X509 = guid("a5c059a1-94e4-4aa7-87b5-ab155c2bf072");
var IMAGE_SECURITY_DATABASE = guid("d719b2cb-3d3a-4596-a3bc-dad00e67656f");
var LIST_HEADER = 28;
var GUID_BYTES = 16;
var OWNER = guid("6f8bd4b5-9f0c-4d0f-8c55-1f1c2a54f0b7");
async function writeUefiVariables(options) {
  const { template, certificates, target } = options;
  let store;
  try {
    store = await readGiven(template);
  } catch (cause) {
    throw unusable(template, `cannot be read (${cause.code})`, cause);
  }
  const { first, end } = findStore(store, template);
  const free = freeSpace(store, first, end, template);
  const variable = encodeVariable("db", IMAGE_SECURITY_DATABASE, signatureLists(certificates));
  if (variable.length > end - free) {
    throw new VeritySignError(
      "usage",
      `the trusted certificates take ${variable.length} bytes, and ${template} has room for ${end - free}`,
      { remedy: "Give fewer certificates: only those that vouch for the signers of this image" }
    );
  }
  store.set(variable, free);
  await writeFile4(target, store, { flag: "wx", mode: 384 });
}
function signatureLists(certificates) {
  return Buffer.concat(
    certificates.map((der) => {
      const header = Buffer.alloc(LIST_HEADER);
      CERT_X509.copy(header);
      header.writeUInt32LE(LIST_HEADER + GUID_BYTES + der.length, 16);
      header.writeUInt32LE(0, 20);
      header.writeUInt32LE(GUID_BYTES + der.length, 24);
      return Buffer.concat([header, OWNER, der]);
    })
  );
}
function encodeVariable(name, vendor, data) {
  const text2 = Buffer.from(`${name}\0`, "utf16le");
  const header = Buffer.alloc(VARIABLE_HEADER);
  header.writeUInt16LE(VARIABLE_START, 0);
  header.writeUInt8(VARIABLE_ADDED, 2);
  header.writeUInt32LE(ATTRIBUTES, 4);
  header.writeUInt16LE(2010, 16);
  header.writeUInt8(1, 18);
  header.writeUInt8(1, 19);
  header.writeUInt32LE(text2.length, 36);
  header.writeUInt32LE(data.length, 40);
  vendor.copy(header, 44);
  return Buffer.concat([header, text2, data]);
}
function findStore(store, path) {
  const { offset, text: text2 } = VOLUME_SIGNATURE;
  const isVolume = store.length > 1024 && store.toString("latin1", offset, offset + text2.length) === text2;
  const start = isVolume ? store.readUInt16LE(HEADER_LENGTH_OFFSET) : 0;
  if (!isVolume || start + STORE_HEADER > store.length || !store.subarray(start).subarray(0, 16).equals(STORE_GUID)) {
    throw unusable(path, "is not a store of authenticated UEFI variables");
  }
  const size = store.readUInt32LE(start + 16);
  const state = [store[start + 20], store[start + 21]];
  if (size < STORE_HEADER || start + size > store.length) throw unusable(path, "is cut off");
  if (state[0] !== STORE_FORMATTED || state[1] !== STORE_HEALTHY) throw unusable(path, "is not formatted");
  return { first: start + STORE_HEADER, end: start + size };
}
function freeSpace(store, first, end, path) {
  let at = first;
  while (at + VARIABLE_HEADER <= end && store.readUInt16LE(at) === VARIABLE_START) {
    const [nameSize, dataSize] = [store.readUInt32LE(at + 36), store.readUInt32LE(at + 40)];
    const name = store.subarray(at + VARIABLE_HEADER, at + VARIABLE_HEADER + nameSize).toString("utf16le");
    if (name === "db\0" && store[at + 2] === VARIABLE_ADDED) {
      throw unusable(path, "already has keys of Secure Boot");
    }
    at = aligned(at + VARIABLE_HEADER + nameSize + dataSize);
  }
  if (at > end) throw unusable(path, "is cut off");
  if (store.subarray(at, end).some((byte) => byte !== 255)) throw unusable(path, "is damaged");
  return at;
}
function aligned(offset) {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}
function unusable(path, what, cause) {
  return new VeritySignError("usage", `${path} ${what}`, {
    remedy: "Give the empty variable store that belongs to the firmware, such as OVMF_VARS_4M.fd of the package ovmf",
    cause
  });
}
function guid(text2) {
  const bytes = Buffer.from(text2.replaceAll("-", ""), "hex");
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}

// src/commands/preflight/boot-machine.ts
var COMMAND_LINE = ["panic=-1", "quiet", "loglevel=4", "initramfs_async=0"];
var REQUIRE_SIGNATURES = "dm_verity.require_signatures=1";
var BOOT_TIME = 300;
var CONSOLE_TAIL = 16 * 1024;
var CONSOLE_LINES = 20;
var ATTEMPTS = 2;
var openMachine = async (settings, certificates, folder, context) => {
  const { architecture } = settings;
  if (settings.kernel !== void 0) requireX64(architecture);
  findQemu(architecture);
  const own = await mkdtemp(join(folder, "vm-"));
  const policy = settings.ipePolicy === void 0 ? void 0 : await readPolicyFile(settings.ipePolicy);
  const files = await findGuestFiles({
    architecture,
    guestDir: settings.guestDir,
    download: { folder: join(own, "guest"), signal: context.signal }
  });
  const given = {
    settings,
    certificates: certificates.map(({ der }) => der),
    policy,
    files,
    folder: own,
    context
  };
  const prepared = settings.kernel === void 0 ? await builtIn(given) : await stock(given, settings.kernel);
  const accelerator = await chooseAccelerator({
    architecture,
    choice: settings.accelerator,
    machine: prepared.machine,
    commandLine: prepared.commandLine,
    folder: own,
    log: context.log,
    signal: context.signal
  });
  return new Qemu(prepared, settings, accelerator, own, context);
};
function requireX64(architecture) {
  if (architecture === "x64") return;
  const { platform } = GUEST_KINDS[architecture];
  throw new VeritySignError(
    "usage",
    `kernel: a node's kernel is booted for linux/amd64, and the image is of ${platform}`,
    {
      remedy: "Omit kernel and modules: the kernel of this program is booted"
    }
  );
}
async function builtIn({ settings, certificates, policy, files, folder, context }) {
  const { manifest } = files;
  const { signal } = context;
  const [vmlinux, initramfs] = [join(folder, "vmlinux"), join(folder, "initramfs")];
  await writeVmlinux({ source: files.kernel, manifest, certificates, target: vmlinux, signal });
  await writeInitramfs({ source: files.initramfs, manifest, more: [], target: initramfs, signal });
  return {
    source: "built-in",
    policy: policyText(policy),
    machine: { kind: "direct", vmlinux, initramfs },
    commandLine: [consoleArgument(settings.architecture), ...COMMAND_LINE, REQUIRE_SIGNATURES],
    job: { modules: [], policies: policy === void 0 ? [] : [policy] }
  };
}
async function stock({ settings, certificates, policy, files, folder, context }, { image, modules }) {
  const { manifest } = files;
  const { signal, now } = context;
  const firmware2 = findFirmware();
  const kernel = await readStockKernel({ kernel: image, modules, network: settings.network });
  const own = policy === void 0 ? await signEphemeralPolicy(SIGNED_LAYERS_POLICY, now) : void 0;
  const [variables, initramfs] = [join(folder, "variables"), join(folder, "initramfs")];
  await writeUefiVariables({
    template: firmware2.variables,
    certificates: [...certificates, ...own === void 0 ? [] : [own.certificate]],
    target: variables
  });
  await writeInitramfs({
    source: files.initramfs,
    manifest,
    more: kernel.entries,
    target: initramfs,
    signal
  });
  const policies = [
    ...policy === void 0 ? [] : [policy],
    ...own === void 0 ? [] : [{ name: POLICY_NAME, pkcs7: own.pkcs7 }]
  ];
  return {
    source: image,
    policy: policyText(policy),
    machine: { kind: "uefi", kernel: image, initramfs, firmware: firmware2.code, variables },
    commandLine: [consoleArgument(settings.architecture), ...COMMAND_LINE],
    job: { modules: kernel.modules, policies }
  };
}
function policyText(policy) {
  return policy === void 0 ? "only layers with a trusted signature, and the initramfs, may be executed" : `IPE policy ${policy.name}, version ${policy.version}`;
}
var Qemu = class {
  source;
  policy;
  #prepared;
  #settings;
  #accelerator;
  #folder;
  #context;
  #boots = 0;
  constructor(prepared, settings, accelerator, folder, context) {
    this.source = prepared.source;
    this.policy = prepared.policy;
    this.#prepared = prepared;
    this.#settings = settings;
    this.#accelerator = accelerator;
    this.#folder = folder;
    this.#context = context;
  }
  async boot(job, disks, each) {
    for (let attempt = 1; ; attempt++) {
      let events = 0;
      const booted = await this.#bootOnce(job, disks, (event) => {
        events += 1;
        each(event);
      });
      if (events > 0 || attempt === ATTEMPTS) return booted;
      this.#context.log.warn("the VM reported nothing: it is started once more");
    }
  }
  async #bootOnce(job, disks, each) {
    const { machine, commandLine, job: always } = this.#prepared;
    const { architecture, memory, network, bootTime = BOOT_TIME } = this.#settings;
    const number2 = this.#boots++;
    const [jobPath, report, messages] = ["job", "report", "messages"].map(
      (name) => join(this.#folder, `${name}-${number2}`)
    );
    await writeFile(jobPath, encodeJob({ ...always, ...job }), { flag: "wx", mode: 384 });
    let complete = false;
    const start = performance.now();
    try {
      const late = await this.#untilLate({
        architecture,
        machine,
        accelerator: this.#accelerator,
        memory,
        commandLine,
        job: jobPath,
        report,
        layers: disks,
        network,
        timeout: ((job.program?.limits.time ?? 0) + bootTime) * 1e3,
        signal: this.#context.signal,
        console: messages
      });
      const seconds2 = Math.round(performance.now() - start) / 1e3;
      for await (const event of readEvents(report)) {
        each(event);
        complete = event.event === "end";
      }
      return { seconds: seconds2, accelerator: this.#accelerator, late };
    } finally {
      if (!complete) await this.#showConsole(messages);
    }
  }
  /** Whether the guest had to be stopped. What it has reported by then counts. */
  async #untilLate(options) {
    try {
      await bootGuest(options);
      return false;
    } catch (error) {
      if (!isLate(error)) throw error;
      this.#context.log.warn(`${error.message}. ${error.remedy}`);
      return true;
    }
  }
  async #showConsole(path) {
    const lines2 = (await tailOf(path)).split(/[\r\n]+/).filter((line) => line.trim() !== "");
    for (const line of lines2.slice(-CONSOLE_LINES)) this.#context.log.warn(`VM: ${line}`);
  }
};
async function tailOf(path) {
  const file3 = await open(path).catch(() => void 0);
  if (file3 === void 0) return "";
  try {
    const { size } = await file3.stat();
    const length = Math.min(size, CONSOLE_TAIL);
    const { buffer } = await file3.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString("latin1");
  } finally {
    await file3.close();
  }
}

// builtin-load:load of src/commands/preflight/layer-disks.ts
import { createRequire as createRequire14 } from "node:module";
var load14 = createRequire14(import.meta.url);

// builtin:node:fs/promises of src/commands/preflight/layer-disks.ts
var found30;
var all30 = () => found30 ??= load14("node:fs/promises");
var one28 = (name) => all30()[name];
var rm2 = /* @__PURE__ */ one28("rm");

// builtin:node:path of src/commands/preflight/layer-disks.ts
var found31;
var all31 = () => found31 ??= load14("node:path");
var one29 = (name) => all31()[name];
var join6 = /* @__PURE__ */ one29("join");

// src/commands/preflight/layer-disks.ts
var LayerDisks = class {
  #folder;
  #recipe;
  #wanted;
  #disks = /* @__PURE__ */ new Map();
  #next = 0;
  /**
   * @param folder private, for the files
   * @param wanted the layers of the image that is tested; others get no disk
   */
  constructor(folder, recipe, wanted) {
    this.#folder = folder;
    this.#recipe = recipe;
    this.#wanted = new Set(wanted.map(layerKey));
  }
  /**
   * The job, with a file for the layer's disk.
   * @param recipes those of the job, in order
   */
  withFile(job, recipes) {
    const key = layerKey(job.layer);
    if (!this.#wanted.has(key)) return job;
    const position = recipes.findIndex((own) => recipeKey(own) === recipeKey(this.#recipe));
    const serial = `layer-${String(this.#next++).padStart(3, "0")}`;
    const path = join6(this.#folder, serial);
    const done = async (converted) => {
      const verity = converted[position]?.verity;
      if (verity === void 0) throw new TypeError("a layer was not converted for its disk");
      this.#disks.set(key, { path, serial, verity });
      await job.done?.(converted);
    };
    return { ...job, imageFile: { recipe: this.#recipe, path }, done };
  }
  /** The disk of a layer that was converted. */
  of(layer) {
    const disk2 = this.#disks.get(layerKey(layer));
    if (disk2 === void 0) throw new TypeError(`layer ${layer.index} has no disk`);
    return disk2;
  }
  /** Removes all files: images may be large, and the run may go on. */
  async remove() {
    for (const { path } of this.#disks.values()) await rm2(path, { force: true });
  }
};

// src/commands/preflight/convert-disks.ts
function recipeOfTest(profile, set, options) {
  const recorded = set?.recorded;
  const own = KNOWN_CLASSES.find((of) => of === recorded?.class);
  const mkfsOptions = options.mkfsOptions ?? recorded?.mkfsOptions?.join(" ");
  const [recipe, ...others] = recipesFor({
    profiles: [profile],
    ...mkfsOptions === void 0 ? {} : { mkfsOptions },
    builder: options.builder,
    crossCheck: options.crossCheck,
    classes: options.classes ?? [own ?? DEFAULT_CLASS]
  });
  if (recipe === void 0) throw new TypeError("no recipe for a profile");
  if (others.length === 0) return recipe;
  throw new VeritySignError("usage", "several classes of erofs-utils are given, but a node has one", {
    remedy: "Give one erofs-utils-version, and test each class in a run of its own"
  });
}
async function convertToDisks(manifest, source, recipe, { folder, options, context }) {
  const { log, signal } = context;
  const image = { manifests: [manifest] };
  const disks = new LayerDisks(folder, recipe, manifest.layers);
  const jobs = uniqueLayers(image).map(
    (layer) => disks.withFile(
      { layer, open: (own) => source.blob(layer.descriptor, own), recipes: [recipe] },
      [recipe]
    )
  );
  if (!hasTars(image)) {
    await convertLayers(jobs, { builder: new ErofsLayerBuilder(), folder, options, log, signal });
    return disks;
  }
  const classes = recipe.class === void 0 ? [] : [recipe.class];
  const opened = await openBuilder(
    { ...options, ...classes.length === 0 ? {} : { classes } },
    { profiles: [recipe.profile], classes, folder, signal, log }
  );
  try {
    await opened.info;
    await convertLayers(jobs, { builder: opened.builder, folder, options, log, signal });
    return disks;
  } finally {
    await opened.stop();
  }
}

// src/commands/preflight/manifest.ts
function vmPlatforms({ kernel }) {
  const all32 = kernel === void 0 ? guestArchitectures() : ["x64"];
  return all32.map((one30) => GUEST_KINDS[one30].platform);
}
function manifestFor({ manifests }, platforms) {
  const of = (text2) => {
    const wanted = formatPlatform(parsePlatform(text2));
    const named = manifests.filter((one30) => one30.platform && platformNames(one30.platform).includes(wanted));
    const exact = named.filter((one30) => one30.platform && formatPlatform(one30.platform) === wanted);
    return exact.length > 0 ? exact : named;
  };
  const found32 = platforms.map(of).find(({ length }) => length > 0) ?? [];
  const [manifest, ...others] = found32;
  const architecture = manifest?.platform && guestOf(normalizePlatform(manifest.platform).architecture);
  if (manifest === void 0 || architecture === void 0) {
    const present = (manifest === void 0 ? manifests : [manifest]).map(
      ({ platform }) => platform === void 0 ? "an unknown platform" : formatPlatform(platform)
    );
    const ours = platforms.join(" and ");
    throw new VeritySignError(
      "usage",
      `preflight runs images of ${ours}, and this one is of ${present.join(", ")}`,
      {
        remedy: `Test an image of ${platforms.join(" or ")}`
      }
    );
  }
  if (others.length > 0) {
    throw new VeritySignError(
      "usage",
      `the index has ${others.length + 1} images of ${GUEST_KINDS[architecture].platform}`,
      {
        remedy: "Name the image manifest by its digest"
      }
    );
  }
  requireLayers(manifest);
  return { manifest, architecture };
}
function requireLayers({ layers, skippedLayers, layersLeftOut }) {
  const refuse = (message, remedy) => {
    throw new VeritySignError("usage", message, { remedy });
  };
  const [skipped] = skippedLayers;
  if (skipped !== void 0)
    refuse(
      `layer ${skipped.index} is not signed (${skipped.reason}): without it the image cannot be run`,
      "Test an image whose layers are all signed"
    );
  if (layersLeftOut !== void 0 || layers.length === 0)
    refuse(
      `the image has no layers to test${layersLeftOut === void 0 ? "" : `: ${layersLeftOut}`}`,
      "Test an image with layers"
    );
  if (layers.length > MAX_LAYERS)
    refuse(
      `the image has ${layers.length} layers, and preflight takes at most ${MAX_LAYERS}`,
      "Build the image with fewer layers"
    );
}

// src/commands/preflight/program.ts
var HEALTH = { interval: 30, timeout: 30, retries: 3 };
var SHORT_INTERVAL = 2;
var NANOSECONDS = 1e9;
var LONGEST = 86400;
var MOST_TRIES = 1e6;
function programOf(config, settings) {
  if (settings.static) return void 0;
  const words = settings.command ?? [...config.entrypoint, ...config.command];
  if (words.length === 0) {
    throw new VeritySignError("usage", "the image configuration has neither entrypoint nor command", {
      remedy: "Give the program with command, or set static to judge layers and files only"
    });
  }
  requireStartable(config);
  return {
    arguments: [...words],
    environment: config.environment,
    user: config.user,
    directory: config.directory === "" ? "/" : config.directory,
    limits: { time: seconds(settings.timeLimit), alive: seconds(settings.alive ?? 0) },
    health: settings.healthcheck ? healthOf(config) : void 0
  };
}
function requireStartable({ environment, directory }) {
  const refuse = (what) => {
    throw new VeritySignError("image", `the image configuration has ${what}: container runtimes refuse it`, {
      remedy: "Correct the configuration of the image, sign the image and test it again"
    });
  };
  const odd = environment.find((variable) => variable.indexOf("=") <= 0);
  if (odd !== void 0) refuse(`the variable ${JSON.stringify(odd)}, which is not NAME=VALUE`);
  if (directory !== "" && !directory.startsWith("/"))
    refuse(`the working directory ${JSON.stringify(directory)}, which is not an absolute path`);
}
function healthOf({ health, shell }) {
  const [kind, ...rest] = health?.test ?? [];
  const check2 = kind === "CMD-SHELL" && rest.length > 0 ? [...shell, rest.join(" ")] : kind === "CMD" ? rest : [];
  if (health === void 0 || check2.length === 0) {
    throw new VeritySignError("usage", "the image configuration has no health check", {
      remedy: "Omit healthcheck, or set alive to a time such as 10s"
    });
  }
  const given = health.interval > 0 ? health.interval / NANOSECONDS : HEALTH.interval;
  const interval = Math.min(given, SHORT_INTERVAL);
  const retries = health.retries > 0 ? health.retries : HEALTH.retries;
  return {
    interval: Math.max(1, Math.round(interval)),
    timeout: health.timeout > 0 ? wholeSeconds(health.timeout) : HEALTH.timeout,
    startPeriod: health.startPeriod > 0 ? wholeSeconds(health.startPeriod) : 0,
    retries: Math.min(MOST_TRIES, Math.ceil(retries * given / interval)),
    check: check2
  };
}
function wholeSeconds(nanoseconds) {
  return Math.min(LONGEST, Math.ceil(nanoseconds / NANOSECONDS));
}
function seconds(milliseconds) {
  return Math.ceil(milliseconds / 1e3);
}
function expectation({ limits: { time, alive }, health }) {
  if (health !== void 0) return `healthy within ${time} s`;
  return alive > 0 ? `exit status 0, or alive after ${alive} s` : `exit status 0 within ${time} s`;
}

// src/commands/preflight/read-signatures.ts
async function readSignatures(store, manifest, wanted, { now, signal }) {
  const trust = {
    anchors: wanted.certificates.map(({ der }) => der),
    identities: [],
    at: now,
    allowExpired: true
  };
  const known = /* @__PURE__ */ new Map();
  const sets = await readLayerReferrers(
    store,
    manifest.descriptor,
    (referrer) => evaluateReferrer(referrer, manifest, trust, known),
    screenReferrers(manifest, trust, known),
    signal
  );
  return chooseSet(sets, wanted);
}
function chooseSet(sets, { profile, classes }) {
  const usable = sets.filter((set) => set.layers.length > 0 && (set.profile ?? profile) === profile);
  const rank = ({ verdict, profile: own, recorded }) => {
    const of = KNOWN_CLASSES.indexOf(recorded.class);
    return [
      verdict === "verified" ? 0 : verdict === "invalid" ? 2 : 1,
      own === profile ? 0 : 1,
      classes === void 0 || classes.some((name) => name === recorded.class) ? 0 : 1,
      of === -1 ? KNOWN_CLASSES.length : of
    ];
  };
  return usable.toSorted((a, b) => compare(rank(a), rank(b)))[0];
}
function compare(a, b) {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

// src/commands/preflight/report/advice.ts
var COMPILERS = [
  [/^node(js)?\d*$/, "Set NODE_OPTIONS=--jitless: node then interprets, slower and without WebAssembly"],
  [
    /^java[cw]?$|^jshell$/,
    "The JVM makes code even with -Xint: compile ahead of time with GraalVM native-image, or allow this image by a policy of its own"
  ],
  [/^dotnet$|^pwsh$|^mono/, "Publish the program with Native AOT (PublishAot)"],
  [
    /^python[\d.]*$|^gunicorn$|^uwsgi/,
    "CPython itself makes no code: look for callbacks of ctypes or cffi (use a libffi of 3.4 or later with static trampolines), numba or another extension with a JIT"
  ],
  [/^pypy/, "Use CPython"],
  [/^(nginx|openresty)/, "Set pcre_jit off in nginx.conf"],
  [/^php/, "Set pcre.jit=0 and opcache.jit=disable in php.ini"],
  [/^(postgres|postmaster|psql)/, "Set jit = off in postgresql.conf"],
  [/^ruby/, "Run ruby without --yjit and --rjit"],
  [/^(beam\.smp|erl|elixir)/, "Use an Erlang that was configured with --disable-jit (emu flavor)"],
  [/^(lua|luajit)/, "Run luajit with -joff, or use the Lua interpreter"],
  [/^(chrom|electron|headless_shell)/, "Run it with --js-flags=--jitless"],
  [/^(deno|bun)/, "Its JavaScript engine compiles at run time: use node with --jitless"],
  [/^(apache2|httpd|haproxy|grep|git|rg)$/, "Turn off the JIT of PCRE2, or use a build without it"],
  [/^(mongod|redis-server|valkey-server)/, "Turn off its scripting engine, or use a build without a JIT"]
];
var OTHER_COMPILER = "Turn off just-in-time compilation in the program or its libraries (PCRE2, libffi, LLVM), or compile ahead of time";
function adviceFor(denial) {
  const { what, source, layer, path } = denial;
  if (what === "anonymous memory") return compilerAdvice(denial);
  if (what === "memory file")
    return "Start the program from a file of the image: the kernel cannot check code in a memory file (memfd)";
  if (source === "written at run time" && layer !== void 0) {
    return `Make this change when the image is built: chmod, chown or an edit at run time copies the file of layer ${layer} into the writable layer, where no signature covers it`;
  }
  if (source === "written at run time" || source === "temporary file system") {
    return /\.(sh|bash|py|pl|rb)$/.test(path ?? "") ? "Put the script into the image when it is built" : "Put the file into the image when it is built: nothing that is written or downloaded at run time may be executed";
  }
  if (source === "layer")
    return "Sign this layer with a key that the node trusts, or add its root hash to the policy (verity-sign ipe-policy)";
  return "Execute only files of the image";
}
function compilerAdvice({ program, command }) {
  const name = program.split("/").at(-1) ?? "";
  const found32 = COMPILERS.find(([pattern]) => pattern.test(name) || pattern.test(command ?? ""));
  return found32?.[1] ?? OTHER_COMPILER;
}

// src/commands/preflight/report/audit-record.ts
function parseAuditRecord(text2) {
  const field = (name) => new RegExp(`(?:^|[\\s:])${name}=("[^"]*"|[^\\s"]+)`).exec(text2)?.[1];
  const hook = field("ipe_hook");
  if (field("ipe_op") !== "EXECUTE" || hook === void 0) return void 0;
  return {
    hook: hook.slice(0, 40),
    enforcing: field("enforcing") !== "0",
    command: untrusted(field("comm")),
    path: untrusted(field("path")),
    // The rule names no text that a program may choose.
    rule: field("rule")?.replaceAll('"', "")
  };
}
function untrusted(value) {
  if (value === void 0 || value === "?" || value === "(null)") return void 0;
  if (value.startsWith('"')) return value.slice(1, -1);
  if (/^(?:[0-9A-Fa-f]{2})+$/.test(value)) return Buffer.from(value, "hex").toString("utf8");
  return value;
}

// src/commands/preflight/report/from-guest.ts
function fromGuest(text2) {
  if (/^[\x00-\x7f]*$/.test(text2)) return text2;
  return /^[\0-\xff]*$/.test(text2) ? Buffer.from(text2, "latin1").toString("utf8") : text2;
}

// src/commands/preflight/report/attribute.ts
var MOST = 1e3;
var OTHERS = "other programs or files";
var SOURCES = {
  layer: "layer",
  upper: "written at run time",
  memory: "memory",
  tmpfs: "temporary file system",
  other: "other"
};
var Denials = class {
  #found = /* @__PURE__ */ new Map();
  /** Programs by the name of their thread. */
  #programs = /* @__PURE__ */ new Map();
  add(event) {
    const denial = attribute(event);
    if (denial === void 0) return;
    if (this.#found.size < MOST || this.#found.has(keyOf(denial))) {
      const { program, command = "" } = denial;
      if (program !== void 0) {
        this.#programs.set(command, (this.#programs.get(command) ?? /* @__PURE__ */ new Set()).add(program));
      }
      count(this.#found, denial);
      return;
    }
    const { what, source, hook, rule, count: times } = denial;
    count(this.#found, {
      count: times,
      program: OTHERS,
      what,
      source,
      hook,
      ...rule === void 0 ? {} : { rule }
    });
  }
  /**
   * In the order of their first occurrence.
   * @param files of the layers: one of them that was changed at run time is no longer theirs
   */
  list(files) {
    const layers = new Map(files.map(({ path, layer }) => [path, layer]));
    const complete = /* @__PURE__ */ new Map();
    for (const denial of this.#found.values()) {
      const program = denial.program ?? this.#programOf(denial.command);
      const copied = denial.source === "written at run time" && denial.path !== void 0 ? layers.get(denial.path) : void 0;
      count(complete, { ...denial, program, ...copied === void 0 ? {} : { layer: copied } });
    }
    return [...complete.values()].map((denial) => {
      const named = { ...denial, program: denial.program ?? nameOf(denial.command) };
      return { ...named, advice: adviceFor(named) };
    });
  }
  /** The only program whose thread had this name. */
  #programOf(command) {
    const [program, ...others] = this.#programs.get(command ?? "") ?? [];
    return others.length === 0 ? program : void 0;
  }
};
function nameOf(command) {
  return command === "init" ? "start of the program" : command ?? "unknown program";
}
function keyOf({ program, command, what, path, layer, source, hook }) {
  return JSON.stringify([program, command, what, path, layer, source, hook].map((part) => part ?? null));
}
function count(found32, denial) {
  const key = keyOf(denial);
  const known = found32.get(key);
  if (known === void 0) found32.set(key, { ...denial });
  else known.count += denial.count;
}
function attribute(event) {
  const record2 = parseAuditRecord(event.text);
  if (event.phase !== "run" || record2 === void 0 || !record2.enforcing) return void 0;
  const { path } = record2;
  const command = record2.command ?? (event.command === void 0 ? void 0 : fromGuest(event.command));
  const what = kindOf(path, event.origin);
  const isMemory = what === "anonymous memory" || what === "memory file";
  return {
    count: 1,
    program: event.executable === void 0 ? void 0 : fromGuest(event.executable),
    ...command === void 0 ? {} : { command },
    what,
    ...path === void 0 || what === "anonymous memory" ? {} : { path: withoutMark(path) },
    ...event.layer === null || isMemory ? {} : { layer: event.layer },
    source: isMemory ? "memory" : SOURCES[event.origin],
    hook: record2.hook,
    ...record2.rule === void 0 ? {} : { rule: record2.rule }
  };
}
function kindOf(path, origin) {
  if (path === void 0 || /^\/(dev\/zero|SYSV[0-9a-f]{8}) \(deleted\)$/.test(path))
    return "anonymous memory";
  if (path.startsWith("/memfd:")) return "memory file";
  return origin === "memory" ? "unknown" : "file";
}
function withoutMark(path) {
  return path.replace(/ \(deleted\)$/, "");
}

// src/commands/preflight/report/collect.ts
var Collected = class {
  kernel;
  /** Of policies and modules: what the kernel did not take. */
  refusedParts = [];
  /** By number of the layer. */
  layers = /* @__PURE__ */ new Map();
  overlay;
  files = [];
  shadowed = [];
  whiteouts = [];
  started;
  ended;
  /** The last answer of the health check. */
  health;
  output = [];
  outputCut = 0;
  denials = new Denials();
  lostRecords = 0;
  /** Events that the report disk had no room for. */
  lostEvents = 0;
  attacks = [];
  /** The guest came to its end. */
  complete = false;
  add(event) {
    switch (event.event) {
      case "kernel":
        this.kernel = event;
        break;
      case "module":
        this.#part(`module ${fromGuest(event.path)}`, event.outcome);
        break;
      case "policy":
        this.#part(`${event.step} of the policy ${fromGuest(event.name)}`, event.outcome);
        break;
      case "layer":
        this.layers.set(event.layer, event);
        break;
      case "overlay":
        this.overlay = event.outcome;
        break;
      case "file":
        this.files.push(fileOf(event));
        break;
      case "shadowed":
        this.shadowed.push({ path: fromGuest(event.path), layer: event.layer, by: event.by });
        break;
      case "whiteout": {
        const { path, layer, kind, effective } = event;
        this.whiteouts.push({ path: fromGuest(path), layer, kind, effective });
        break;
      }
      case "started":
        this.started = event;
        break;
      case "ended":
        this.ended = event;
        break;
      case "health":
        this.health = fromGuest(event.text);
        break;
      case "output":
        this.output.push({ stream: event.stream, text: fromGuest(event.text) });
        break;
      case "outputCut":
        this.outputCut = event.bytes;
        break;
      case "audit":
        this.denials.add(event);
        break;
      case "auditLost":
        this.lostRecords += event.records;
        break;
      case "reportFull":
        this.lostEvents += event.events;
        break;
      case "attack":
        this.attacks.push(event);
        break;
      case "end":
        this.complete = true;
        break;
    }
  }
  #part(what, outcome2) {
    if (outcome2 !== "OK" && outcome2 !== "EEXIST") this.refusedParts.push(`${what}: ${outcome2}`);
  }
};
var SETUID_OR_SETGID = 3072;
function fileOf({ path, layer, kind, mode, capability, interpreter, outcome: outcome2 }) {
  return {
    path: fromGuest(path),
    layer,
    kind,
    executable: outcome2 === "OK",
    outcome: outcome2,
    ...interpreter === void 0 ? {} : { interpreter: fromGuest(interpreter) },
    ...(mode & SETUID_OR_SETGID) === 0 ? {} : { setuid: true },
    ...capability === void 0 ? {} : { capability }
  };
}

// src/commands/preflight/report/attacks.ts
function judgeAttack(event) {
  return event.name === "dropped" ? dropped(event.outcome) : changedByte(event);
}
function dropped(outcome2) {
  const refused2 = outcome2 === "EACCES" || outcome2 === "EPERM";
  const result = refused2 ? "a program that was added at run time is not executed" : outcome2 === "OK" ? "a program that was added at run time WAS EXECUTED" : `a program that was added at run time could not be tried (${outcome2})`;
  return { name: "dropped", refused: refused2, outcome: outcome2, result };
}
function changedByte(event) {
  const { layer, control, open: open5, read } = event;
  const attack = { name: "changed-byte", layer };
  if (control !== "OK") {
    const result2 = `a changed byte of layer ${layer} could not be tried: without the change it gives ${control}`;
    return { ...attack, refused: false, outcome: control, result: result2 };
  }
  if (open5 !== "OK") {
    const result2 = `layer ${layer} with a changed byte is not opened`;
    return { ...attack, refused: true, outcome: open5, result: result2 };
  }
  const refused2 = read !== "OK";
  const result = refused2 ? `a changed byte of layer ${layer} is not read` : `a changed byte of layer ${layer} WAS READ`;
  return { ...attack, refused: refused2, outcome: read, result };
}

// src/commands/preflight/report/errnos.ts
var OPENING = {
  ENOKEY: "no key that the kernel trusts has signed it",
  EKEYREJECTED: "the signature is damaged or belongs to another root hash",
  EBADMSG: "the signature is not PKCS#7 in DER without content, or has a certificate that the kernel cannot parse",
  ENOPKG: "the kernel does not support the algorithm of the signature",
  EINVAL: "the signature is damaged, or the kernel does not support its key size",
  EKEYEXPIRED: "the key has expired",
  EACCES: "the policy denies it",
  EPERM: "the policy denies it",
  EIO: "its blocks do not match the root hash: it was changed",
  ENOMEM: "the VM has too little memory"
};
var MOUNTING = {
  EIO: "its blocks do not match the root hash: it was changed",
  EINVAL: "the kernel does not support this EROFS image",
  EOPNOTSUPP: "the kernel does not support a feature of this EROFS image",
  EUCLEAN: "the EROFS image is damaged",
  ENOMEM: "the VM has too little memory"
};
var SMALLEST_IMAGE = 4096;
var TOO_SMALL = "kernels mount no EROFS image smaller than 4096 bytes";
var NO_SIGNATURE = "it has no signature, and the kernel requires one";
function layerReason(step, outcome2, signed, size) {
  if (step === "disk") return `the VM does not see the disk of the layer (${outcome2})`;
  if (step === "open" && outcome2 === "ENOKEY" && !signed) return `${NO_SIGNATURE} (ENOKEY)`;
  if (step === "mount" && outcome2 === "EIO" && size < SMALLEST_IMAGE) return `${TOO_SMALL} (EIO)`;
  const words = (step === "open" ? OPENING : MOUNTING)[outcome2];
  const doing = step === "open" ? "the kernel does not open it" : "the kernel does not mount it";
  return words === void 0 ? `${doing} (${outcome2})` : `${words} (${outcome2})`;
}
var STARTING = {
  ENOENT: "there is no such file, or its interpreter is missing",
  EACCES: "it is not executable, it is a folder, or the policy denies it",
  ENOEXEC: "it is no program, and has no #! line",
  ENOTDIR: "a part of its path is no folder",
  ELOOP: "its path has too many symbolic links",
  E2BIG: "its arguments and environment are longer than the kernel takes",
  ENOMEM: "the VM has too little memory"
};
function startReason(outcome2) {
  const words = STARTING[outcome2];
  return words === void 0 ? outcome2 : `${words} (${outcome2})`;
}

// src/commands/preflight/report/run.ts
var USERS = "/etc/passwd";
function runOf(program, found32) {
  const { started, ended } = found32;
  if (started === void 0) return void 0;
  const common = {
    arguments: [...program.arguments],
    user: program.user,
    directory: program.directory,
    expected: expectation(program),
    output: outputOf(found32)
  };
  if (started.outcome !== "OK") {
    const name = program.arguments[0] || "a program without a name";
    const result = `${name} could not be started: ${whyNotStarted(started, program)}`;
    return { ...common, how: "not started", status: 0, seconds: 0, succeeded: false, result };
  }
  if (ended === void 0) return void 0;
  const { how, status, seconds: seconds2 } = ended;
  return { ...common, how, status, seconds: seconds2, ...resultOf(ended, program, found32) };
}
function whyNotStarted({ path, outcome: outcome2, missing }, { user, directory, arguments: [name] }) {
  if (fromGuest(path) === directory && name !== directory)
    return `its working directory ${directory} cannot be entered (${outcome2})`;
  if (path === USERS && name !== USERS)
    return `the image has no user or group ${user} in /etc/passwd or /etc/group`;
  if (missing === void 0) return startReason(outcome2);
  const interpreter = fromGuest(missing);
  return interpreter.endsWith("\r") ? `its #! line ends in a carriage return, and there is no ${JSON.stringify(interpreter)} (${outcome2})` : `its interpreter ${interpreter} is not in the image (${outcome2})`;
}
function resultOf({ how, status, seconds: seconds2 }, { health }, { health: answer }) {
  const after = `after ${seconds2.toFixed(1)} s`;
  switch (how) {
    case "alive":
      return { succeeded: true, result: `still runs ${after}` };
    case "healthy":
      return { succeeded: true, result: `healthy ${after}` };
    case "exit":
      if (health !== void 0)
        return { succeeded: false, result: `exited with status ${status} ${after}, before it was healthy` };
      return { succeeded: status === 0, result: `exited with status ${status} ${after}` };
    case "signal":
      return { succeeded: false, result: `ended by signal ${status} ${after}` };
    case "unhealthy": {
      const why = answer === void 0 || answer.trim() === "" ? "" : `: ${answer.trim().slice(0, 200)}`;
      return { succeeded: false, result: `not healthy ${after}${why}` };
    }
    case "timeout":
      return {
        succeeded: false,
        result: `still runs ${after}, and should have ${health === void 0 ? "ended" : "become healthy"}`
      };
  }
}
function outputOf({ output, outputCut }) {
  const joined = [];
  for (const { stream: stream2, text: text2 } of output) {
    const last = joined.at(-1);
    if (last?.stream === stream2) last.text += text2;
    else joined.push({ stream: stream2, text: text2 });
  }
  if (outputCut > 0) joined.push({ stream: "stderr", text: `(${outputCut} bytes of output are not kept)
` });
  return joined;
}

// src/commands/preflight/report/verdict.ts
function verdictOf(judged) {
  const { kernel, refusedParts, layers, overlay, complete, late } = judged;
  if (kernel === void 0) return unchecked(`the VM reported nothing${late ? " in its time" : ""}`);
  if (refusedParts.length > 0) return unchecked(`the kernel did not take ${refusedParts.join(", ")}`);
  if (!kernel.requireSignatures) return unchecked("the kernel of the VM requires no signatures of layers");
  if (!kernel.ipeEnforced) return unchecked("IPE of the VM does not enforce its policy");
  const refused2 = layers.filter(({ accepted, step }) => !accepted && step !== "none");
  const [first] = refused2;
  if (first !== void 0) {
    const more = refused2.length === 1 ? "" : `, and ${refused2.length - 1} more`;
    return { verdict: "refused", summary: `layer ${first.index} is refused: ${first.reason}${more}` };
  }
  if (layers.some(({ accepted }) => !accepted)) return unchecked("the VM did not report on all layers");
  if (overlay === void 0) return unchecked("the VM did not report whether the layers can be stacked");
  if (overlay !== "OK")
    return { verdict: "refused", summary: `the kernel does not stack the layers (${overlay})` };
  const cut = late ? "the VM did not end in its time" : "the VM stopped before its end";
  return judgeEnforcement(judged) ?? (complete ? judgeProgram(judged) : unchecked(cut));
}
function judgeEnforcement({ attacks, complete }) {
  const successful = attacks.find((attack) => wasTried(attack) && !attack.refused);
  if (successful !== void 0)
    return { verdict: "not-enforced", summary: `the kernel does not enforce: ${successful.result}` };
  if (!complete) return void 0;
  const idle = attacks.find((attack) => !wasTried(attack));
  if (idle !== void 0) return unchecked(idle.result);
  const missing = ["dropped", "changed-byte"].find(
    (name) => !attacks.some((attack) => attack.name === name)
  );
  return missing === void 0 ? void 0 : unchecked(`the attack ${missing} was not tried`);
}
function judgeProgram(judged) {
  const { files, program, run: run2, denials, lostRecords, lostEvents, allowDenials } = judged;
  const unable = files.filter(({ executable }) => !executable);
  const [file3] = unable;
  if (file3 !== void 0 && !(allowDenials && program)) {
    const what = unable.length === 1 ? "file of the layers" : "files of the layers";
    return {
      verdict: "denied",
      summary: `${unable.length} ${what} cannot be executed, such as ${file3.path} (${file3.outcome})`
    };
  }
  const isTold = lostEvents === 0;
  const untold = `the report of the VM had no room for ${lostEvents} files or denials`;
  if (!program && !isTold) return unchecked(untold);
  if (!program) return { verdict: "accepted", summary: "all layers are accepted; the program was not run" };
  if (run2 === void 0) return unchecked("the VM did not report how the program ended");
  const denied = deniedText(denials);
  if (denied !== void 0 && !(allowDenials && run2.succeeded)) {
    return { verdict: "denied", summary: run2.succeeded ? denied : `${denied}; the program ${run2.result}` };
  }
  if (!isTold && !(allowDenials && run2.succeeded)) return unchecked(untold);
  if (lostRecords > 0 && !(allowDenials && run2.succeeded))
    return unchecked(`${lostRecords} records of the audit log were lost, which may be denials`);
  if (!run2.succeeded) return { verdict: "failed", summary: `the program failed: ${run2.result}` };
  const despite = denied === void 0 ? "" : `, in spite of ${denied}`;
  return { verdict: "runs", summary: `runs under enforcement${despite}` };
}
function deniedText(denials) {
  const total = denials.reduce((sum, { count: count2 }) => sum + count2, 0);
  return total === 0 ? void 0 : `${total} execution${total === 1 ? "" : "s"} denied`;
}
function unchecked(why) {
  return { verdict: "unchecked", summary: `could not be checked: ${why}` };
}

// src/commands/preflight/report/report.ts
function preflightReport(facts, found32, booted, machine) {
  const { image, manifest, profile, mkfsOptions, signatures, certificates, program, allowDenials } = facts;
  const { files, shadowed, whiteouts, lostRecords, lostEvents, overlay, complete, refusedParts } = found32;
  const kernel = {
    release: found32.kernel?.release ?? "unknown",
    source: machine.source,
    accelerator: booted.accelerator,
    requireSignatures: isOn(found32.kernel?.requireSignatures),
    ipeEnforced: isOn(found32.kernel?.ipeEnforce),
    policy: machine.policy
  };
  const layers = facts.layers.map((layer) => layerOf(layer, facts, found32));
  const run2 = program && runOf(program, found32);
  const denials = found32.denials.list(files);
  const attacks = found32.attacks.map(judgeAttack);
  const judgement = verdictOf({
    kernel: found32.kernel && kernel,
    refusedParts,
    layers,
    overlay,
    files,
    program: program !== void 0,
    run: run2,
    denials,
    lostRecords,
    lostEvents,
    attacks,
    complete,
    late: booted.late,
    allowDenials
  });
  return {
    ...REPORT_HEAD,
    image,
    ...platformReport(manifest.platform),
    manifest: manifestReport(manifest.descriptor),
    profile,
    ...facts.class === void 0 ? {} : { class: facts.class },
    mkfsOptions: [...mkfsOptions],
    ...signatures === void 0 ? {} : { signatures: { referrer: signatures.referrer, signers: [...signatures.signers] } },
    certificates: certificates.map(({ subject, fingerprint }) => ({ subject, fingerprint })),
    verdict: judgement.verdict,
    passed: judgement.verdict === "runs" || judgement.verdict === "accepted",
    summary: judgement.summary,
    kernel,
    layers,
    files,
    shadowed,
    whiteouts,
    ...run2 === void 0 ? {} : { run: run2 },
    denials,
    ...lostRecords === 0 ? {} : { lostRecords },
    ...lostEvents === 0 ? {} : { lostEvents },
    attacks,
    seconds: { ...facts.seconds, boot: booted.seconds }
  };
}
function isOn(shown) {
  return shown?.trim() === "1" || shown?.trim() === "Y";
}
function layerOf(layer, { manifest, signedRootHashes }, found32) {
  const { number: number2, rootHash, pkcs7 } = layer;
  const own = manifest.layers.find(({ index }) => index === number2);
  if (own === void 0) throw new TypeError(`the image has no layer ${number2}`);
  const signedHash = signedRootHashes.get(number2);
  const isOther = signedHash !== void 0 && signedHash !== rootHash;
  const event = found32.layers.get(number2);
  const accepted = event?.step === "mount" && event.outcome === "OK";
  const otherHash = isOther ? `; the signature is for the root hash ${signedHash}` : "";
  return {
    index: number2,
    digest: own.descriptor.digest,
    diffId: own.diffId,
    rootHash,
    ...isOther ? { signedRootHash: signedHash } : {},
    signed: pkcs7 !== void 0,
    accepted,
    step: event?.step ?? "none",
    outcome: event?.outcome ?? "not reported",
    ...accepted || event === void 0 ? {} : {
      reason: `${layerReason(event.step, event.outcome, pkcs7 !== void 0, layer.hashOffset)}${otherHash}`
    }
  };
}

// src/commands/preflight/test-image.ts
async function testImage(test, machine, { log }) {
  const { options, image, manifest, recipe, set, certificates, program, watch } = test;
  const layers = manifest.layers.map((layer) => jobLayer(layer, test));
  const job = {
    layers,
    network: options.network,
    list: true,
    program,
    tamper: largest(manifest.layers, test.disks)?.index
  };
  const found32 = new Collected();
  const booted = await log.group("Boot under enforcement", async (own) => {
    const done = await machine.boot(
      job,
      distinctDisks(manifest.layers, test.disks),
      (event) => found32.add(event)
    );
    own.info(
      `kernel ${found32.kernel?.release ?? "unknown"}, ${done.accelerator}, ${done.seconds.toFixed(1)} s`
    );
    return done;
  });
  const { digest, mediaType } = image.root;
  return preflightReport(
    {
      image: { reference: options.image, name: image.name, digest, mediaType },
      manifest,
      profile: recipe.profile,
      class: hasTars({ manifests: [manifest] }) ? recipe.class : void 0,
      mkfsOptions: recipe.mkfsOptions,
      signatures: set && { referrer: set.referrer, signers: signersOf(set) },
      certificates,
      layers,
      signedRootHashes: new Map(set?.layers.map(({ layer, rootHash }) => [layer.index, rootHash])),
      program,
      allowDenials: options.allowDenials,
      seconds: { total: watch.total(), resolve: watch.of("resolve"), convert: watch.of("convert") }
    },
    found32,
    booted,
    machine
  );
}
function jobLayer(layer, { set, disks }) {
  const { serial, verity } = disks.of(layer);
  const signed = set?.layers.find((one30) => one30.layer.index === layer.index);
  return {
    number: layer.index,
    serial,
    hashOffset: verity.dataSize,
    rootHash: verity.rootHash,
    pkcs7: signed?.pkcs7
  };
}
function distinctDisks(layers, disks) {
  const all32 = layers.map((layer) => disks.of(layer));
  return [...new Map(all32.map(({ serial, path }) => [serial, { serial, path }])).values()];
}
function largest(layers, disks) {
  const size = (layer) => disks.of(layer).verity.dataSize;
  return layers.toSorted((a, b) => size(b) - size(a))[0];
}
function signersOf({ layers }) {
  return [...new Set(layers.flatMap(({ signer }) => signer?.subject ?? []))];
}

// src/commands/preflight/trusted.ts
async function readTrusted({ trustedCertificates }, { secrets }) {
  const all32 = [];
  for (const given of trustedCertificates) all32.push(...await readTrustedInput(given, secrets));
  return [...new Map(all32.map(readCertificate).map((one30) => [one30.fingerprint, one30])).values()];
}

export {
  openMachine,
  LayerDisks,
  recipeOfTest,
  convertToDisks,
  vmPlatforms,
  manifestFor,
  programOf,
  readSignatures,
  testImage,
  readTrusted
};
