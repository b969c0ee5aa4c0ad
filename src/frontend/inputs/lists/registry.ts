import { EVERYWHERE, type InputSpec, REFERRERS } from '../input-spec.ts';

/** How registries are reached. */
export const REGISTRY_INPUTS = [
  {
    name: 'registry-username',
    group: 'registry',
    description:
      "User name for the one registry of all images and of push-to. Default: the credentials in docker's or podman's files, or of the helpers that these name",
    value: 'NAME',
    on: EVERYWHERE,
  },
  {
    name: 'registry-password',
    group: 'registry',
    description:
      'Password or token for the registry. The Action accepts the value itself or env://NAME; the CLI accepts only env://NAME, the path of a file or - for standard input, never the value',
    value: 'REF',
    on: EVERYWHERE,
  },
  {
    name: 'registry-credentials',
    group: 'registry',
    description:
      'Credentials for several registries, one HOST=USER:env://NAME per line. Each registry gets its own and no other',
    value: 'LINE',
    list: 'lines',
    on: EVERYWHERE,
  },
  {
    name: 'plain-http',
    group: 'registry',
    description: 'Use HTTP without TLS for the registry',
    default: 'false',
    on: EVERYWHERE,
  },
  {
    name: 'ca-file',
    group: 'registry',
    description:
      "Certificate authority that issued the registry's TLS certificate: the path of a PEM file, env://NAME, or PEM text. Default: the authorities that the system trusts, and those in SSL_CERT_FILE and NODE_EXTRA_CA_CERTS",
    value: 'FILE',
    on: EVERYWHERE,
  },
  {
    name: 'client-certificate',
    group: 'registry',
    description:
      'Client certificate for a registry that demands one: the path of a PEM file, env://NAME, or PEM text; requires client-key',
    value: 'FILE',
    on: EVERYWHERE,
  },
  {
    name: 'client-key',
    group: 'registry',
    description: 'Path of the PEM file with the private key of client-certificate',
    value: 'FILE',
    on: EVERYWHERE,
  },
  {
    name: 'referrers',
    group: 'registry',
    description:
      'How signatures are attached and found: api (referrers API), tag (fallback tag) or auto (what the registry supports)',
    default: 'auto',
    value: 'HOW',
    choices: ['auto', 'api', 'tag'],
    on: [...REFERRERS, 'doctor'],
  },
] as const satisfies readonly InputSpec[];
