import type { Readable } from 'node:stream';
import * as z from 'zod';
import { VeritySignError } from '../errors.ts';
import { descriptorSchema } from '../formats/descriptor.ts';
import { digestSchema } from '../formats/digest.ts';
import { FormatError } from '../formats/format-error.ts';
import { anything } from '../formats/go-types.ts';
import { parseStrictJson } from '../formats/strict-json.ts';
import { dockerEnvironment } from '../lib/process/environment.ts';
import { type RunOptions, run, stream, ToolError } from '../lib/process/run.ts';

export interface DockerOptions {
  /** Milliseconds for one call, including a whole `docker save`. */
  timeout: number;
  signal: AbortSignal;
}

/** How the containerd image store names itself. [moby daemon/containerd/service.go, LayerStoreStatus] */
const CONTAINERD_STORE = 'io.containerd.snapshotter.v1';

/** What to do where the docker daemon cannot supply the image. */
export const OTHER_WAYS =
  'Build with docker buildx build --output type=oci,dest=FILE and give oci-archive:FILE as the image; or push the image and sign it in the registry by digest; or switch docker to the containerd image store';

interface Cause {
  pattern: RegExp;
  code: 'environment' | 'usage';
  message: (image: string) => string;
  remedy: string;
}

/** The first that matches counts. The patterns are those of old and new releases of the docker CLI and of moby. */
const CAUSES: readonly Cause[] = [
  {
    pattern: /permission denied while trying to connect/i,
    code: 'environment',
    message: () => 'the docker daemon refuses access to this user',
    remedy: 'Add the user to the group that owns the socket (docker), or run as another user',
  },
  {
    pattern:
      /cannot connect to the docker daemon|failed to connect to the docker api|is the docker daemon running|error during connect/i,
    code: 'environment',
    message: () => 'the docker daemon cannot be reached',
    remedy: 'Start the daemon, or set DOCKER_HOST or DOCKER_CONTEXT to the one that has the image',
  },
  {
    pattern: /no such image|reference does not exist/i,
    code: 'usage',
    message: (image) => `docker has no image ${image}`,
    remedy: 'Check the name with docker image ls, or build the image with --load',
  },
  {
    pattern: /client version \S+ is too (new|old)/i,
    code: 'environment',
    message: () => 'the docker CLI and the docker daemon have no API version in common',
    remedy: 'Update the older one of them',
  },
];

/** Labels in the configs may differ in case only: they are of no use here, and not checked. */
const inspected = z.object({
  Id: digestSchema,
  Descriptor: descriptorSchema.nullish(),
  Config: anything,
  ContainerConfig: anything,
});
const driverStatus = z.array(z.array(z.string())).nullable();

/** Calls the docker CLI, which knows contexts, TLS and remote daemons. */
export class Docker {
  readonly #options: DockerOptions;

  constructor(options: DockerOptions) {
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
  async pushDigest(image: string): Promise<string> {
    const found = await this.#ask(inspected, ['image', 'inspect', '--format', '{{json .}}', image], image);
    const status = await this.#ask(driverStatus, ['info', '--format', '{{json .DriverStatus}}'], image);
    if (!status?.some(([name, value]) => name === 'driver-type' && value === CONTAINERD_STORE)) {
      throw new VeritySignError(
        'environment',
        'docker uses its classic image store, which compresses layers at each push: the digests of the pushed image are unknown before',
        { remedy: OTHER_WAYS },
      );
    }
    return found.Descriptor?.digest ?? found.Id;
  }

  /** The image as the tar of an OCI layout. Pass errors of the stream to {@link failure}. */
  save(image: string): Readable {
    return stream(['docker', 'save', image], this.#runOptions());
  }

  /** The failure of a docker call as an error of this program, with docker's message at the end. */
  failure(error: unknown, image: string): unknown {
    if (!(error instanceof ToolError)) return error;
    if (error.timedOut) {
      return new VeritySignError('environment', 'docker did not answer within the timeout', {
        remedy: 'Raise timeout, or look at the log of the docker daemon',
        cause: error,
      });
    }
    if (error.stderr !== '') return inWords(error.stderr, image, error);
    return new VeritySignError('environment', error.message, {
      remedy: 'Install the docker CLI on PATH: images of docker-daemon: are read with it',
      cause: error,
    });
  }

  async #ask<T>(schema: z.ZodType<T>, args: string[], image: string): Promise<T> {
    const options = { ...this.#runOptions(), maxOutput: 8 * 1024 * 1024 };
    const { stdout, stderr } = await run(['docker', ...args], options).catch((error: unknown) => {
      throw this.failure(error, image);
    });
    // `docker info` may exit 0 without a daemon, with the reason on standard error.
    if (CAUSES.some(({ pattern }) => pattern.test(stderr))) throw inWords(stderr, image);
    try {
      return parseStrictJson(schema, stdout, 'an answer');
    } catch (cause) {
      if (!(cause instanceof FormatError)) throw cause;
      throw inWords(stderr || cause.message, image, cause);
    }
  }

  #runOptions(): RunOptions {
    return { env: dockerEnvironment(), ...this.#options };
  }
}

function inWords(stderr: string, image: string, cause?: unknown): VeritySignError {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const words = lines.join(' | ').slice(0, 300);
  const known = CAUSES.find(({ pattern }) => pattern.test(stderr));
  if (known === undefined) {
    return new VeritySignError('environment', `docker failed on ${image} (docker: ${words})`, { cause });
  }
  const { code, message, remedy } = known;
  return new VeritySignError(code, `${message(image)} (docker: ${words})`, { remedy, cause });
}
