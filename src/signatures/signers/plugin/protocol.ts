/** The messages of notation's plugins. [notaryproject/specifications specs/plugin-extensibility.md] */

import * as z from 'zod';
import { VeritySignError } from '../../../errors.ts';
import { printable } from '../../../lib/printable.ts';
import type { DigestName } from '../../../model/index.ts';
import type { KeySpec } from '../../../model/signing.ts';
import { keySpecName } from '../key-spec.ts';

export const CONTRACT_VERSION = '1.0';
export const RAW_GENERATOR = 'SIGNATURE_GENERATOR.RAW';
export const ENVELOPE_GENERATOR = 'SIGNATURE_GENERATOR.ENVELOPE';

export type PluginCommand = 'get-plugin-metadata' | 'describe-key' | 'generate-signature';

const SPECS: readonly KeySpec[] = [
  { kind: 'rsa', bits: 2048, digest: 'sha256' },
  { kind: 'rsa', bits: 3072, digest: 'sha384' },
  { kind: 'rsa', bits: 4096, digest: 'sha512' },
  { kind: 'ec', bits: 256, digest: 'sha256' },
  { kind: 'ec', bits: 384, digest: 'sha384' },
  { kind: 'ec', bits: 521, digest: 'sha512' },
];

/** `hashAlgorithm` of generate-signature. */
export const HASH_NAMES: Readonly<Record<DigestName, string>> = {
  sha256: 'SHA-256',
  sha384: 'SHA-384',
  sha512: 'SHA-512',
};

const text = z.string().min(1);
const METADATA = z.object({
  name: text,
  description: text,
  version: text,
  url: text,
  supportedContractVersions: z.array(z.string()).min(1),
  capabilities: z.array(z.string()).min(1),
});
const KEY = z.object({ keyId: z.string(), keySpec: z.string() });
const SIGNATURE = z.object({
  keyId: z.string(),
  signature: z.base64().min(1),
  signingAlgorithm: z.string(),
  certificateChain: z.array(z.base64().min(1)).min(1).max(20),
});
/** `errorMetadata` is not read: plugins write null or numbers there. */
const FAILURE = z.object({
  errorCode: z.string().default(''),
  errorMessage: z.string().default(''),
});

export type PluginMetadata = z.output<typeof METADATA>;

export interface PluginSignature {
  value: Buffer;
  /** DER, leaf first. */
  chain: Buffer[];
}

/** Checks that the metadata belong to this plugin and that it supports the contract. */
export function readMetadata(response: unknown, plugin: string): PluginMetadata {
  const metadata = read(METADATA, response, plugin, 'get-plugin-metadata');
  if (metadata.name !== plugin) {
    throw new VeritySignError(
      'key',
      `the notation plugin in the folder ${plugin} calls itself ${printable(metadata.name)}`,
      { remedy: 'Reinstall it with notation plugin install' },
    );
  }
  const versions = metadata.supportedContractVersions;
  if (!versions.includes(CONTRACT_VERSION)) {
    throw new VeritySignError(
      'key',
      `the notation plugin ${plugin} supports the contract versions ${printable(versions.join(', '))}, not ${CONTRACT_VERSION}`,
      { remedy: 'Install a version of the plugin that works with notation 1.x' },
    );
  }
  return metadata;
}

export function readKey(response: unknown, plugin: string, keyId: string): KeySpec {
  const key = read(KEY, response, plugin, 'describe-key');
  checkKeyId(key.keyId, keyId, plugin, 'describe-key');
  const spec = SPECS.find((one) => keySpecName(one) === key.keySpec);
  if (spec !== undefined) return spec;
  throw new VeritySignError(
    'key',
    `the key of the notation plugin ${plugin} is of type ${printable(key.keySpec)}, which is not supported`,
    { remedy: `Use a key of one of the types ${SPECS.map(keySpecName).join(', ')}` },
  );
}

/**
 * Reads the answer of generate-signature. The caller must verify the signature.
 * @param named whether the contract has a name for the algorithm that was asked for, which must be in the answer
 */
export function readSignature(
  response: unknown,
  plugin: string,
  keyId: string,
  spec: KeySpec,
  named = true,
): PluginSignature {
  const command = 'generate-signature';
  const { signature, signingAlgorithm, certificateChain, ...rest } = read(
    SIGNATURE,
    response,
    plugin,
    command,
  );
  checkKeyId(rest.keyId, keyId, plugin, command);
  const wanted = `${spec.kind === 'rsa' ? 'RSASSA-PSS' : 'ECDSA'}-${HASH_NAMES[spec.digest]}`;
  if (named && signingAlgorithm !== wanted) {
    throw nonconforming(plugin, command, `signingAlgorithm ${printable(signingAlgorithm)}, not ${wanted}`);
  }
  return {
    value: Buffer.from(signature, 'base64'),
    chain: certificateChain.map((one) => Buffer.from(one, 'base64')),
  };
}

/**
 * The error that a plugin writes to standard error; undefined for anything else.
 * @param redact Removes secrets, which JSON can write in more than one way.
 */
export function readFailure(
  stderr: string,
  redact: (text: string) => string,
): { code: string; message: string } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(stderr);
  } catch {
    return undefined;
  }
  const failure = FAILURE.safeParse(value).data;
  if (failure === undefined || (failure.errorCode === '' && failure.errorMessage === '')) return undefined;
  const shown = (text: string): string => printable(redact(text));
  return { code: shown(failure.errorCode), message: shown(failure.errorMessage) };
}

/** The plugin violates the contract. */
export function nonconforming(plugin: string, command: PluginCommand, what: string): VeritySignError {
  return new VeritySignError('key', `the notation plugin ${plugin} answered ${command} with ${what}`, {
    remedy: 'Update the plugin, or report it to its publisher',
  });
}

function read<S extends z.ZodType>(
  schema: S,
  response: unknown,
  plugin: string,
  command: PluginCommand,
): z.output<S> {
  const result = schema.safeParse(response);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : ` in ${issue.path.join('.')}`;
  throw nonconforming(plugin, command, `JSON of an unexpected form${where} (${issue?.message ?? 'unknown'})`);
}

function checkKeyId(got: string, wanted: string, plugin: string, command: PluginCommand): void {
  if (got === wanted) return;
  throw nonconforming(plugin, command, `the keyId "${printable(got)}" instead of "${printable(wanted)}"`);
}
