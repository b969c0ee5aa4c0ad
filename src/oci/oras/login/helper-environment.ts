import { networkEnvironment } from '../../../lib/process/environment.ts';

/** Variables by which helpers find what they log in with, by the service. */
const SERVICES = {
  /** [AWS SDK for Go; amazon-ecr-credential-helper] */
  aws: /^AWS_/,
  /** [docker-credential-gcr; gcloud] */
  google: /^(?:GOOGLE|CLOUDSDK|GCE|GCLOUD)_/,
  /** [Azure Identity: environment, workload and managed identity] */
  azure: /^(?:AZURE|IDENTITY|MSI|IMDS)_/,
  /** [pass(1), gpg(1)] */
  pass: /^(?:PASSWORD_STORE_|GPG_|GNUPGHOME$)/,
  desktop: /^(?:DBUS_SESSION_BUS_ADDRESS|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY)$/,
  github: /^GITHUB_(?:TOKEN|ACTOR)$/,
} as const;

/** By the name of the helper without `docker-credential-`. */
const HELPERS: readonly [RegExp, readonly (keyof typeof SERVICES)[]][] = [
  [/^ecr/, ['aws']],
  [/^(?:gcr|gcloud|artifact-registry)/, ['google']],
  [/^acr/, ['azure']],
  [/^pass/, ['pass', 'desktop']],
  [/^(?:secretservice|desktop|osxkeychain)/, ['desktop']],
  [/^ghcr/, ['github']],
];
/** Of helpers that are not known by name: which service they log in to is unknown too. */
const ANY = ['aws', 'google', 'azure', 'pass', 'desktop'] as const;

const FOR_ALL = /^(?:TMPDIR|USER|LOGNAME|XDG_(?:CACHE|DATA)_HOME)$/;

/**
 * The environment of a credential helper: what a program that talks to a registry gets, and the variables of
 * the service to which this helper logs in. No other program gets those.
 */
export function helperEnvironment(helper: string, from: NodeJS.ProcessEnv): Record<string, string> {
  const services = HELPERS.find(([name]) => name.test(helper))?.[1] ?? ANY;
  const patterns = [FOR_ALL, ...services.map((service) => SERVICES[service])];
  const env = networkEnvironment(from);
  for (const [name, value] of Object.entries(from)) {
    if (value !== undefined && patterns.some((pattern) => pattern.test(name))) env[name] = value;
  }
  return env;
}
