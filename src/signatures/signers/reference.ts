import { VeritySignError } from '../../errors.ts';

/** The place of a secret. */
export type SecretReference = { kind: 'file'; path: string } | { kind: 'env'; name: string };

/** `awskms://[HOST[:PORT]]/KEY`; KEY is a key id, a key ARN, `alias/NAME` or an alias ARN. */
export interface AwsKmsReference {
  kind: 'aws-kms';
  /** Host, with its port, of a service that is not AWS's own. */
  endpoint?: string;
  keyId: string;
}

/** `azurekms://VAULT/KEY[/VERSION]` */
export interface AzureKeyVaultReference {
  kind: 'azure-key-vault';
  /** The vault's short name, or its host name (such as `NAME.managedhsm.azure.net`), with or without port. */
  vault: string;
  key: string;
  version?: string;
}

/** `gcpkms://projects/P/locations/L/keyRings/R/cryptoKeys/K/cryptoKeyVersions/N` */
export interface GoogleKmsReference {
  kind: 'google-kms';
  /** The resource name, from `projects/` to the version's number. */
  name: string;
}

/** `hashivault://KEY`: a key of the transit engine. */
export interface VaultReference {
  kind: 'vault';
  key: string;
}

/** `notation-plugin://NAME/KEYID` */
export interface PluginReference {
  kind: 'notation-plugin';
  plugin: string;
  /** The plugin's own name of the key: a URL, an ARN, anything. */
  keyId: string;
}

export type KeyReference =
  | SecretReference
  | AwsKmsReference
  | AzureKeyVaultReference
  | GoogleKmsReference
  | VaultReference
  | PluginReference;

const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const AUTHORITY = String.raw`[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?`;
const SUPPORTED =
  'Give the path of a key file, env://NAME, awskms:///KEY, azurekms://VAULT/KEY, gcpkms://projects/…, hashivault://KEY or notation-plugin://NAME/KEYID';

interface Scheme {
  form: string;
  pattern: RegExp;
  read(groups: Record<string, string | undefined>): KeyReference;
}

/** The forms of cosign, and one for notation's plugins. [sigstore/sigstore pkg/signature/kms] */
const SCHEMES: Readonly<Record<string, Scheme>> = {
  env: {
    form: 'env://NAME',
    pattern: /^(?<name>[A-Za-z_][A-Za-z0-9_]*)$/,
    read: ({ name = '' }) => ({ kind: 'env', name }),
  },
  awskms: {
    form: 'awskms:///KEY-ID, awskms:///alias/NAME, awskms:///ARN or awskms://HOST/KEY-ID',
    pattern: new RegExp(
      String.raw`^(?<endpoint>${AUTHORITY})?/(?<keyId>arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(?:key|alias)/[\w/-]+|alias/[\w/-]+|[0-9A-Za-z-]+)$`,
    ),
    read: ({ endpoint, keyId = '' }) => ({
      kind: 'aws-kms',
      keyId,
      ...(endpoint !== undefined && { endpoint }),
    }),
  },
  azurekms: {
    form: 'azurekms://VAULT/KEY or azurekms://VAULT/KEY/VERSION',
    pattern: new RegExp(
      `^(?<vault>${AUTHORITY})/(?<key>[0-9A-Za-z-]{1,127})(?:/(?<version>[0-9A-Za-z]{1,64}))?$`,
    ),
    read: ({ vault = '', key = '', version }) => ({
      kind: 'azure-key-vault',
      vault,
      key,
      ...(version !== undefined && { version }),
    }),
  },
  gcpkms: {
    form: 'gcpkms://projects/P/locations/L/keyRings/R/cryptoKeys/K/cryptoKeyVersions/N',
    pattern:
      /^(?<key>projects\/[a-z0-9.:-]+\/locations\/[a-z0-9-]+\/keyRings\/[\w-]+\/cryptoKeys\/[\w-]+)\/(?:cryptoKeyVersions|versions)\/(?<version>\d+)$/,
    read: ({ key = '', version = '' }) => ({
      kind: 'google-kms',
      name: `${key}/cryptoKeyVersions/${version}`,
    }),
  },
  hashivault: {
    form: 'hashivault://KEY',
    pattern: /^(?<key>\w(?:[\w.-]*\w)?)$/,
    read: ({ key = '' }) => ({ kind: 'vault', key }),
  },
  'notation-plugin': {
    form: 'notation-plugin://NAME/KEYID',
    // The name becomes part of a path: no separator, no leading dot.
    pattern: /^(?<plugin>[A-Za-z0-9][A-Za-z0-9._-]*)\/(?<keyId>[^\0]+)$/,
    read: ({ plugin = '', keyId = '' }) => ({ kind: 'notation-plugin', plugin, keyId }),
  },
};

/**
 * Reads a key reference without opening anything. The user may have pasted the key itself, so messages
 * show only the scheme of the text.
 * @throws VeritySignError with code `usage`.
 */
export function parseKeyReference(reference: string): KeyReference {
  if (reference.includes('-----BEGIN') || /[\r\n]/.test(reference)) {
    throw new VeritySignError('usage', '`key` holds the key itself instead of a reference to it', {
      remedy:
        'Put the key into an environment variable and give env://NAME, or into a file and give its path',
    });
  }
  const name = SCHEME.exec(reference)?.[1];
  if (name === undefined) return { kind: 'file', path: checkPath(reference, 'key', SUPPORTED) };
  const scheme = Object.hasOwn(SCHEMES, name) ? SCHEMES[name] : undefined;
  if (scheme === undefined) throw unknownScheme('key', name, SUPPORTED);
  const groups = scheme.pattern.exec(reference.slice(name.length + '://'.length))?.groups;
  if (groups === undefined) {
    throw new VeritySignError('usage', `\`key\` is not a valid ${name}:// reference`, {
      remedy: `Give ${scheme.form}`,
    });
  }
  return scheme.read(groups);
}

/** Reads a passphrase reference: `env://NAME` or a path; never the passphrase itself. */
export function parsePassphraseReference(reference: string): SecretReference {
  const option = 'key-passphrase';
  const remedy =
    'Give env://NAME for an environment variable, or the path of a file that holds the passphrase';
  const scheme = SCHEME.exec(reference)?.[1];
  if (scheme === undefined) return { kind: 'file', path: checkPath(reference, option, remedy) };
  if (scheme !== 'env') throw unknownScheme(option, scheme, remedy);
  const name = reference.slice('env://'.length);
  if (VARIABLE.test(name)) return { kind: 'env', name };
  throw new VeritySignError('usage', `\`${option}\` has no valid variable name after env://`, { remedy });
}

function checkPath(path: string, option: string, remedy: string): string {
  if (path.trim() !== '' && !path.includes('\0')) return path;
  throw new VeritySignError('usage', `\`${option}\` is empty or not a path`, { remedy });
}

function unknownScheme(option: string, scheme: string, remedy: string): VeritySignError {
  return new VeritySignError('usage', `\`${option}\` has the scheme ${scheme}://, which is not supported`, {
    remedy,
  });
}
