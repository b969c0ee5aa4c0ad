import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { VeritySignError } from '../../errors.ts';
import { checkContent, descriptorSchema, plainDescriptor, toDescriptor } from '../../formats/descriptor.ts';
import { checkMetadataSize, parseMetadata } from '../../formats/metadata.ts';
import { type RunOptions, run, stream } from '../../lib/process/run.ts';
import type { Logger } from '../../logger.ts';
import type { Descriptor } from '../../model/index.ts';
import { CredentialGuard } from './credential-guard.ts';
import { orasEnvironment } from './environment.ts';
import {
  type Access,
  isNotFound,
  isTransient,
  isUnauthorized,
  lacksReferrersApi,
  orasFailure,
} from './failure.ts';
import { type Login, Logins, type RegistryCredentials } from './login/logins.ts';
import { parseReferrers } from './referrers.ts';
import { ReferrersRefusedError, referrersRefusal, refusesHead } from './refusal.ts';
import { started } from './started.ts';
import { checkVersion, type OrasVersion } from './version.ts';

export interface OrasOptions {
  /** Default: `oras` on PATH. */
  path?: string | undefined;
  plainHttp?: boolean;
  /** PEM file with the registry's certificate authority. */
  caFile?: string | undefined;
  /** PEM file with authorities that are trusted in addition to the system's, without `caFile`. */
  certificates?: string | undefined;
  /** Files by which a client identifies itself to a registry. */
  clientCertificate?: { certificate: string; key: string } | undefined;
  /** For other registries those in docker's and podman's files are used. */
  credentials?: readonly RegistryCredentials[] | undefined;
  /** Where the variables of these files and of credential helpers are. Default: the process environment. */
  env?: NodeJS.ProcessEnv;
  /** How referrers are found and listed: by the API, by the fallback tag, or by what the registry supports. */
  referrers?: 'auto' | 'api' | 'tag';
  signal?: AbortSignal;
  /** Receives a warning about an oras that leaks credentials. */
  log?: Logger;
  /** Milliseconds for each call; for a blob, including the time that its reader takes. */
  timeout?: number;
}

/**
 * A file as its name in a folder. oras gets its absolute path and runs in the user's folder: relative paths
 * that the user gave (oras itself, certificates, the configuration of docker) stay valid.
 */
export interface LocalFile {
  folder: string;
  name: string;
}

/** Milliseconds before each further attempt after a broken connection. */
const RETRY_AFTER = [500, 2000];

/**
 * The oras CLI as a registry client. It supports token authentication, proxies and the fallback for
 * registries without the referrers API. Each call gets the credentials of its registry, and no others.
 *
 * oras itself retries up to five times and with Retry-After (at most 3 s) after answers of 408, 429
 * and 5xx [oras-go registry/remote/retry]. This class retries after broken connections, and uploads.
 *
 * A repository is `REGISTRY/PATH`. All methods throw VeritySignError, in most cases 'registry'.
 */
export class Oras {
  readonly version: OrasVersion;
  readonly #options: OrasOptions;
  readonly #guard: CredentialGuard;
  readonly #logins: Logins;

  private constructor(options: OrasOptions, version: OrasVersion) {
    this.#options = options;
    this.version = version;
    this.#guard = new CredentialGuard(version, options.credentials, options.log);
    const { credentials: given, env = process.env, signal } = options;
    this.#logins = new Logins({ given, env, signal });
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
  async requireSafe(repository: string): Promise<Login | undefined> {
    const [registry = '', ...path] = repository.split('/');
    await this.#guard.check(registry);
    return path.length > 0 ? this.#logins.of(repository) : undefined;
  }

  /**
   * What a tag or digest (`REPOSITORY:TAG`, `REPOSITORY@DIGEST`) points to. If the registry does not answer
   * HEAD requests, or not with a digest, the manifest is read and hashed.
   */
  async resolve(reference: string): Promise<Descriptor> {
    try {
      return await this.#describe(reference);
    } catch (error) {
      if (!refusesHead(error)) throw error;
      return this.#describe(reference, ['--output', '/dev/null']);
    }
  }

  async #describe(reference: string, more: string[] = []): Promise<Descriptor> {
    const argv = ['manifest', 'fetch', '--descriptor', ...more, ...this.#remote(), reference];
    const bytes = await this.#call(argv, 'pull', reference);
    return plainDescriptor(toDescriptor(parseMetadata(descriptorSchema, bytes, 'the descriptor from oras')));
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
    return this.#small(['manifest', 'fetch', '--output', '-'], repository, descriptor);
  }

  /** A small blob's bytes; digest and size are checked. */
  async smallBlob(repository: string, descriptor: Descriptor, limit?: number): Promise<Buffer> {
    return this.#small(['blob', 'fetch', '--output', '-'], repository, descriptor, limit);
  }

  /**
   * A blob as a stream. Retries if the connection breaks before the first byte.
   *
   * @param signal replaces the one for all calls
   */
  async blob(repository: string, descriptor: Descriptor, signal = this.#options.signal): Promise<Readable> {
    const reference = `${repository}@${descriptor.digest}`;
    const argv = ['blob', 'fetch', '--output', '-', ...this.#remote(), reference];
    const begin = (login: Login | undefined) =>
      started(stream(this.#argv(argv, login), this.#runOptions(login, signal)), (error) =>
        orasFailure(error, 'pull', reference, login),
      );
    return this.#retrying(begin, 'pull', reference, signal);
  }

  /** Uploads a file as a blob, unless the repository has the blob. */
  async pushBlob(repository: string, descriptor: Descriptor, file: LocalFile) {
    const reference = `${repository}@${descriptor.digest}`;
    const argv = ['blob', 'push', ...this.#remote(), reference, resolve(file.folder, file.name)];
    await this.#call(argv, 'push', reference);
  }

  /**
   * Uploads a manifest by its digest or with a tag. A registry with the referrers API lists a manifest with
   * a subject; elsewhere nothing lists it yet.
   */
  async pushManifest(repository: string, descriptor: Descriptor, file: LocalFile, tag?: string) {
    const reference = tag === undefined ? `${repository}@${descriptor.digest}` : `${repository}:${tag}`;
    // In every mode: with this option oras maintains no list of its own.
    const plain = ['--distribution-spec', 'v1.1-referrers-api'];
    const argv = ['manifest', 'push', '--media-type', descriptor.mediaType, ...plain];
    const path = resolve(file.folder, file.name);
    await this.#call([...argv, ...this.#remote(), reference, path], 'push', reference);
  }

  /**
   * All referrers of a manifest that the registry lists by its referrers API, of any type; undefined if it
   * has no such API, or if they are not read by it.
   * @throws ReferrersRefusedError if it refuses this endpoint alone
   */
  async referrers(repository: string, subject: Descriptor): Promise<Descriptor[] | undefined> {
    if (this.referrersMode === 'tag') return undefined;
    try {
      return await this.#discover(repository, subject);
    } catch (error) {
      const isMissing = lacksReferrersApi(error);
      if (isMissing && this.referrersMode === 'auto') return undefined;
      const status = isMissing ? undefined : await this.#referrersRefusal(repository, subject, error);
      // oras asks about the manifest by HEAD first.
      if (status === undefined && !refusesHead(error)) throw error;
      throw new ReferrersRefusedError(repository, subject, status, error);
    }
  }

  /** How referrers are found and listed. */
  get referrersMode(): 'auto' | 'api' | 'tag' {
    return this.#options.referrers ?? 'auto';
  }

  async #discover(repository: string, subject: Descriptor, more: string[] = []): Promise<Descriptor[]> {
    const reference = `${repository}@${subject.digest}`;
    const argv = ['discover', '--format', 'json', '--distribution-spec', 'v1.1-referrers-api', ...more];
    // Since 1.3 oras also lists the referrers of referrers by default.
    if (this.version.minor >= 3 || this.version.major > 1) argv.push('--depth', '1');
    const bytes = await this.#call([...argv, ...this.#remote(), reference], 'pull', reference);
    return parseReferrers(bytes);
  }

  /** Asks once more and looks at each answer: messages do not say which request was refused. */
  async #referrersRefusal(
    repository: string,
    subject: Descriptor,
    error: unknown,
  ): Promise<number | undefined> {
    if (!(error instanceof VeritySignError) || error.code === 'cancelled') return undefined;
    try {
      await this.#discover(repository, subject, ['--debug']);
      return undefined;
    } catch (again) {
      return referrersRefusal(again);
    }
  }

  async #small(command: string[], repository: string, descriptor: Descriptor, limit?: number) {
    checkMetadataSize(descriptor, limit);
    const reference = `${repository}@${descriptor.digest}`;
    const bytes = await this.#call([...command, ...this.#remote(), reference], 'pull', reference);
    checkContent(bytes, descriptor);
    return bytes;
  }

  async #call(argv: string[], access: Access, target: string): Promise<Buffer> {
    const attempt = (login: Login | undefined) => run(this.#argv(argv, login), this.#runOptions(login));
    const { stdout } = await this.#retrying(attempt, access, target);
    return stdout;
  }

  async #retrying<T>(
    attempt: (login: Login | undefined) => Promise<T>,
    access: Access,
    target: string,
    signal = this.#options.signal,
  ): Promise<T> {
    await this.#guard.check(target.slice(0, target.indexOf('/')));
    const repository = target.replace(/(?:@.*|:[^/]*)$/, '');
    let login = await this.#logins.of(repository);
    let renewed = false;
    for (let tries = 0; ; tries++) {
      try {
        return await attempt(login);
      } catch (error) {
        if (!renewed && login?.from === 'helper' && isUnauthorized(error, target)) {
          // What a helper returns expires, in some clouds after an hour.
          renewed = true;
          this.#logins.forget(repository);
          login = await this.#logins.of(repository);
          continue;
        }
        const wait = RETRY_AFTER[tries];
        if (wait === undefined || !isTransient(error, access, target))
          throw orasFailure(error, access, target, login);
        await setTimeout(wait, undefined, { signal });
      }
    }
  }

  #argv(argv: string[], login: Login | undefined): string[] {
    return [this.#options.path ?? 'oras', ...argv, ...loginOptions(login)];
  }

  #remote(): string[] {
    const { plainHttp, caFile, clientCertificate: client } = this.#options;
    return [
      ...(plainHttp === true ? ['--plain-http'] : []),
      ...(caFile === undefined ? [] : ['--ca-file', caFile]),
      ...(client === undefined ? [] : ['--cert-file', client.certificate, '--key-file', client.key]),
    ];
  }

  #runOptions(login: Login | undefined, signal = this.#options.signal): RunOptions {
    const { timeout, certificates } = this.#options;
    return {
      env: orasEnvironment(certificates),
      maxOutput: 8 * 1024 * 1024,
      ...(signal === undefined ? {} : { signal }),
      ...(timeout === undefined ? {} : { timeout }),
      ...(login === undefined ? {} : { stdin: login.secret, secrets: [login.secret] }),
    };
  }
}

/** The password is sent through a pipe: an argument could be read in the process list. */
function loginOptions(login: Login | undefined): string[] {
  if (login === undefined) return [];
  return login.username === undefined
    ? ['--identity-token-stdin']
    : ['--username', login.username, '--password-stdin'];
}
