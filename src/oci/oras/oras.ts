import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { VeritySignError } from '../../errors.ts';
import { checkContent, descriptorSchema, plainDescriptor, toDescriptor } from '../../formats/descriptor.ts';
import { checkMetadataSize, parseMetadata } from '../../formats/metadata.ts';
import { stream } from '../../lib/process/run.ts';
import type { Descriptor } from '../../model/index.ts';
import { OrasCalls } from './calls.ts';
import { isNotFound, lacksReferrersApi, noReferrersApi, orasFailure } from './failures/failure.ts';
import { ReferrersRefusedError, referrersRefusal } from './failures/refusal.ts';
import { type Directly, Fallback } from './fallback.ts';
import type { LocalFile } from './local-file.ts';
import type { Login } from './login/logins.ts';
import type { OrasOptions } from './options.ts';
import { EndlessReferrersError, lacksMemory, parseReferrers, WITH_LITTLE_MEMORY } from './referrers.ts';
import { started } from './started.ts';
import { checkVersion, type OrasVersion } from './version.ts';

export type { LocalFile } from './local-file.ts';
export type { OrasOptions } from './options.ts';

/**
 * Registries, through the oras CLI. It supports token authentication, proxies and the fallback for
 * registries without the referrers API. Each call gets the credentials of its registry, and no others.
 *
 * oras asks for manifests and blobs by HEAD, and needs a length in each answer. Where a registry refuses that,
 * everything further is done without oras (see DirectRegistry).
 *
 * oras itself retries up to five times and with Retry-After (at most 3 s) after answers of 408, 429
 * and 5xx [oras-go registry/remote/retry]. This class retries after broken connections, and uploads.
 *
 * A repository is `REGISTRY/PATH`. All methods throw VeritySignError, in most cases 'registry'.
 */
export class Oras {
  readonly version: OrasVersion;
  readonly #calls: OrasCalls;
  readonly #fallback: Fallback;

  private constructor(options: OrasOptions, version: OrasVersion) {
    this.#calls = new OrasCalls(options, version);
    this.#fallback = new Fallback(this.#calls);
    this.version = version;
  }

  /** Checks the version of oras. @throws VeritySignError 'environment' below 1.2 */
  static async open(options: OrasOptions = {}): Promise<Oras> {
    return new Oras(options, await checkVersion(options.path ?? 'oras', options.signal));
  }

  /**
   * Refuses a version of oras that could send the credentials for this repository to another host, and
   * finds them. Every request does so by itself; a run that makes its first request late calls this at the
   * start.
   * @param repository `REGISTRY/PATH`, or `REGISTRY` to find no credentials yet
   * @returns what requests for it log in with
   * @throws VeritySignError 'environment'
   */
  requireSafe(repository: string): Promise<Login | undefined> {
    return this.#calls.requireSafe(repository);
  }

  /**
   * What a tag or digest (`REPOSITORY:TAG`, `REPOSITORY@DIGEST`) points to.
   * @throws VeritySignError 'image' if the registry says another digest than the content has
   */
  async resolve(reference: string): Promise<Descriptor> {
    return this.#fallback.either(
      'pull',
      reference,
      async () => {
        const argv = ['manifest', 'fetch', '--descriptor', ...this.#calls.remote(), reference];
        const bytes = await this.#calls.output(argv, 'pull', reference);
        const descriptor = toDescriptor(parseMetadata(descriptorSchema, bytes, 'the descriptor from oras'));
        this.#fallback.answersHead(reference);
        return plainDescriptor(descriptor);
      },
      async (registry, place) => (await registry.manifest(place, lastPart(reference))).descriptor,
    );
  }

  /** Like {@link resolve}; undefined if there is no such tag or manifest. */
  async find(reference: string): Promise<Descriptor | undefined> {
    try {
      return await this.resolve(reference);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** A manifest's bytes; digest and size are checked. */
  async manifest(repository: string, descriptor: Descriptor): Promise<Buffer> {
    return this.#small('manifest', repository, descriptor, undefined, async (registry, place) => {
      return (await registry.manifest(place, descriptor.digest)).bytes;
    });
  }

  /** A small blob's bytes; digest and size are checked. */
  async smallBlob(repository: string, descriptor: Descriptor, limit?: number): Promise<Buffer> {
    return this.#small('blob', repository, descriptor, limit, (registry, place) =>
      registry.blob(place, descriptor.digest),
    );
  }

  /**
   * A blob as a stream. Retries if the connection breaks before the first byte.
   *
   * @param signal replaces the one for all calls
   */
  async blob(
    repository: string,
    descriptor: Descriptor,
    signal = this.#calls.options.signal,
  ): Promise<Readable> {
    const reference = `${repository}@${descriptor.digest}`;
    const argv = ['blob', 'fetch', '--output', '-', ...this.#calls.remote(), reference];
    const begin = (login: Login | undefined) =>
      started(stream(this.#calls.argv(argv, login), this.#calls.runOptions(login, signal)), (error) =>
        orasFailure(error, 'pull', reference, login),
      );
    return this.#fallback.either(
      'pull',
      reference,
      () => this.#calls.retrying(begin, 'pull', reference, signal),
      async (registry, place) =>
        started(await registry.blobStream(place, descriptor.digest, signal), (error) =>
          orasFailure(error, 'pull', reference, place.login),
        ),
    );
  }

  /**
   * Downloads the blobs of a manifest that have a title, as files of these names, in one process. oras checks digests
   * and sizes.
   * @param folder an empty folder
   * @returns false if oras cannot use this registry
   */
  async pullFiles(repository: string, { digest }: Descriptor, folder: string): Promise<boolean> {
    const reference = `${repository}@${digest}`;
    if (this.#fallback.isNeededFor(reference)) return false;
    const argv = ['pull', '--no-tty', '--output', resolve(folder), ...this.#calls.remote(), reference];
    await this.#calls.output(argv, 'pull', reference);
    return true;
  }

  /** Uploads a file as a blob, unless the repository has the blob. */
  async pushBlob(repository: string, descriptor: Descriptor, file: LocalFile) {
    const reference = `${repository}@${descriptor.digest}`;
    const argv = ['blob', 'push', ...this.#calls.remote(), reference, resolve(file.folder, file.name)];
    await this.#fallback.either(
      'push',
      reference,
      async () => void (await this.#calls.output(argv, 'push', reference)),
      (registry, place) => registry.pushBlob(place, descriptor, file),
    );
  }

  /**
   * Uploads a manifest by its digest or with a tag, unless that is what the registry has. A registry with the
   * referrers API lists a manifest with a subject; elsewhere nothing lists it yet.
   */
  async pushManifest(repository: string, descriptor: Descriptor, file: LocalFile, tag?: string) {
    const { mediaType, digest } = descriptor;
    const reference = tag === undefined ? `${repository}@${digest}` : `${repository}:${tag}`;
    // In every mode: with this option oras maintains no list of its own.
    const plain = ['--distribution-spec', 'v1.1-referrers-api'];
    const argv = ['manifest', 'push', '--media-type', mediaType, ...plain, ...this.#calls.remote()];
    const path = resolve(file.folder, file.name);
    await this.#fallback.either(
      'push',
      reference,
      async () => void (await this.#calls.output([...argv, reference, path], 'push', reference)),
      async (registry, place) => {
        const bytes = await readFile(join(file.folder, file.name));
        await registry.pushManifest(place, { mediaType, digest }, bytes, tag);
      },
    );
  }

  /**
   * Deletes a manifest; one that is gone already is no error. It does not change a list under a fallback tag,
   * and a signal does not end it: what a registry made of half a request would not be known.
   */
  async deleteManifest(repository: string, { digest }: Descriptor): Promise<void> {
    const reference = `${repository}@${digest}`;
    // With this option oras maintains no list of its own.
    const plain = ['--distribution-spec', 'v1.1-referrers-api'];
    const argv = ['manifest', 'delete', '--force', ...plain, ...this.#calls.remote(), reference];
    await this.#fallback.either(
      'delete',
      reference,
      async () => void (await this.#calls.output(argv, 'delete', reference, new AbortController().signal)),
      (registry, place) => registry.deleteManifest(place, digest),
    );
  }

  /**
   * All referrers of a manifest that the registry lists by its referrers API, of any type; undefined if it
   * has no such API, or if they are not read by it.
   * @throws ReferrersRefusedError if it refuses this endpoint alone
   */
  async referrers(repository: string, subject: Descriptor): Promise<Descriptor[] | undefined> {
    const reference = `${repository}@${subject.digest}`;
    if (this.referrersMode === 'tag') return undefined;
    try {
      const listed = await this.#fallback.either(
        'pull',
        reference,
        () => this.#discover(reference),
        (registry, place) => registry.referrers(place, subject.digest),
      );
      if (listed !== undefined || this.referrersMode === 'auto') return listed;
      throw noReferrersApi();
    } catch (error) {
      const isMissing = lacksReferrersApi(error);
      if (isMissing && this.referrersMode === 'auto') return undefined;
      const status = isMissing ? undefined : await this.#referrersRefusal(reference, error);
      if (status === undefined) throw error;
      throw new ReferrersRefusedError(repository, subject, status, error);
    }
  }

  /** How referrers are found and listed. */
  get referrersMode(): 'auto' | 'api' | 'tag' {
    return this.#calls.options.referrers ?? 'auto';
  }

  async #discover(reference: string, more: string[] = []): Promise<Descriptor[]> {
    const argv = ['discover', '--format', 'json', '--distribution-spec', 'v1.1-referrers-api', ...more];
    // Since 1.3 oras also lists the referrers of referrers by default.
    if (this.version.minor >= 3 || this.version.major > 1) argv.push('--depth', '1');
    argv.push(...this.#calls.remote(), reference);
    try {
      return parseReferrers(
        await this.#calls.output(argv, 'pull', reference, this.#calls.options.signal, WITH_LITTLE_MEMORY),
      );
    } catch (error) {
      if (!lacksMemory(error)) throw error;
      const how = `of ${lastPart(reference)} without end, or more than oras can hold`;
      throw new EndlessReferrersError(reference.slice(0, reference.indexOf('/')), how, error);
    }
  }

  /** Asks once more and looks at each answer: messages of oras do not say which request was refused. */
  async #referrersRefusal(reference: string, error: unknown): Promise<number | undefined> {
    if (!(error instanceof VeritySignError) || error.code === 'cancelled') return undefined;
    if (error instanceof EndlessReferrersError) return undefined;
    if (this.#fallback.isNeededFor(reference)) return referrersRefusal(error);
    try {
      await this.#discover(reference, ['--debug']);
      return undefined;
    } catch (again) {
      return referrersRefusal(again);
    }
  }

  async #small(
    kind: 'manifest' | 'blob',
    repository: string,
    descriptor: Descriptor,
    limit: number | undefined,
    directly: Directly<Buffer>,
  ) {
    checkMetadataSize(descriptor, limit);
    const reference = `${repository}@${descriptor.digest}`;
    const argv = [kind, 'fetch', '--output', '-', ...this.#calls.remote(), reference];
    const byOras = () => this.#calls.output(argv, 'pull', reference);
    const bytes = await this.#fallback.either('pull', reference, byOras, directly);
    checkContent(bytes, descriptor);
    return bytes;
  }
}

/** The tag or digest of a reference. */
function lastPart(reference: string): string {
  const at = reference.lastIndexOf('@');
  return reference.slice((at === -1 ? reference.lastIndexOf(':') : at) + 1);
}
