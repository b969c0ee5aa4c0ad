/** docs/keys.md against the code: options, key references, permissions, and the commands of the PEM part. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inputsOf, type Surface } from '../../src/frontend/inputs/catalog.ts';
import { encodeSubject } from '../../src/signatures/csr/subject.ts';
import { parseKeyReference } from '../../src/signatures/signers/reference.ts';
import { parseFingerprint } from '../../src/signatures/x509/identity.ts';
import { cliOk } from '../helpers/cli.ts';
import { needsCertificate } from '../helpers/key-holders.ts';
import { AzureContract, CLIENT, CLIENT_SECRET, TENANT } from '../helpers/kms/azure-contract.ts';
import { type CloudNetwork, startCloudNetwork } from '../helpers/kms/cloud-network.ts';
import { externalAccount, GoogleContract, KEY_RING } from '../helpers/kms/google-contract.ts';
import { type Moto, REGION, startMoto } from '../helpers/kms/moto.ts';
import { startVault, type VaultServer } from '../helpers/kms/vault-server.ts';
import { pki } from '../helpers/pki.ts';
import { programPath } from '../helpers/programs.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment } from '../helpers/tools.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const root = join(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const PAGE = read('docs/keys.md');
const PAGES = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith('.md'),
);
const folder = testFolder();

interface Command {
  verb: string;
  words: string[];
}

/** The command lines of verity-sign in the fences of a page, as a shell splits them. */
function commandsIn(page: string): Command[] {
  const fences = [...page.matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)].map(([, text = '']) => text);
  const lines = fences.flatMap((text) => text.replaceAll(/\\\n\s*/g, '').split('\n'));
  return lines.flatMap((line) => {
    const [, verb = '', rest] =
      /^ *(?:npx )?verity-sign ([a-z-]+) (.*)$/.exec(line.replace(/ +# .*$/, '')) ?? [];
    if (rest === undefined) return [];
    const words = [...rest.matchAll(/"([^"]*)"|(\S+)/g)];
    return [{ verb, words: words.map(([, quoted, plain]) => quoted ?? plain ?? '') }];
  });
}

/** The words that follow an option. */
function valuesOf(name: string, { words }: Command): string[] {
  return words.filter((_word, index) => words[index - 1] === name);
}

describe.each(PAGES)('the command lines of %s', (name) => {
  const commands = commandsIn(read(name));

  test('have options that their commands have', () => {
    for (const { verb, words } of commands) {
      const known = [...inputsOf(verb as Surface).map((input) => input.name as string), 'json', 'help'];
      const given = words.filter((word) => word.startsWith('--')).map((word) => word.slice(2));
      expect({ verb, unknown: given.filter((option) => !known.includes(option)) }).toEqual({
        verb,
        unknown: [],
      });
    }
  });

  test('have keys, subjects and signers that are read', () => {
    for (const command of commands) {
      for (const key of valuesOf('--key', command)) expect(() => parseKeyReference(key)).not.toThrow();
      for (const subject of valuesOf('--subject', command)) expect(encodeSubject(subject)).toBeDefined();
      for (const signer of valuesOf('--signer', command)) expect(parseFingerprint(signer)).toBeDefined();
    }
  });
});

test.each(PAGES)('the command lines of %s have a certificate where the key holder returns none', (name) => {
  const signing = commandsIn(read(name)).filter(({ verb }) => verb !== 'csr');
  const missing = signing.filter(
    (one) => valuesOf('--key', one).some(needsCertificate) && !one.words.includes('--certificate'),
  );
  expect(missing).toEqual([]);
});

test('the command lines of the page are found: each holder has a request and a signature', () => {
  const commands = commandsIn(PAGE);
  const kinds = (verb: string): string[] => [
    ...new Set(
      commands
        .filter((one) => one.verb === verb)
        .flatMap((one) => valuesOf('--key', one))
        .map((key) => parseKeyReference(key).kind),
    ),
  ];
  const all = ['aws-kms', 'azure-key-vault', 'file', 'google-kms', 'notation-plugin', 'vault'];
  expect(kinds('csr').sort()).toEqual(all);
  expect(kinds('sign').sort()).toEqual(all);
});

test("the table's references are those of the forms that the code reads", () => {
  const rows = [...PAGE.matchAll(/^\| \[[^|]*\| ([^|]*)\|$/gm)].map(([, cell = '']) => cell);
  const references = rows.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text));
  expect(references.length).toBeGreaterThan(8);
  for (const reference of references) expect(() => parseKeyReference(reference)).not.toThrow();
});

describe('the permissions of the page are enough for csr and sign', () => {
  let moto: Moto;
  let vault: VaultServer;
  const networks: CloudNetwork[] = [];

  beforeAll(async () => {
    moto = await startMoto();
    vault = await startVault();
  });
  afterAll(async () => {
    await Promise.all([moto.stop(), vault.stop(), ...networks.map((network) => network.stop())]);
  });

  async function requestAndSign(name: string, key: string, env: Record<string, string>): Promise<void> {
    await cliOk(['csr', '--key', key, '--subject', 'CN=release,O=Example,C=DE'], { env });
    const certificate = join(folder, `${name}.pem`);
    const self = ['--subject', 'CN=test', '--self-signed', '--out', certificate];
    await cliOk(['csr', '--key', key, ...self], { env });
    const layout = join(folder, `${name}-layout`);
    await writeVectorImage(layout, ['simple-gzip']);
    await cliOk(['sign', `oci:${layout}`, '--key', key, '--certificate', certificate], { env });
  }

  const part = (heading: string): string => PAGE.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const fence = (text: string, language: string): string =>
    new RegExp(`^ *\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\`$`, 'm').exec(text)?.[1] ?? '';

  test('AWS KMS', async () => {
    const policy = JSON.parse(fence(part('AWS KMS'), 'json')) as { Statement: { Action: string[] }[] };
    const { alias } = await moto.createKey('ECC_NIST_P384');
    const user = await moto.enforce(policy.Statement[0]?.Action ?? []);
    await requestAndSign('aws', `awskms://${moto.host}/${alias}`, { ...user, AWS_REGION: REGION });
  });

  test('Vault', async () => {
    const rules = fence(part('HashiCorp Vault and OpenBao'), 'hcl');
    await vault.createKey('release', 'ecdsa-p384');
    const VAULT_TOKEN = await vault.createToken(rules);
    await requestAndSign('vault', 'hashivault://release', {
      VAULT_ADDR: `http://${vault.host}`,
      VAULT_TOKEN,
    });
  });

  test('Azure Key Vault', async () => {
    const [, first = '', second = ''] = /`(keys\/get)` and `(keys\/sign)`/.exec(PAGE) ?? [];
    const { keyPath } = (await pki()).leaf('p384');
    const vaults = {
      'release-vault.vault.azure.net': { keys: { signer: { keyPath } }, allowed: [first, second] },
    };
    const network = await startCloudNetwork(new AzureContract(vaults).services());
    networks.push(network);
    const login = { AZURE_TENANT_ID: TENANT, AZURE_CLIENT_ID: CLIENT, AZURE_CLIENT_SECRET: CLIENT_SECRET };
    await requestAndSign('azure', 'azurekms://release-vault/signer', { ...network.env, ...login });
  });

  test('Google Cloud KMS', async () => {
    const allowed = [...part('Google Cloud KMS').matchAll(/`(cloudkms\.cryptoKeyVersions\.\w+)`/g)].map(
      ([, permission = '']) => permission,
    );
    expect(allowed).toHaveLength(2);
    const { keyPath } = (await pki()).leaf('p384');
    const release = { keyPath, algorithm: 'EC_SIGN_P384_SHA384', allowed };
    const network = await startCloudNetwork(new GoogleContract({ release }).services());
    networks.push(network);
    const credentials = join(folder, 'google.json');
    writeFileSync(credentials, JSON.stringify(externalAccount({ impersonate: true })));
    const key = `gcpkms://${KEY_RING}/cryptoKeys/release/cryptoKeyVersions/1`;
    await requestAndSign('google', key, { ...network.env, GOOGLE_APPLICATION_CREDENTIALS: credentials });
  });
});

test('the commands for a PEM and a PKCS#12 file run as they are', async () => {
  const marked = [...PAGE.matchAll(/<!-- keys: run by a test -->\n```sh\n([\s\S]*?)```/g)].map(
    ([, text = '']) => text,
  );
  const [make = '', pack = '', sign = '', ...others] = marked;
  expect([marked.length, others]).toEqual([3, []]);
  const issue = /^```sh\n(openssl x509 -req[\s\S]*?)```$/m.exec(PAGE)?.[1] ?? '';
  const authority = /^openssl req -x509 [\s\S]*?-out root\.pem$/m.exec(read('README.md'))?.[0] ?? '';
  const work = join(folder, 'pem');
  const programs = join(work, 'bin');
  mkdirSync(programs, { recursive: true });
  const program = join(programs, 'verity-sign');
  writeFileSync(
    program,
    `#!/bin/sh\nexec '${process.execPath}' --no-warnings '${programPath('cli')}' "$@"\n`,
  );
  chmodSync(program, 0o755);
  await writeVectorImage(join(work, 'layout'), ['simple-gzip']);
  const index = join(work, 'layout/index.json');
  writeFileSync(index, readFileSync(index, 'utf8').replace('"vectors"', '"app"'));
  const env = toolEnvironment({ PASSPHRASE: 'a passphrase of the tests' });
  const script = ['set -e', authority, make, issue, pack, sign].join('\n');
  execFileSync('sh', ['-c', script], {
    cwd: work,
    env: { ...env, PATH: `${programs}:${env.PATH}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const trusted = ['--trusted-certificate', join(work, 'root.pem')];
  await cliOk(['verify', `oci:${join(work, 'layout')}:app`, ...trusted]);
});
