/** FAULTS 50, and what else a plugin may do wrong. */
import { chmod, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { VeritySignError } from '../../src/errors.ts';
import type { SignerRequest } from '../../src/model/signing.ts';
import { type InstalledPlugin, installPlugin, type PluginOptions } from '../helpers/notation-plugin.ts';
import { pki } from '../helpers/pki.ts';
import { prepare } from '../helpers/signer.ts';

const CONTENT = Buffer.from('3b'.repeat(32));
const SECRET = 'Correct-Horse 9 Staple';

let work: string;
let libexec: string;
const before = process.env.NOTATION_LIBEXEC;

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'plugin-faults-'));
});

beforeEach(async () => {
  libexec = await mkdtemp(join(work, 'libexec-'));
  process.env.NOTATION_LIBEXEC = libexec;
});

afterAll(async () => {
  if (before === undefined) delete process.env.NOTATION_LIBEXEC;
  else process.env.NOTATION_LIBEXEC = before;
  await rm(work, { recursive: true, force: true });
});

function install(options: Partial<PluginOptions> = {}): Promise<InstalledPlugin> {
  return installPlugin(libexec, { key: 'p256', ...options });
}

async function refusal(promise: Promise<unknown>): Promise<VeritySignError> {
  const error = await promise.then(
    () => new Error('was not refused'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof VeritySignError)) throw error;
  expect(error.remedy ?? '').not.toBe('');
  return error;
}

async function refused(
  options: Partial<PluginOptions>,
  more: Partial<SignerRequest> = {},
): Promise<VeritySignError> {
  const error = await refusal(prepare((await install(options)).reference, more));
  expect(error.code).toBe('key');
  expect(error.message).toContain('com.example.test');
  return error;
}

const on = (command: string, then: string) => `if (command === '${command}') { ${then} }`;

describe('fault 50: output that is not JSON', () => {
  test.each([
    [
      'text',
      `process.stdout.write('hello ${SECRET}'); process.exit(0);`,
      /describe-key with \d+ bytes that are not JSON/,
    ],
    ['nothing', 'process.exit(0);', /describe-key with nothing/],
    ['two answers', `process.stdout.write('{}{}'); process.exit(0);`, /not JSON/],
    ['a log before it', `process.stdout.write('INFO starting\\n');`, /not JSON/],
    ['another type', `process.stdout.write('[1]'); process.exit(0);`, /JSON of an unexpected form/],
    ['null', `process.stdout.write('null'); process.exit(0);`, /JSON of an unexpected form/],
  ])('%s', async (_name, first, reason) => {
    const error = await refused({ first: on('describe-key', first) });
    expect(error.message).toMatch(reason);
    expect(error.toLine()).not.toContain(SECRET);
    expect(error.remedy).toMatch(/Update the plugin/);
  });
});

describe('fault 50: wrong keyId', () => {
  test.each(['describe-key', 'generate-signature'])('of %s', async (command) => {
    const error = await refused({ change: on(command, `response.keyId = 'other';`) });
    expect(error.message).toMatch(/the keyId "other" instead of "https:/);
  });

  test('an unknown key', async () => {
    const plugin = await install();
    const error = await refusal(prepare(`notation-plugin://${plugin.name}/unknown`));
    expect(error.message).toMatch(/refused describe-key: no key unknown \(VALIDATION_ERROR\)/);
    expect(error.remedy).toMatch(/key id.*plugin-config/);
  });
});

describe('fault 50: a plugin that hangs', () => {
  async function pids(): Promise<number[]> {
    return (await readFile(join(work, 'pids'), 'utf8')).trim().split('\n').map(Number);
  }

  async function expectAllDead(): Promise<void> {
    // init or whoever reaps them may take a moment.
    for (const pid of await pids()) {
      let state = '';
      for (let tries = 0; tries < 50; tries++) {
        state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'gone Z');
        if (/ Z( |$)/.test(state)) break;
        await sleep(20);
      }
      expect(state).toMatch(/ Z( |$)/);
    }
  }

  const record = `require('node:fs').writeFileSync(${JSON.stringify('PIDS')}, process.pid + '\\n' + helper.pid);`;
  const spawning = (options: string) =>
    `const helper = require('node:child_process').spawn('sleep', ['600'], { ${options} });` +
    record.replace('PIDS', join(work, 'pids'));

  test('is killed with what it started', async () => {
    const first = on('describe-key', `${spawning(`stdio: 'inherit'`)} while (true);`);
    const error = await refused({ first }, { timeout: 1500 });
    expect(error.message).toMatch(/did not answer describe-key in time/);
    expect(error.remedy).toMatch(/timeout/);
    await expectAllDead();
  });

  test('is ended when the run is stopped', async () => {
    const abort = new AbortController();
    const plugin = await install({
      first: on('describe-key', `${spawning(`stdio: 'inherit'`)} while (true);`),
    });
    setTimeout(() => abort.abort(new VeritySignError('cancelled', 'stopped')), 800);
    const error = await prepare(plugin.reference, { signal: abort.signal }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'cancelled' });
    await expectAllDead();
  });

  test('that has ended but left a child with its output open', async () => {
    const first = on('describe-key', `${spawning(`stdio: 'inherit'`)} helper.unref(); process.exit(0);`);
    const error = await refused({ first }, { timeout: 1500 });
    expect(error.message).toMatch(/did not answer describe-key in time/);
    await expectAllDead();
  });

  test('whose child has left the process group', async () => {
    const first = on('describe-key', `${spawning(`stdio: 'inherit', detached: true`)} while (true);`);
    const error = await refused({ first }, { timeout: 1500 });
    expect(error.message).toMatch(/in time/);
    const [, helper = 0] = await pids();
    process.kill(helper, 'SIGKILL');
  });
});

test('fault 50: more than 64 MiB', async () => {
  const first = on(
    'generate-signature',
    `const piece = Buffer.alloc(1 << 20, 32); const { writeSync } = require('node:fs'); for (;;) writeSync(1, piece);`,
  );
  const error = await refused({ first });
  expect(error.message).toMatch(/failed at generate-signature: .* wrote more than 67108863 bytes/);
});

describe('fault 50: exit status 1', () => {
  test.each([
    ['VALIDATION_ERROR', /plugin-config/],
    ['UNSUPPORTED_CONTRACT_VERSION', /notation 1\.x/],
    ['ACCESS_DENIED', /uses to read this key and to sign/],
    ['ERROR', /documentation/],
    ['SOMETHING_ELSE', /documentation/],
  ])('with the errorCode %s', async (code, remedy) => {
    const first = on('generate-signature', `fail('${code}', 'the service said no', { id: '1' });`);
    const error = await refused({ first });
    expect(error.message).toBe(
      `the notation plugin com.example.test refused generate-signature: the service said no (${code})`,
    );
    expect(error.remedy).toMatch(remedy);
  });

  test.each(['THROTTLED', 'TIMEOUT'])('with %s: tried again', async (code) => {
    const tried = join(libexec, 'tried');
    const first = on(
      'generate-signature',
      `const fs = require('node:fs'); if (!fs.existsSync('${tried}')) { fs.writeFileSync('${tried}', ''); fail('${code}', 'slower'); }`,
    );
    const plugin = await install({ first });
    expect((await prepare(plugin.reference)).holder).toBe('notation-plugin');
    expect(plugin.calls().filter(({ command }) => command === 'generate-signature')).toHaveLength(2);
  });

  test('without JSON, and with another status', async () => {
    const plain = `process.stderr.write('panic: \\u001b[31mno token\\nat main'); process.exit(STATUS);`;
    const one = await refused({ first: on('describe-key', plain.replace('STATUS', '1')) });
    expect(one.message).toMatch(/failed at describe-key with exit status 1: panic: \[31mno token at main$/);
    const two = await refused({ first: on('describe-key', plain.replace('STATUS', '2')) });
    expect(two.message).toMatch(/exit status 2/);
  });

  test('killed by a signal', async () => {
    const error = await refused({ first: on('describe-key', `process.kill(process.pid, 'SIGSEGV');`) });
    expect(error.message).toMatch(/ended by SIGSEGV/);
  });

  test('fault 53: a secret in what it says is not passed on', async () => {
    const first = on('describe-key', `fail('ERROR', 'cannot log in with ${SECRET}');`);
    const error = await refused({ first }, { env: { PASS: SECRET } });
    expect(error.message).toMatch(/cannot log in with \*\*\*/);
    expect([error.stack, String(error.cause)].join()).not.toContain(SECRET);
  });

  test.each([
    ['with quotes, as JSON writes them', 'to"ken\\with everything'],
    ['that is a part of another', 'Correct-Horse'],
  ])('a secret of the configuration %s', async (_what, secret) => {
    const first = on(
      'describe-key',
      `fail('ERROR', ${JSON.stringify(`cannot log in with ${secret} / ${SECRET}`)});`,
    );
    const error = await refused({ first }, { secrets: [secret, SECRET] });
    expect(error.message).toContain('cannot log in with *** / *** (ERROR)');
    const cause = error.cause instanceof Error ? error.cause.stack : '';
    expect([error.stack, cause].join()).not.toContain(secret);
  });

  test('a secret in an answer that is refused', async () => {
    const change = on('describe-key', `response.keySpec = 'kind ${SECRET}';`);
    const error = await refused({ change }, { secrets: [SECRET] });
    expect(error.message).toContain('of type kind ***');
  });
});

describe('fault 50: an installation that does not do', () => {
  test('not installed', async () => {
    const error = await refusal(prepare('notation-plugin://absent/key'));
    expect(error.message).toMatch(/absent is not installed: there is no .*plugins\/absent\/notation-absent/);
    expect(error.remedy).toMatch(/notation plugin install/);
  });

  test('not executable', async () => {
    const plugin = await install();
    await chmod(plugin.path, 0o644);
    const error = await refusal(prepare(plugin.reference));
    expect(error.message).toMatch(/is not executable/);
    expect(error.remedy).toMatch(/chmod \+x/);
  });

  test('a symbolic link, even to a good plugin', async () => {
    const plugin = await install();
    await rename(plugin.path, join(libexec, 'elsewhere'));
    await symlink(join(libexec, 'elsewhere'), plugin.path);
    const error = await refusal(prepare(plugin.reference));
    expect(error.message).toMatch(/is a symbolic link/);
    expect(plugin.calls()).toEqual([]);
  });

  test('a folder in its place', async () => {
    const plugin = await install();
    await rm(plugin.path);
    await mkdir(plugin.path);
    expect((await refusal(prepare(plugin.reference))).message).toMatch(/not a regular file/);
  });

  test('no program at all, or one without its interpreter', async () => {
    const plugin = await install();
    await writeFile(plugin.path, '#!/nowhere/python\n');
    expect((await refusal(prepare(plugin.reference))).message).toMatch(/failed at get-plugin-metadata/);
    await writeFile(plugin.path, 'hello');
    expect((await refusal(prepare(plugin.reference))).message).toMatch(/cannot be started|exit status/);
  });

  test('the name of another plugin', async () => {
    const error = await refused({ change: on('get-plugin-metadata', `response.name = 'other';`) });
    expect(error.message).toMatch(/calls itself other/);
  });

  test.each(['..', '../x', '.hidden', 'a b', ''])(
    'no way out of the folder with the name %j',
    async (name) => {
      const error = await refusal(prepare(`notation-plugin://${name}/key`));
      expect(error).toMatchObject({ code: 'usage', message: expect.stringMatching(/notation-plugin:\/\//) });
      expect(dirname(libexec)).toBe(work);
    },
  );
});

describe('capabilities', () => {
  const withCapabilities = (list: string) =>
    refused({ change: on('get-plugin-metadata', `response.capabilities = ${list};`) });

  test('whole envelopes only, as AWS Signer makes them', async () => {
    const error = await withCapabilities(
      `['SIGNATURE_GENERATOR.ENVELOPE', 'SIGNATURE_VERIFIER.TRUSTED_IDENTITY']`,
    );
    expect(error.message).toMatch(/signature envelopes but no raw signatures/);
    expect(error.remedy).toMatch(/SIGNATURE_GENERATOR\.RAW.*awskms:/);
  });

  test('verification only, none', async () => {
    const error = await withCapabilities(`['SIGNATURE_VERIFIER.REVOCATION_CHECK']`);
    expect(error.message).toMatch(/does not sign, it only verifies/);
    expect((await withCapabilities('[]')).message).toMatch(/an unexpected form in capabilities/);
  });

  test('another contract', async () => {
    const change = on('get-plugin-metadata', `response.supportedContractVersions = ['2.0'];`);
    expect((await refused({ change })).message).toMatch(/contract versions 2\.0, not 1\.0/);
  });

  test('metadata that lack something', async () => {
    const change = on('get-plugin-metadata', 'delete response.url;');
    expect((await refused({ change })).message).toMatch(/an unexpected form in url/);
  });
});

describe('signatures that do not hold', () => {
  const sign = (then: string, more: Partial<PluginOptions> = {}) =>
    refused({ ...more, change: on('generate-signature', then) }, { purposes: ['manifest'] });

  test.each<[string, string, RegExp]>([
    ['garbage', `response.signature = Buffer.alloc(64, 7).toString('base64');`, /does not verify/],
    ['short', `response.signature = 'AAAA';`, /does not verify/],
    ['empty', `response.signature = '';`, /an unexpected form in signature/],
    ['no base64', `response.signature = 'ä';`, /an unexpected form in signature/],
    [
      'by another algorithm',
      `response.signingAlgorithm = 'ECDSA-SHA-384';`,
      /ECDSA-SHA-384, not ECDSA-SHA-256/,
    ],
    ['no chain', 'response.certificateChain = [];', /an unexpected form in certificateChain/],
    ['a damaged certificate', `response.certificateChain[1] = 'AAAA';`, /certificate 2 cannot be read/],
    [
      'the chain upside down',
      'response.certificateChain.reverse();',
      /a certificate for RSA-2048 after a key of EC-256/,
    ],
  ])('%s', async (_name, then, reason) => {
    expect((await sign(then)).message).toMatch(reason);
  });

  test('over another text', async () => {
    const first = on('generate-signature', `request.payload = Buffer.from('other').toString('base64');`);
    expect((await refused({ first })).message).toMatch(/does not verify/);
  });

  test('with the certificate of another key', async () => {
    const { readPem } = await import('../../src/signatures/x509/pem.ts');
    const pem = await readFile((await pki()).leaf('selfSigned').certPath);
    const other = Buffer.from(readPem(pem, 'CERTIFICATE')[0]?.bytes ?? '').toString('base64');
    expect((await sign(`response.certificateChain[0] = '${other}';`)).message).toMatch(/does not verify/);
  });

  test.each([
    ['PKCS#1 v1.5 in the name of PSS', '{ key, padding: constants.RSA_PKCS1_PADDING }'],
    [
      'PSS with the longest salt',
      '{ key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_MAX_SIGN }',
    ],
  ])('%s', async (_name, how) => {
    const payload = `Buffer.from(request.payload, 'base64')`;
    const then = `response.signature = sign('sha256', ${payload}, ${how}).toString('base64');`;
    expect((await sign(then, { key: 'rsa2048' })).message).toMatch(/does not verify/);
  });

  test('a key of another kind than described, or of none that is known', async () => {
    const lie = `response.keySpec = 'EC-384';`;
    expect((await refused({ change: on('describe-key', lie) })).message).toMatch(
      /keySpec EC-384 \(VALIDATION_ERROR\)/,
    );
    const change = on('describe-key', `response.keySpec = 'RSA-1024';`);
    expect((await refused({ change })).message).toMatch(/of type RSA-1024, which is not supported/);
  });

  test('another certificate than at the start: a key was renewed meanwhile', async () => {
    const { readPem } = await import('../../src/signatures/x509/pem.ts');
    const { fullChainPath, keyPath } = (await pki()).leaf('selfSigned');
    const chain = readPem(await readFile(fullChainPath), 'CERTIFICATE').map(({ bytes }) =>
      Buffer.from(bytes).toString('base64'),
    );
    const renewed = join(libexec, 'renewed');
    const change = on(
      'generate-signature',
      `if (require('node:fs').existsSync('${renewed}')) {
        response.certificateChain = ${JSON.stringify(chain)};
        const key = createPrivateKey(readFileSync('${keyPath}'));
        response.signature = sign('sha256', Buffer.from(request.payload, 'base64'), { key, dsaEncoding: 'ieee-p1363' }).toString('base64');
      }`,
    );
    const plugin = await install({ change });
    const signer = await (await prepare(plugin.reference)).open();
    expect((await signer.sign(CONTENT, 'layer')).scheme).toBe('ecdsa-p1363');
    await writeFile(renewed, '');
    expect((await refusal(signer.sign(CONTENT, 'layer'))).message).toMatch(
      /a different certificate than at the start/,
    );
  });
});
