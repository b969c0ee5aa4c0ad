import type { RegistryOptions } from '../../commands/shared/options.ts';
import { VeritySignError } from '../../errors.ts';
import { isPemText } from '../../lib/pem-text.ts';
import { parseReference } from '../../oci/image/reference.ts';
import { isSameRegistry } from '../../oci/oras/login/hosts.ts';
import type { RegistryCredentials } from '../../oci/oras/login/logins.ts';
import type { RawValues } from './catalog.ts';
import { listedTags } from './image-list.ts';
import { parseLines } from './parse-values.ts';
import { passwordFromReference, passwordOrReference } from './secrets.ts';
import { certificateReference, choice, type Dialect, flag, optional, parsed, text } from './values.ts';

/** Checks the inputs about registries. The images are in `raw.image`. Raises usage errors that name the input. */
export function registryOptions(raw: RawValues, dialect: Dialect): RegistryOptions {
  const registries = registriesOf([...parseLines(raw.image), ...listedTags(raw['push-to'])]);
  const credentials = [
    ...oneRegistry(raw, dialect, registries),
    ...severalRegistries(raw, dialect, text(raw, 'registry-username') !== undefined),
  ];
  return {
    ...(credentials.length === 0 ? {} : { credentials }),
    plainHttp: flag(raw, 'plain-http', dialect),
    ...optional('caFile', certificateReference(raw, 'ca-file', dialect)),
    ...clientIdentity(raw, dialect, registries),
    // root-hash has no such input, and attaches nothing.
    referrers: choice(raw, 'referrers', 'sign', dialect),
  };
}

/** The registries among references, once each. A malformed reference is an error of the run, not of this. */
export function registriesOf(references: readonly string[]): string[] {
  const registries: string[] = [];
  for (const reference of references) {
    const registry = registryOf(reference);
    if (registry !== undefined && !registries.some((one) => isSameRegistry(one, registry))) {
      registries.push(registry);
    }
  }
  return registries;
}

function registryOf(reference: string): string | undefined {
  try {
    const parsedReference = parseReference(reference);
    return parsedReference.kind === 'registry' ? parsedReference.registry : undefined;
  } catch (error) {
    if (error instanceof VeritySignError) return undefined;
    throw error;
  }
}

/** What `registry-username` and `registry-password` give, for the one registry of the run. */
function oneRegistry(raw: RawValues, dialect: Dialect, registries: readonly string[]): RegistryCredentials[] {
  const { label } = dialect;
  const username = text(raw, 'registry-username');
  const password = parsed(raw, 'registry-password', dialect, (given, name) => {
    if (dialect.literalPassword) return passwordOrReference(given, name, dialect.secrets);
    return passwordFromReference(given === '-' ? '/dev/stdin' : given, name, dialect.secrets);
  });
  if (username === undefined || password === undefined) {
    if (username === password) return [];
    const names = ['registry-username', 'registry-password'] as const;
    const [given, missing] = (username === undefined ? names.toReversed() : names).map(label);
    throw new VeritySignError('usage', `${given} is given without ${missing}`, {
      remedy: "Set both, or omit both to use docker's configuration",
    });
  }
  requireOne(
    registries,
    label('registry-username'),
    'Set registry-credentials to one HOST=USER:env://NAME per registry',
  );
  return registries.map((registry) => ({ registry, username, password, input: 'registry-username' }));
}

function requireOne(registries: readonly string[], label: string, remedy: string): void {
  if (registries.length <= 1) return;
  const last = registries.at(-1);
  throw new VeritySignError(
    'usage',
    `${label} is for one registry, but the images and push-to are in ${registries.slice(0, -1).join(', ')} and ${last}`,
    { remedy: `${remedy}, or run once for each registry` },
  );
}

/** What `registry-credentials` gives. A line may hold a password by mistake, so messages name only its number. */
function severalRegistries(raw: RawValues, dialect: Dialect, both: boolean): RegistryCredentials[] {
  const label = dialect.label('registry-credentials');
  const lines = parseLines(raw['registry-credentials']);
  if (both && lines.length > 0) {
    throw new VeritySignError(
      'usage',
      `${label} cannot be combined with ${dialect.label('registry-username')}`,
      { remedy: 'Add a line for that registry instead' },
    );
  }
  const found: RegistryCredentials[] = [];
  for (const [index, line] of lines.entries()) {
    const { registry, username = '', reference = '' } = FORM.exec(line)?.groups ?? {};
    if (registry === undefined) {
      throw new VeritySignError(
        'usage',
        `${label}: line ${index + 1} is not of the form HOST=USER:env://NAME`,
        {
          remedy:
            'Write the host of the registry with its port, the user name, and env://NAME or the path of a file',
        },
      );
    }
    if (found.some((one) => isSameRegistry(one.registry, registry))) {
      throw new VeritySignError('usage', `${label} has more than one line for ${registry}`, {
        remedy: 'Keep the one to use',
      });
    }
    const password = passwordFromReference(reference, `${label} for ${registry}`, dialect.secrets);
    found.push({ registry, username, password, input: 'registry-credentials' });
  }
  return found;
}

const FORM =
  /^(?<registry>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?|\[[0-9A-Fa-f:.]+\](?::\d{1,5})?)=(?<username>(?!env:\/\/)[^:]+):(?<reference>.+)$/;

function clientIdentity(
  raw: RawValues,
  dialect: Dialect,
  registries: readonly string[],
): Pick<RegistryOptions, 'clientCertificate' | 'clientKey'> {
  const { label } = dialect;
  const clientCertificate = certificateReference(raw, 'client-certificate', dialect);
  const clientKey = text(raw, 'client-key');
  if (clientCertificate === undefined && clientKey === undefined) return {};
  if (clientCertificate === undefined || clientKey === undefined) {
    const names = ['client-certificate', 'client-key'] as const;
    const [given, missing] = (clientCertificate === undefined ? names.toReversed() : names).map(label);
    throw new VeritySignError('usage', `${given} is given without ${missing}`, { remedy: 'Set both' });
  }
  if (isPemText(clientKey) || clientKey.startsWith('env://')) {
    dialect.secrets.mask(clientKey);
    throw new VeritySignError('usage', `${label('client-key')} is not the path of a file`, {
      remedy: 'Write the key to a file that only this user can read, and give its path',
    });
  }
  requireOne(registries, label('client-certificate'), 'Leave the others out');
  return { clientCertificate, clientKey };
}
