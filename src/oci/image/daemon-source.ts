import { mkdir } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { VeritySignError } from '../../errors.ts';
import type { Descriptor } from '../../model/index.ts';
import { Docker, type DockerOptions, OTHER_WAYS } from '../../tools/docker.ts';
import { OciLayout } from '../layout/oci-layout.ts';
import { unpackTar } from './archive/unpack.ts';
import { checkDockerFiles } from './docker-manifest.ts';
import { LayoutSource } from './layout-source.ts';
import { type DaemonReference, referenceName } from './reference.ts';
import type { ImageSource } from './source.ts';

/** An image of the docker daemon, saved into a folder of this run as the OCI layout that docker pushes. */
export class DaemonSource implements ImageSource {
  readonly name: string;
  /** The saved layout. Signatures are written to it, and pushed from it; never to the daemon. */
  readonly directory: string;
  readonly #digest: string;
  readonly #layout: LayoutSource;
  readonly #signal: AbortSignal | undefined;

  private constructor(name: string, directory: string, digest: string, signal: AbortSignal | undefined) {
    this.name = name;
    this.directory = directory;
    this.#digest = digest;
    this.#layout = new LayoutSource({ path: directory, tag: undefined, digest }, name, signal);
    this.#signal = signal;
  }

  /**
   * Saves the image into `directory`, a new folder in the run's private temporary folder.
   *
   * @throws VeritySignError 'environment' for docker, its daemon or its classic image store, 'usage' if
   *   the daemon does not have the image, 'image' if docker does not save an OCI layout
   */
  static async open(
    reference: DaemonReference,
    directory: string,
    options: DockerOptions,
  ): Promise<DaemonSource> {
    const docker = new Docker(options);
    const name = referenceName(reference);
    const image = `${name.slice('docker-daemon:'.length)}:${reference.tag}`;
    const digest = await docker.pushDigest(image);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const failure = (error: unknown): unknown => docker.failure(error, image);
    await unpackTar(docker.save(image), failure, directory, options.signal);
    return new DaemonSource(name, directory, digest, options.signal);
  }

  async resolve(): Promise<Descriptor> {
    const root = await this.#root();
    await checkDockerFiles(new OciLayout(this.directory, this.#signal));
    return root;
  }

  async #root(): Promise<Descriptor> {
    try {
      return await this.#layout.resolve();
    } catch (error) {
      if (!(error instanceof VeritySignError) || error.code !== 'usage') throw error;
      // The tag was moved meanwhile, or the IDs of this docker are not the digests that it pushes.
      const message = `docker did not save the image ${this.#digest} that it reported`;
      throw new VeritySignError('image', message, { remedy: `Run again. ${OTHER_WAYS}`, cause: error });
    }
  }

  manifest(descriptor: Descriptor): Promise<Buffer> {
    return complete(() => this.#layout.manifest(descriptor));
  }

  config(descriptor: Descriptor): Promise<Buffer> {
    return complete(() => this.#layout.config(descriptor));
  }

  blob(descriptor: Descriptor): Promise<Readable> {
    return complete(() => this.#layout.blob(descriptor));
  }
}

/** Reports a blob that docker does not have: it may have pulled one platform of an index. [moby image_exporter.go, WithSkipMissing] */
async function complete<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof VeritySignError) || !error.message.startsWith('the layout lacks blobs/'))
      throw error;
    const missing = error.message.slice('the layout lacks '.length);
    throw new VeritySignError('image', `docker has only a part of the image: ${missing} is missing`, {
      remedy:
        'Build or pull all platforms; without push-to you can also set platform to those that docker image ls --tree lists',
      cause: error,
    });
  }
}
