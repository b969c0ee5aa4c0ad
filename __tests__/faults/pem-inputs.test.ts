/** Certificates as path, env://NAME and PEM text, keys as secret stores keep them, on the CLI and in the Actions. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { cli } from '../helpers/cli.ts';
import { openssl, pki } from '../helpers/pki.ts';
import { programPath } from '../helpers/programs.ts';
import { RunnerMachine } from '../helpers/runner-machine.ts';
import { testFolder } from '../helpers/temp.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder();
const oneLine = (text: string, joiner: string): string => text.trim().split('\n').join(joiner);
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const texts = { key: '', chain: '', root: '', encrypted: '' };

beforeAll(async () => {
  const { keyPath, fullChainPath, caPath } = (await pki()).leaf('p256');
  texts.key = readFileSync(keyPath, 'utf8');
  texts.chain = readFileSync(fullChainPath, 'utf8');
  texts.root = readFileSync(caPath, 'utf8');
  writeFileSync(join(folder, 'chain.pem'), texts.chain);
  writeFileSync(join(folder, 'root.pem'), texts.root);
  writeFileSync(join(folder, 'key.pem'), texts.key);
  const argv = ['pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-passout', 'pass:horse', '-in', keyPath];
  texts.encrypted = (await openssl(argv, folder)).toString();
});

let layouts = 0;
async function layout(): Promise<string> {
  layouts += 1;
  await writeVectorImage(join(folder, `layout-${layouts}`), ['simple-gzip']);
  return `oci:${join(folder, `layout-${layouts}`)}`;
}

async function runs(args: string[], env: Record<string, string> = {}): Promise<void> {
  const { status, stderr } = await cli([...args, '--temp-dir', folder], { cwd: folder, env });
  expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
  expect(readdirSync(folder).filter((name) => name.startsWith('verity-sign-'))).toEqual([]);
}

/** One value in each form: the argument and the environment that it needs. */
const FORMS: [string, (text: string, path: string) => [string, Record<string, string>]][] = [
  ['a relative path', (_text, path) => [path, {}]],
  ['env://', (text) => ['env://GIVEN', { GIVEN: text }]],
  ['PEM text', (text) => [text, {}]],
  ['PEM text with literal line ends', (text) => [oneLine(text, '\\n'), {}]],
  [
    'env:// with literal line ends, in quotes',
    (text) => ['env://GIVEN', { GIVEN: `"${oneLine(text, '\\n')}"` }],
  ],
  ['env:// with base64', (text) => ['env://GIVEN', { GIVEN: base64(text) }]],
  ['base64', (text) => [base64(text), {}]],
  ['PEM text with spaces for line ends', (text) => [oneLine(text, ' '), {}]],
  ['PEM text with Windows line ends and comments', (text) => [`# Ours\r\n${oneLine(text, '\r\n')}\r\n`, {}]],
];

describe.each(FORMS)('certificate and trusted-certificate: %s', (_form, form) => {
  test('sign and verify', async () => {
    const image = await layout();
    const [chain, env] = form(texts.chain, 'chain.pem');
    await runs(['sign', image, '--key', 'key.pem', '--certificate', chain], env);
    const [root, rootEnv] = form(texts.root, 'root.pem');
    await runs(['verify', image, '--trusted-certificate', root], rootEnv);
  });
});

test('several trusted certificates in several forms', async () => {
  const image = await layout();
  await runs(['sign', image, '--key', 'key.pem', '--certificate', 'chain.pem']);
  const other = readFileSync((await pki()).leaf('p384').caPath, 'utf8');
  const given = [other, 'root.pem', 'env://GIVEN'].flatMap((one) => ['--trusted-certificate', one]);
  await runs(['verify', image, ...given], { GIVEN: other });
});

test('timestamp-certificate: PEM text and env:// are read before any work', async () => {
  const image = await layout();
  const dry = [
    'sign',
    image,
    '--dry-run',
    '--manifest-signature',
    'jws',
    '--timestamp-url',
    'http://127.0.0.1:1',
  ];
  await runs([...dry, '--timestamp-certificate', texts.root]);
  await runs([...dry, '--timestamp-certificate', 'env://ROOT'], { ROOT: base64(texts.root) });
});

const KEYS: [string, () => string][] = [
  ['base64', () => base64(texts.key)],
  ['base64 in lines', () => base64(texts.key).replaceAll(/.{76}/g, '$&\n')],
  ['base64 without the lines around it', () => texts.key.split('\n').slice(1, -2).join('')],
  ['literal line ends', () => oneLine(texts.key, '\\n')],
  ['literal Windows line ends', () => oneLine(texts.key, '\\r\\n')],
  ['spaces for line ends', () => oneLine(texts.key, ' ')],
  ['no line ends', () => oneLine(texts.key, '')],
  ['encrypted, literal line ends', () => oneLine(texts.encrypted, '\\n')],
];
test.each(KEYS)('a key in a variable and in a file: %s', async (_form, form) => {
  const image = await layout();
  const env = { KEY: form(), PASSPHRASE: 'horse' };
  const more = ['--certificate', 'chain.pem', '--key-passphrase', 'env://PASSPHRASE'];
  await runs(['sign', image, '--key', 'env://KEY', ...more], env);
  writeFileSync(join(folder, 'stored-key'), env.KEY);
  await runs(['sign', image, '--key', 'stored-key', ...more, '--annotations', `a=${layouts}`], env);
});

describe('the Actions', () => {
  test('take the same, and show nothing of a key', async () => {
    const image = await layout();
    const signing = { image, key: 'env://KEY', certificate: texts.chain, install: 'false' };
    const machine = new RunnerMachine(programPath('sign-action'));
    const verifier = new RunnerMachine(programPath('verify-action'), { surface: 'verify-action' });
    try {
      const signed = await machine.run(signing, { KEY: oneLine(texts.key, '\\n') });
      expect([signed.status, signed.errors]).toEqual([0, []]);
      // The lines of the key are masked as they would be printed.
      expect(signed.stdout).toContain(`::add-mask::${texts.key.split('\n')[1]}`);
      const trusted = { image, 'trusted-certificate': `root.pem\n${texts.root}`, install: 'false' };
      const missing = await verifier.run(trusted);
      expect(missing.errors.join()).toContain('trusted certificate root.pem: it cannot be read (ENOENT)');
      const verified = await verifier.run(
        { ...trusted, 'trusted-certificate': 'env://ROOT' },
        { ROOT: texts.root },
      );
      expect([verified.status, verified.errors]).toEqual([0, []]);
    } finally {
      machine.remove();
      verifier.remove();
    }
  });
});

describe('no message shows a PEM block', () => {
  const places: [string, string[], number][] = [
    ['key', ['--key', 'PEM', '--certificate', 'chain.pem'], 2],
    ['certificate', ['--key', 'key.pem', '--certificate', 'PEM'], 5],
    ['certificate, in base64', ['--key', 'key.pem', '--certificate', 'BASE64'], 5],
    ['client-key', ['--client-certificate', 'chain.pem', '--client-key', 'PEM', '--dry-run'], 2],
    ['builder', ['--builder', 'PEM', '--dry-run'], 2],
    ['timeout', ['--timeout', 'PEM', '--dry-run'], 2],
    ['push-to', ['--push-to', 'PEM', '--dry-run'], 2],
    ['push-to, in base64', ['--push-to', 'BASE64', '--dry-run'], 2],
    [
      'client-key, in base64',
      ['--client-certificate', 'chain.pem', '--client-key', 'BASE64', '--dry-run'],
      2,
    ],
    ['temp-dir', ['--temp-dir', 'PEM', '--dry-run'], 4],
    ['annotations', ['--annotations', 'PEM', '--dry-run'], 2],
    ['registry-credentials', ['--registry-credentials', 'PEM', '--dry-run'], 2],
  ];
  test.each(places)('a key in place of %s', async (_place, args, expected) => {
    const given = args.map((word) => word.replace('PEM', texts.key).replace('BASE64', base64(texts.key)));
    const { status, stderr, stdout } = await cli(['sign', await layout(), ...given], { cwd: folder });
    const lines = texts.key.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
    for (const line of [...lines, base64(texts.key).slice(0, 60)])
      expect(stderr + stdout).not.toContain(line);
    expect(stderr.split('\n').filter((line) => line.startsWith('verity-sign: '))).toHaveLength(1);
    expect(status).toBe(expected);
  });
});
