import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  OLDEST_EROFS_UTILS,
  unsupportedErofsUtils
} from "./shared.tools.versions.js";
import {
  fixedEnvironment
} from "./shared.lib.process.environment.js";
import {
  ToolError,
  run
} from "./shared.lib.process.run.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/lib/process/find-program.ts
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join, resolve } from "node:path";
function findProgram(name, folders) {
  return folders.map((folder) => resolve(join(folder, name))).find(isProgram);
}
function programFolders() {
  const lists = [process.env.PATH, fixedEnvironment().PATH];
  return lists.flatMap((list) => list?.split(delimiter) ?? []).filter(isAbsolute);
}
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

// src/tools/mkfs-erofs.ts
import { resolve as resolve2 } from "node:path";

// src/lib/process/confinement/level.ts
function inNamespaces(some) {
  return [true, false].flatMap(
    (limited) => ["own", "whole"].flatMap(
      (view) => some.map((namespaces) => ({ ...namespaces, view, limited, unprivileged: true }))
    )
  );
}
var DIRECT = inNamespaces([
  { namespaces: "direct", nobody: true },
  { namespaces: "direct", nobody: false }
]);
var MAPPED = inNamespaces([{ namespaces: "mapped", nobody: false }]);
var NONE = [
  { unprivileged: true, limited: true },
  { unprivileged: true, limited: false },
  { unprivileged: false, limited: true },
  { unprivileged: false, limited: false }
].map((level) => ({ ...level, namespaces: "none", view: "whole", nobody: false }));
function levelsOf(privilege) {
  return privilege === "user-namespace" ? [...MAPPED, ...NONE] : [...DIRECT, ...MAPPED, ...NONE];
}

// src/lib/process/privilege.ts
var PROBE_TIMEOUT = 1e4;
var AS_MAPPED_ROOT = ["unshare", "--map-root-user", "--"];
var GRACE = 2;
async function findPrivilege(signal) {
  const refused = [];
  for (const privilege of ["root", "user-namespace", "sudo"]) {
    const reason = await whyNot(privilege, signal);
    if (reason === void 0) return privilege;
    refused.push(reason);
  }
  throw new VeritySignError(
    "environment",
    `mkfs.erofs must run as uid 0, as on the node: the owner of the root directory changes every root hash (${refused.join("; ")})`,
    { remedy: "Run as root, allow unprivileged user namespaces, or allow sudo without a password" }
  );
}
async function hasSudo(signal) {
  return await whyNot("sudo", signal) === void 0;
}
function argvBySudo(argv, env, timeout) {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const limit = ["timeout", `--kill-after=${GRACE}`, `${Math.ceil(timeout / 1e3)}`];
  return ["sudo", "-n", "--", "env", "-i", ...variables, ...limit, ...argv];
}
function endAsRoot(pid) {
  void run(["sudo", "-n", "--", "kill", "-TERM", `${pid}`], {
    env: fixedEnvironment(),
    timeout: PROBE_TIMEOUT
  }).catch(() => void 0);
}
async function removeAsRoot(folder) {
  const env = fixedEnvironment();
  const argv = argvBySudo(["rm", "-rf", "--one-file-system", "--", folder], env, PROBE_TIMEOUT);
  await run(argv, { env, timeout: PROBE_TIMEOUT });
}
function whyNotRoot() {
  const [uid, gid] = [process.geteuid?.(), process.getegid?.()];
  return uid === 0 && gid === 0 ? void 0 : `the user is uid ${uid}, gid ${gid}`;
}
async function whyNot(privilege, signal) {
  if (privilege === "root") return whyNotRoot();
  const env = fixedEnvironment();
  try {
    for (const option of ["-u", "-g"]) {
      const id = ["id", option];
      const argv = privilege === "sudo" ? argvBySudo(id, env, PROBE_TIMEOUT) : [...AS_MAPPED_ROOT, ...id];
      const options = { env, timeout: PROBE_TIMEOUT, ...signal === void 0 ? {} : { signal } };
      const printed = (await run(argv, options)).stdout.toString().trim();
      if (printed !== "0") return `${privilege}: id ${option} prints ${printed}`;
    }
    return void 0;
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    const detail = error.message.replaceAll(/\s*\n\s*/g, " ").slice(0, 200);
    return privilege === "user-namespace" ? `no user namespace: ${detail}` : `${privilege}: ${detail}`;
  }
}

// src/tools/run-mkfs.ts
import { chmodSync, mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join as join4 } from "node:path";

// src/lib/process/confinement/command.ts
import { basename, join as join3 } from "node:path";

// src/lib/process/confinement/limits.ts
import { release } from "node:os";
function prlimit(limits, level) {
  const { memory, addressSpace, processorSeconds, fileSize, processes } = limits;
  return [
    "prlimit",
    "--core=0",
    `--data=${memory}`,
    `--as=${addressSpace}`,
    // SIGXCPU first: it tells why the program ended.
    `--cpu=${processorSeconds}:${processorSeconds + 1}`,
    `--fsize=${fileSize}`,
    ...countsProcesses(level) ? [`--nproc=${processes}`] : [],
    "--"
  ];
}
function countsProcesses({ namespaces, nobody }, kernel = release()) {
  const [major = 0, minor = 0] = kernel.split(".").map(Number);
  return (namespaces === "mapped" || nobody) && (major > 5 || major === 5 && minor >= 14);
}

// src/lib/process/confinement/view.ts
import { lstatSync, realpathSync } from "node:fs";
import { join as join2, sep } from "node:path";
var SYSTEM = [
  ...["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"],
  ...["/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libx32"],
  ...["/usr/local/bin", "/usr/local/sbin", "/usr/local/lib", "/usr/local/lib64"],
  ...["/nix/store", "/gnu/store", "/etc/alternatives"]
];
var DEVICES = ["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"];
var LOADER_CACHE = "/etc/ld.so.cache";
var PLACE = "/run/confined";
var TEMPORARY = join2(PLACE, "tmp");
function viewOf({ root, temporary, shown, system }) {
  const found = system ? SYSTEM.map((path) => ({ path, kind: kindOf(path) })) : [];
  const folders = found.filter(({ kind }) => kind === "folder").map(({ path }) => path);
  const links = found.filter(({ kind }) => kind === "link").map(({ path }) => path);
  const cache = system && kindOf(LOADER_CACHE) === "file" ? [LOADER_CACHE] : [];
  const devices = system ? DEVICES : [];
  const own = shown.map(({ path, name, writable }) => ({ path, at: join2(PLACE, name), writable }));
  const mounts = [
    ...[...folders, ...cache].map((path) => entry(path, root + path, "ro,nosuid,nodev")),
    ...devices.map((path) => entry(path, root + path, "nosuid,noexec")),
    ...own.map(
      ({ path, at, writable }) => entry(path, root + at, writable ? "nosuid,nodev,noexec" : "ro,nosuid,nodev")
    ),
    entry(temporary, root + TEMPORARY, "nosuid,nodev,noexec"),
    // Whoever is in a changed root can create no user namespace, and so gain no capabilities there.
    system ? entry(root, `${root}/jail`, "ro,nosuid,nodev", "rbind") : entry(`${root}/run`, "/run", "ro,nosuid,nodev", "rbind")
  ];
  return {
    folders: [...folders, TEMPORARY, ...system ? ["/dev", "/etc", "/jail", "/usr"] : []].map(relative),
    files: [...cache, ...own.map(({ at }) => at), ...devices].map(relative),
    links,
    table: `${mounts.join("\n")}
`
  };
}
function isSystemProgram(path) {
  return [path, realpathSync(path)].every((one) => SYSTEM.some((folder) => one.startsWith(folder + sep)));
}
function kindOf(path) {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isSymbolicLink()) return "link";
  if (stat?.isDirectory()) return "folder";
  return stat?.isFile() ? "file" : void 0;
}
function relative(path) {
  return path.slice(1);
}
function entry(source, target, options, bind = "bind") {
  return `${escaped(source)} ${escaped(target)} none ${bind},${options} 0 0`;
}
function escaped(path) {
  return [...Buffer.from(path)].map((byte) => {
    const character = String.fromCharCode(byte);
    return /[\w/.-]/.test(character) ? character : `\\${byte.toString(8).padStart(3, "0")}`;
  }).join("");
}

// src/lib/process/confinement/command.ts
var NOBODY = 65534;
function confine(request, level, privilege) {
  const { program, output = "", inputs, root, temporary, limits } = request;
  const limit = level.limited ? prlimit(limits, level) : [];
  const map = privilege === "user-namespace" ? AS_MAPPED_ROOT : [];
  if (level.namespaces === "none") {
    const drop = !level.unprivileged ? [] : privilege === "sudo" ? dropped("-all,+dac_override") : [...dropped().slice(0, -1), ENDS_WITH_CALLER, "--"];
    return { command: [...map, ...drop, ...limit, program], output, inputs: [...inputs], temporary };
  }
  const own = level.view === "own";
  const alias = own && !isSystemProgram(program) ? [{ path: program, name: "program", writable: false }] : [];
  const shown = [
    ...alias,
    ...output === "" ? [] : [{ path: output, name: basename(output), writable: true }],
    ...inputs.map((path, index) => ({ path, name: `input-${index}`, writable: false }))
  ];
  const view = viewOf({ root, temporary, shown, system: own });
  const chain = [
    ...level.nobody ? asNobody() : [],
    ...own ? ["chroot", "."] : [],
    ...dropped(),
    ...limit,
    alias.length === 0 ? program : join3(PLACE, "program")
  ];
  return {
    command: [
      // If this process dies, so does the command.
      ...privilege === "sudo" ? [] : ["setpriv", ENDS_WITH_CALLER, "--"],
      ...["unshare", ...level.namespaces === "mapped" ? ["--map-root-user"] : []],
      ...["--mount", "--pid", "--fork", "--kill-child", "--net", "--ipc", "--uts", "--"],
      ...["sh", "-c", assemble(view, own), "sh", root, view.table, ...chain]
    ],
    output: output === "" ? "" : join3(PLACE, basename(output)),
    inputs: inputs.map((_, index) => join3(PLACE, `input-${index}`)),
    temporary: TEMPORARY
  };
}
var ENDS_WITH_CALLER = "--pdeathsig=KILL";
function dropped(bounding = "-all") {
  const sets = ["--inh-caps=-all", "--ambient-caps=-all", `--bounding-set=${bounding}`];
  return ["setpriv", "--no-new-privs", ...sets, "--"];
}
function asNobody() {
  const user = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"];
  const creates = ["--inh-caps=+sys_admin", "--ambient-caps=+sys_admin"];
  return ["setpriv", ...user, ...creates, "--", "unshare", "--user", "--map-root-user", "--"];
}
function assemble({ folders, files, links }, own) {
  return [
    "set -e",
    "umask 022",
    "root=$1 table=$2",
    "shift 2",
    'mount -n -t tmpfs -o mode=0755,size=1m,nosuid,nodev none "$root"',
    'cd "$root"',
    `mkdir -p ${folders.join(" ")}`,
    ...files.map((path) => `: >${quoted(path)}`),
    ...links.length === 0 ? [] : [`cp -P --parents ${links.join(" ")} .`],
    'printf %s "$table" >table',
    "mount -n -a -T table",
    // If memory gets scarce on the machine, this program goes first.
    "{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null || :",
    // The processes of the machine stay hidden.
    own ? "cd jail" : "mount -n -t proc proc /proc 2>/dev/null || mount -n -t tmpfs -o size=4k none /proc",
    "set +e",
    // Only root may kill a child of sudo; see `argvBySudo`.
    "trap 'exit 143' TERM",
    '"$@"',
    "exit $?"
  ].join("\n");
}
function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

// src/tools/mkfs-limits.ts
import { availableParallelism } from "node:os";
var MIB = 2 ** 20;
var BASE_MEMORY = 160 * MIB;
var MEMORY_PER_BYTE = 8;
var COUNTED_SIZE = 128 * MIB;
var COMPRESSION_MEMORY = 128 * MIB;
var RESERVED = 512 * MIB;
var RESERVED_PER_THREAD = 80 * MIB;
var BASE_TIME = 1 / 40;
var TIME_PER_MIB = 1 / 300;
var LEAST_TIME = 2;
var SPARSE_SIZE = 4 * 2 ** 40;
var OTHER_PROCESSES = 8;
function mkfsLimits({ blobSize, timeout, maxTarSize, compresses }) {
  const threads = compresses ? availableParallelism() : 0;
  const memory = BASE_MEMORY + MEMORY_PER_BYTE * Math.min(blobSize, COUNTED_SIZE) + threads * COMPRESSION_MEMORY;
  const seconds = timeout / 1e3 * (BASE_TIME + blobSize / MIB * TIME_PER_MIB);
  return {
    memory,
    addressSpace: memory + RESERVED + (threads + 2) * RESERVED_PER_THREAD,
    processorSeconds: Math.max(
      LEAST_TIME,
      Math.ceil(compresses ? timeout / 1e3 : Math.min(seconds, timeout / 1e3))
    ),
    fileSize: SPARSE_SIZE + maxTarSize,
    processes: OTHER_PROCESSES + threads
  };
}

// src/tools/run-mkfs.ts
var READS = /^--(?:file-contexts|compress-hints)=(\/.+)$/;
function outputMode({ privilege, level }) {
  return level.nobody || privilege === "sudo" ? 390 : 384;
}
async function runMkfs(program, request) {
  const { privilege, level } = program;
  const { folder, name, timeout, signal, tarFd } = request;
  const own = join4(folder, `${name}.run`);
  const [root, temporary] = [join4(own, "view"), join4(own, "tmp")];
  mkdirSync(own, { mode: 448 });
  for (const path of [own, root, temporary]) {
    mkdirSync(path, { recursive: true });
    chmodSync(path, path === temporary && outputMode(program) === 390 ? 455 : 448);
  }
  const read = (word) => READS.exec(word)?.slice(1) ?? [];
  const confined = confine(
    {
      program: program.path,
      output: request.output,
      inputs: request.args.flatMap(read),
      root,
      temporary,
      limits: request.limits ?? mkfsLimits({ blobSize: 0, timeout, maxTarSize: 0, compresses: false })
    },
    level,
    privilege
  );
  const args = request.args.map((word) => {
    const [path] = read(word);
    return path === void 0 ? word : word.replace(path, confined.inputs.shift() ?? path);
  });
  const env = { ...fixedEnvironment(), TMPDIR: confined.temporary };
  const argv = [...confined.command, ...args, ...confined.output === "" ? [] : [confined.output]];
  try {
    const { stdout } = await run(privilege === "sudo" ? argvBySudo(argv, env, timeout) : argv, {
      env,
      name: program.path,
      cwd: folder,
      ...tarFd === void 0 ? {} : { stdinFd: tarFd },
      timeout,
      maxOutput: 1024 * 1024,
      ...signal === void 0 ? {} : { signal },
      ...privilege === "sudo" ? { killGroup: endAsRoot } : {}
    });
    return stdout.toString();
  } finally {
    await remove(own, privilege);
  }
}
async function remove(folder, privilege) {
  try {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    if (privilege !== "sudo") throw error;
    await removeAsRoot(folder);
  }
}

// src/tools/mkfs-erofs.ts
var INSTALL = "Omit builder: mkfs, or install erofs-utils 1.9.4 (or 1.8.6, or 1.8.10 or later, except 1.9.0), or set mkfs-path to another mkfs.erofs";
var VERSION_TIMEOUT = 1e4;
function locateMkfs(path) {
  const found = path === void 0 ? search() : resolve2(path);
  if (found !== void 0 && isProgram(found)) return found;
  const what = path === void 0 ? "mkfs.erofs is not installed" : `${found} is not an executable file`;
  throw new VeritySignError("environment", what, { remedy: INSTALL });
}
async function measureMkfs(path, folder, signal) {
  const privilege = await findPrivilege(signal);
  const found = await measure(path, privilege, folder, signal);
  if (privilege !== "user-namespace" || found.level.namespaces !== "none" || !await hasSudo(signal))
    return found;
  const bySudo = await measure(path, "sudo", folder, signal);
  return bySudo.level.namespaces === "none" ? found : bySudo;
}
async function measure(path, privilege, folder, signal) {
  let failure;
  for (const level of levelsOf(privilege)) {
    try {
      const program = { path, privilege, level };
      return { ...program, version: await askVersion(program, folder, signal) };
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      failure = error;
      if (error.timedOut || isTooOld(error)) break;
    }
  }
  if (!(failure instanceof ToolError)) throw failure;
  const what = isTooOld(failure) ? `${path} is too old: it has no option --version` : `${path} --version failed (${failure.message})`;
  throw new VeritySignError("environment", what, { remedy: INSTALL, cause: failure });
}
function parseMkfsVersion(text) {
  const [line = ""] = text.split("\n", 1);
  return /^mkfs\.erofs \(erofs-utils\) v?(\d+\.\d+\S*)\s*$/.exec(line)?.[1];
}
function refuseOldVersion(version) {
  const reason = unsupportedErofsUtils(version);
  if (reason === void 0) return;
  const what = reason === "too-old" ? `mkfs.erofs ${version} is too old: 1.8.6, and releases from ${OLDEST_EROFS_UTILS} on, are supported` : "mkfs.erofs 1.9.0 produces images that differ from those of every other release";
  throw new VeritySignError("environment", what, { remedy: INSTALL });
}
async function askVersion(program, folder, signal) {
  const text = await runMkfs(program, {
    args: ["--version"],
    folder,
    name: "version",
    timeout: VERSION_TIMEOUT,
    ...signal === void 0 ? {} : { signal }
  });
  const version = parseMkfsVersion(text);
  if (version !== void 0) return version;
  const what = `${program.path} --version does not print a version of erofs-utils`;
  throw new VeritySignError("environment", what, { remedy: INSTALL });
}
function isTooOld({ stderr }) {
  return /unrecognized option:? .*--version/.test(stderr);
}
function search() {
  return findProgram("mkfs.erofs", programFolders());
}

export {
  countsProcesses,
  findProgram,
  programFolders,
  findPrivilege,
  endAsRoot,
  mkfsLimits,
  outputMode,
  runMkfs,
  locateMkfs,
  measureMkfs,
  refuseOldVersion
};
