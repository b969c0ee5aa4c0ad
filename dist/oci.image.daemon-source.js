import {
  checkDockerFiles,
  unpackTar
} from "./shared.oci.image.archive.unpack.js";
import {
  FormatError,
  LayoutSource,
  OciLayout,
  ToolError,
  anything,
  array,
  descriptorSchema,
  digestSchema,
  object,
  parseStrictJson,
  referenceName,
  run,
  stream,
  string
} from "./shared.options.js";
import "./shared.conversion.js";
import "./shared.inputs.js";
import {
  VeritySignError,
  dockerEnvironment
} from "./shared.start.js";

// builtin-load:load of src/oci/image/daemon-source.ts
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:fs/promises of src/oci/image/daemon-source.ts
var found;
var all = () => found ??= load("node:fs/promises");
var one = (name) => all()[name];
var mkdir = /* @__PURE__ */ one("mkdir");

// src/tools/docker.ts
var CONTAINERD_STORE = "io.containerd.snapshotter.v1";
var OTHER_WAYS = "Build with docker buildx build --output type=oci,dest=FILE and give oci-archive:FILE as the image; or push the image and sign it in the registry by digest; or switch docker to the containerd image store";
var CAUSES = [
  {
    pattern: /permission denied while trying to connect/i,
    code: "environment",
    message: () => "the docker daemon refuses access to this user",
    remedy: "Add the user to the group that owns the socket (docker), or run as another user"
  },
  {
    pattern: /cannot connect to the docker daemon|failed to connect to the docker api|is the docker daemon running|error during connect/i,
    code: "environment",
    message: () => "the docker daemon cannot be reached",
    remedy: "Start the daemon, or set DOCKER_HOST or DOCKER_CONTEXT to the one that has the image"
  },
  {
    pattern: /no such image|reference does not exist/i,
    code: "usage",
    message: (image) => `docker has no image ${image}`,
    remedy: "Check the name with docker image ls, or build the image with --load"
  },
  {
    pattern: /client version \S+ is too (new|old)/i,
    code: "environment",
    message: () => "the docker CLI and the docker daemon have no API version in common",
    remedy: "Update the older one of them"
  }
];
var inspected = object({
  Id: digestSchema,
  Descriptor: descriptorSchema.nullish(),
  Config: anything,
  ContainerConfig: anything
});
var driverStatus = array(array(string())).nullable();
var Docker = class {
  #options;
  constructor(options) {
    this.#options = options;
  }
  /**
   * The digest of the manifest or index that a push of this image sends.
   *
   * The classic image store keeps layers uncompressed and compresses them at each push, so the digests
   * are unknown before; it is refused. The containerd image store keeps what it pushes, and the ID of
   * an image there is the digest of its manifest or index.
   * [moby daemon/containerd/image_inspect.go, image_push.go; docs.docker.com/engine/storage/containerd]
   *
   * @param image with registry and tag: a name without tag would mean all its tags
   * @throws VeritySignError 'environment' for docker itself and the classic store, 'usage' if docker does
   *   not have the image
   */
  async pushDigest(image) {
    const found2 = await this.#ask(inspected, ["image", "inspect", "--format", "{{json .}}", image], image);
    const status = await this.#ask(driverStatus, ["info", "--format", "{{json .DriverStatus}}"], image);
    if (!status?.some(([name, value]) => name === "driver-type" && value === CONTAINERD_STORE)) {
      throw new VeritySignError(
        "environment",
        "docker uses its classic image store, which compresses layers at each push: the digests of the pushed image are unknown before",
        { remedy: OTHER_WAYS }
      );
    }
    return found2.Descriptor?.digest ?? found2.Id;
  }
  /** The image as the tar of an OCI layout. Pass errors of the stream to {@link failure}. */
  save(image) {
    return stream(["docker", "save", image], this.#runOptions());
  }
  /** The failure of a docker call as an error of this program, with docker's message at the end. */
  failure(error, image) {
    if (!(error instanceof ToolError)) return error;
    if (error.timedOut) {
      return new VeritySignError("environment", "docker did not answer within the timeout", {
        remedy: "Raise timeout, or look at the log of the docker daemon",
        cause: error
      });
    }
    if (error.stderr !== "") return inWords(error.stderr, image, error);
    return new VeritySignError("environment", error.message, {
      remedy: "Install the docker CLI on PATH: images of docker-daemon: are read with it",
      cause: error
    });
  }
  async #ask(schema, args, image) {
    const options = { ...this.#runOptions(), maxOutput: 8 * 1024 * 1024 };
    const { stdout, stderr } = await run(["docker", ...args], options).catch((error) => {
      throw this.failure(error, image);
    });
    if (CAUSES.some(({ pattern }) => pattern.test(stderr))) throw inWords(stderr, image);
    try {
      return parseStrictJson(schema, stdout, "an answer");
    } catch (cause) {
      if (!(cause instanceof FormatError)) throw cause;
      throw inWords(stderr || cause.message, image, cause);
    }
  }
  #runOptions() {
    return { env: dockerEnvironment(), ...this.#options };
  }
};
function inWords(stderr, image, cause) {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  const words = lines.join(" | ").slice(0, 300);
  const known = CAUSES.find(({ pattern }) => pattern.test(stderr));
  if (known === void 0) {
    return new VeritySignError("environment", `docker failed on ${image} (docker: ${words})`, { cause });
  }
  const { code, message, remedy } = known;
  return new VeritySignError(code, `${message(image)} (docker: ${words})`, { remedy, cause });
}

// src/oci/image/daemon-source.ts
var DaemonSource = class _DaemonSource {
  name;
  /** The saved layout. Signatures are written to it, and pushed from it; never to the daemon. */
  directory;
  #digest;
  #layout;
  #signal;
  constructor(name, directory, digest, signal) {
    this.name = name;
    this.directory = directory;
    this.#digest = digest;
    this.#layout = new LayoutSource({ path: directory, tag: void 0, digest }, name, signal);
    this.#signal = signal;
  }
  /**
   * Saves the image into `directory`, a new folder in the run's private temporary folder.
   *
   * @throws VeritySignError 'environment' for docker, its daemon or its classic image store, 'usage' if
   *   the daemon does not have the image, 'image' if docker does not save an OCI layout
   */
  static async open(reference, directory, options) {
    const docker = new Docker(options);
    const name = referenceName(reference);
    const image = `${name.slice("docker-daemon:".length)}:${reference.tag}`;
    const digest = await docker.pushDigest(image);
    await mkdir(directory, { recursive: true, mode: 448 });
    const failure = (error) => docker.failure(error, image);
    await unpackTar(docker.save(image), failure, directory, options.signal);
    return new _DaemonSource(name, directory, digest, options.signal);
  }
  async resolve() {
    const root = await this.#root();
    await checkDockerFiles(new OciLayout(this.directory, this.#signal));
    return root;
  }
  async #root() {
    try {
      return await this.#layout.resolve();
    } catch (error) {
      if (!(error instanceof VeritySignError) || error.code !== "usage") throw error;
      const message = `docker did not save the image ${this.#digest} that it reported`;
      throw new VeritySignError("image", message, { remedy: `Run again. ${OTHER_WAYS}`, cause: error });
    }
  }
  manifest(descriptor) {
    return complete(() => this.#layout.manifest(descriptor));
  }
  config(descriptor) {
    return complete(() => this.#layout.config(descriptor));
  }
  blob(descriptor) {
    return complete(() => this.#layout.blob(descriptor));
  }
};
async function complete(read) {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof VeritySignError) || !error.message.startsWith("the layout lacks blobs/"))
      throw error;
    const missing = error.message.slice("the layout lacks ".length);
    throw new VeritySignError("image", `docker has only a part of the image: ${missing} is missing`, {
      remedy: "Build or pull all platforms; without push-to you can also set platform to those that docker image ls --tree lists",
      cause: error
    });
  }
}
export {
  DaemonSource
};
