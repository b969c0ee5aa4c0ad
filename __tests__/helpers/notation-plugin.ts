/** A small plugin for notation that follows the specification, with options to violate it. */
import { readFileSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pki } from './pki.ts';

export interface PluginOptions {
  /** A key of the test PKI, with its chain up to the root. */
  key: string;
  /** Default `com.example.test`. */
  name?: string;
  /** The plugin's name for its key. */
  keyId?: string;
  ecdsa?: 'ieee-p1363' | 'der';
  /** Knows `signing_scheme` in its configuration. */
  pkcs1?: boolean;
  /** JavaScript that runs before anything else; `command` and `request` are there. */
  first?: string;
  /** JavaScript that may change `response`. */
  change?: string;
}

export interface CallRecord {
  command: string;
  request: Record<string, unknown>;
  env: Record<string, string>;
}

export interface InstalledPlugin {
  name: string;
  path: string;
  /** The value of the input `key`. */
  reference: string;
  keyId: string;
  /** The requests so far. */
  calls(): CallRecord[];
}

/** A key id like that of a cloud's plugin. */
const KEY_ID = 'https://vault.example/keys/release/0123?x=1';

/** Installs the plugin below `folder` (the value of NOTATION_LIBEXEC); it runs in this Node.js. */
export async function installPlugin(folder: string, options: PluginOptions): Promise<InstalledPlugin> {
  const { key, name = 'com.example.test', keyId = KEY_ID, ecdsa = 'ieee-p1363', pkcs1 = false } = options;
  const files = (await pki()).leaf(key);
  const own = join(folder, 'plugins', name);
  const path = join(own, `notation-${name}`);
  const log = join(folder, `${name}.log`);
  await mkdir(own, { recursive: true });
  await writeFile(log, '');
  const constants = {
    ...{ name, keyId, ecdsa, pkcs1, log },
    keyPem: await readFile(files.keyPath, 'utf8'),
    chainPem: await readFile(files.fullChainPath, 'utf8'),
  };
  const script = [
    `#!${process.execPath}`,
    `const OPTIONS = ${JSON.stringify(constants)};`,
    PROGRAM.replace('/*first*/', () => options.first ?? '').replace('/*change*/', () => options.change ?? ''),
  ];
  await writeFile(path, script.join('\n'));
  await chmod(path, 0o755);
  const calls = (): CallRecord[] =>
    readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  return { name, path, reference: `notation-plugin://${name}/${keyId}`, keyId, calls };
}

/** [notaryproject/specifications specs/plugin-extensibility.md] */
const PROGRAM = String.raw`
const { appendFileSync, readFileSync } = require('node:fs');
const { constants, createPrivateKey, sign, X509Certificate } = require('node:crypto');

const command = process.argv[2];
const request = JSON.parse(readFileSync(0, 'utf8'));
appendFileSync(OPTIONS.log, JSON.stringify({ command, request, env: process.env }) + '\n');

function fail(errorCode, errorMessage, errorMetadata) {
  process.stderr.write(JSON.stringify({ errorCode, errorMessage, errorMetadata }));
  process.exit(1);
}

const key = createPrivateKey(OPTIONS.keyPem);
const details = key.asymmetricKeyDetails;
const bits = details.modulusLength ?? { prime256v1: 256, secp384r1: 384, secp521r1: 521 }[details.namedCurve];
const rsa = key.asymmetricKeyType === 'rsa';
const keySpec = (rsa ? 'RSA-' : 'EC-') + bits;
const hash = { 2048: 256, 3072: 384, 4096: 512, 256: 256, 384: 384, 521: 512 }[bits];

function answer() {
  if (command === 'get-plugin-metadata') {
    return {
      name: OPTIONS.name,
      description: 'Signs with a key of the tests',
      version: '1.0.0',
      url: 'https://example.com/plugin',
      supportedContractVersions: ['1.0'],
      capabilities: ['SIGNATURE_GENERATOR.RAW'],
    };
  }
  if (request.contractVersion !== '1.0') fail('UNSUPPORTED_CONTRACT_VERSION', 'contract ' + request.contractVersion);
  if (request.keyId !== OPTIONS.keyId) fail('VALIDATION_ERROR', 'no key ' + request.keyId, { keyId: request.keyId });
  if (command === 'describe-key') return { keyId: request.keyId, keySpec };
  if (command !== 'generate-signature') fail('ERROR', 'no command ' + command);
  if (request.keySpec !== keySpec) fail('VALIDATION_ERROR', 'keySpec ' + request.keySpec);
  if (request.hashAlgorithm !== 'SHA-' + hash) fail('VALIDATION_ERROR', 'hashAlgorithm ' + request.hashAlgorithm);
  if (typeof request.payload !== 'string') fail('VALIDATION_ERROR', 'no payload');
  const asked = OPTIONS.pkcs1 && request.pluginConfig?.signing_scheme === 'rsassa-pkcs1-v1_5';
  const how = rsa && asked
    ? { padding: constants.RSA_PKCS1_PADDING }
    : rsa
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : { dsaEncoding: OPTIONS.ecdsa };
  return {
    keyId: request.keyId,
    signature: sign('sha' + hash, Buffer.from(request.payload, 'base64'), { key, ...how }).toString('base64'),
    signingAlgorithm: (rsa && asked ? 'RSASSA-PKCS1-v1_5-SHA-' : rsa ? 'RSASSA-PSS-SHA-' : 'ECDSA-SHA-') + hash,
    certificateChain: OPTIONS.chainPem
      .match(/-----BEGIN[\s\S]+?END.*-----/g)
      .map((pem) => new X509Certificate(pem).raw.toString('base64')),
  };
}

/*first*/
const response = answer();
/*change*/
process.stdout.write(JSON.stringify(response));
`;
