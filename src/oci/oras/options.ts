import type { Logger } from '../../logger.ts';
import type { RegistryCredentials } from './login/logins.ts';

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
