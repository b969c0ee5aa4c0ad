/** Fault 78: services, plugins, files and command lines full of orders, and the errors that repeat them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LayoutStore } from '../../src/oci/attach/layout-store.ts';
import { buildEnvelope } from '../../src/signatures/notary/envelope/build.ts';
import { startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { HostileServer } from '../helpers/hostile-server.ts';
import { everything } from '../helpers/hostile-text.ts';
import { ImageWriter, OCI } from '../helpers/image-writer.ts';
import { CA, CertificateMaker, SIGNER } from '../helpers/made-certificates.ts';
import { madeIdentity } from '../helpers/made-identity.ts';
import { attachEnvelope, type NotaryIdentity, Notation, requestFor } from '../helpers/notary.ts';
import { installPlugin } from '../helpers/notation-plugin.ts';
import { expectInert, observeAction, observeCli } from '../helpers/observed-run.ts';
import { type LeafFiles, pki } from '../helpers/pki.ts';
import { policy, STATEMENT } from '../helpers/policy-cases.ts';
import { rawTar } from '../helpers/raw-tar.ts';
import { startRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';

const folder = testFolder();
const evil = (source: string): string => `from-${source} ${everything('\n')}`;
let server: HostileServer;
let writer: ImageWriter;
let image: string;
let leaf: LeafFiles;

beforeAll(async () => {
  server = await HostileServer.start();
  leaf = (await pki()).leaf('p256');
  writer = await ImageWriter.create();
  const layer = { bytes: rawTar({ name: 'a' }), mediaType: OCI.layer };
  await writer.add(await writer.image({ layers: [layer] }), 'plain');
  image = `oci:${writer.directory}:plain`;
});
afterAll(async () => {
  await writer.remove();
  await server.stop();
});

const keyed = () => ['--key', leaf.keyPath, '--certificate', leaf.fullChainPath, '--builder', 'native'];

/** Runs the command in the CLI and, with the same inputs, in the Action; both fail and show the words. */
async function bothFail(
  command: 'sign' | 'verify',
  inputs: Record<string, string>,
  reaches: readonly string[],
  env: Record<string, string> = {},
): Promise<void> {
  const { image: named = '', ...options } = inputs;
  const flags = Object.entries(options).flatMap(([name, value]) =>
    value === 'true' && name === 'plain-http' ? [`--${name}`] : [`--${name}`, value],
  );
  const byCli = await observeCli(folder, [command, named, '--builder', 'native', ...flags], env);
  expectInert(byCli, reaches);
  expect(byCli.status).not.toBe(0);
  const surface = command === 'sign' ? 'action' : 'verify-action';
  const byAction = await observeAction(folder, surface, inputs, env);
  expectInert(byAction, reaches);
  expect(byAction.status).not.toBe(0);
}

describe('fault 78: the command line', () => {
  test.each<[string, () => string[], string]>([
    ['an unknown command', () => [evil('command')], 'from-command'],
    ['an unknown option', () => ['sign', 'x', `--${evil('option')}`], 'from-option'],
    ['a reference', () => ['sign', evil('reference'), ...keyed()], 'from-reference'],
    ['a layout', () => ['inspect', `oci:${evil('layout')}`], 'from-layout'],
    ['a tag', () => ['inspect', `oci:${writer.directory}:${evil('tag')}`], 'from-tag'],
    ['a file', () => ['root-hash', `./${evil('file')}`, '--builder', 'native'], 'from-file'],
    ['a key', () => ['sign', image, '--key', 'awskms', '--certificate', evil('certificate')], ''],
    ['a profile', () => ['root-hash', image, '--profile', evil('profile')], 'from-profile'],
    ['a platform', () => ['root-hash', image, '--platform', evil('platform')], 'from-platform'],
    ['mkfs options', () => ['root-hash', image, '--mkfs-options', evil('mkfs')], 'from-mkfs'],
    ['a number', () => ['root-hash', image, '--concurrency', evil('number')], 'from-number'],
    ['an identity', () => ['verify', image, '--signer-identity', evil('identity')], ''],
    [
      'a time',
      () => ['verify', image, '--trusted-certificate', leaf.caPath, '--at', evil('time')],
      'from-time',
    ],
    [
      'a report',
      () => ['root-hash', image, '--temp-dir', evil('folder'), '--builder', 'native'],
      'from-folder',
    ],
  ])('%s', async (_what, args, reaches) => {
    const run = await observeCli(folder, args());
    expectInert(run, [reaches]);
    expect(run.status).not.toBe(0);
  });

  test('a variable', async () => {
    const run = await observeCli(folder, ['root-hash', image], { SOURCE_DATE_EPOCH: evil('epoch') });
    expectInert(run, ['from-epoch']);
    expect(run.status).toBe(2);
  });
});

describe('fault 78: files', () => {
  test('names of layouts, layer blobs and certificates', async () => {
    const name = evil('name').replaceAll('/', '|').slice(0, 200);
    const own = join(folder, 'odd', name);
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, 'layer.tar'), 'no tar');
    const bad = await observeCli(folder, ['root-hash', join(own, 'layer.tar'), '--builder', 'native']);
    expectInert(bad, ['from-name']);
    await bothFail('verify', { image, 'trusted-certificate': join(own, 'none.pem') }, ['from-name']);
  });

  test('entries of an archive', async () => {
    const archive = join(folder, 'evil.tar');
    writeFileSync(archive, rawTar({ name: '../evil ##vso[x.y]::\u001b[2J' }, { name: 'index.json' }));
    const run = await observeCli(folder, ['inspect', `oci-archive:${archive}`]);
    expectInert(run, ['evil']);
    expect(run.status).not.toBe(0);
  });

  test.each([
    [
      'a layer of an unknown type',
      { layers: [{ bytes: Buffer.from('x'), mediaType: evil('type') }] },
      'from-type',
    ],
    ['a manifest of an unknown type', { manifest: { mediaType: evil('manifest') } }, ''],
  ])('%s', async (what, content, reaches) => {
    const tag = what.replaceAll(' ', '-');
    await writer.add(await writer.image(content), tag);
    await bothFail('sign', { image: `oci:${writer.directory}:${tag}`, ...keyInputs() }, [reaches]);
  });

  test('statements of a trust policy, metadata of the signature, and its agent', async () => {
    const subject = await writer.add(await writer.image({ layers: ['noted'] }), 'noted');
    const maker = new CertificateMaker(folder);
    await maker.make({ name: 'noted-ca', extensions: CA });
    const ocsp = `authorityInfoAccess=OCSP;URI:http://${server.host}/ocsp`;
    await maker.make({ name: 'noted', issuer: 'noted-ca', extensions: [...SIGNER, ocsp] });
    const who = await madeIdentity(maker, 'noted');
    const request = requestFor(who as NotaryIdentity, subject, {
      agent: evil('agent'),
      target: { ...subject, annotations: { [evil('metadata-key')]: evil('metadata') } },
    });
    const bytes = await buildEnvelope('cose', request, who.sign);
    const store = new LayoutStore(writer.directory);
    await attachEnvelope(store, subject, 'cose', { bytes, chain: who.chain }, folder);
    const noted = `oci:${writer.directory}:noted`;

    const inspected = await observeCli(folder, ['inspect', noted]);
    expectInert(inspected, ['from-agent', 'from-metadata', 'from-metadata-key']);
    await new Notation(join(folder, 'home')).configure({ 'ca:test': [maker.path('noted-ca')] });
    const path = join(folder, 'home/notation/trustpolicy.json');
    const statement = { ...STATEMENT, name: evil('statement'), registryScopes: ['local/app'] };
    writeFileSync(path, JSON.stringify(policy(statement)));
    server.answer = { status: 500, body: evil('ocsp'), reason: '##vso[x.y]evil' };
    const inputs = { image: noted, 'trust-policy': path, 'trust-policy-scope': 'local/app', layers: 'none' };
    const home = { XDG_CONFIG_HOME: join(folder, 'home') };
    await bothFail(
      'verify',
      { ...inputs, 'manifest-signature': 'required' },
      ['from-statement', 'revocation server'],
      home,
    );
    await bothFail(
      'verify',
      { image: noted, 'trusted-certificate': maker.path('noted-ca'), layers: 'required' },
      ['from-metadata'],
    );
  });
});

const keyInputs = () => ({ key: leaf.keyPath, certificate: leaf.fullChainPath });

describe('fault 78: services', () => {
  /** On one line: the first line of oras is shown. */
  const errors = () => {
    const [code, message] = ['code', 'message'].map((name) => evil(name).replaceAll(/[\r\n]/g, ' '));
    return JSON.stringify({ errors: [{ code, message, detail: evil('detail') }] });
  };

  test.each([401, 404, 500])('a registry that answers %i', async (status) => {
    server.answer = { status, body: errors() };
    await bothFail('sign', { image: `${server.host}/app:1`, 'plain-http': 'true', ...keyInputs() }, []);
  });

  test('a registry that denies referrers and uploads, with its reason', async () => {
    const registry = await startRegistry('referrers-api');
    const proxy = await startFaultyProxy(registry.host, ({ method, path }) =>
      method === 'POST' || path.includes('/referrers/') ? { status: 403, body: errors() } : undefined,
    );
    try {
      await writer.copyTo('plain', `${registry.host}/app:1`);
      const inputs = { image: `${proxy.host}/app:1`, 'plain-http': 'true' };
      await bothFail('sign', { ...inputs, ...keyInputs() }, ['from-code']);
      await bothFail('verify', { ...inputs, 'trusted-certificate': leaf.caPath }, ['from-code']);
    } finally {
      await proxy.stop();
      await registry.stop();
    }
  });

  test('a registry whose manifest is none', async () => {
    server.answer = { status: 200, body: evil('manifest'), type: evil('type').replaceAll(/[^ -~]/g, ' ') };
    await bothFail('sign', { image: `${server.host}/app:1`, 'plain-http': 'true', ...keyInputs() }, []);
  });

  test('Vault', async () => {
    server.answer = { status: 400, body: JSON.stringify({ errors: [evil('vault')] }) };
    const env = { VAULT_ADDR: `http://${server.host}`, VAULT_TOKEN: 'token' };
    const inputs = { image, key: 'hashivault://key', certificate: leaf.fullChainPath };
    await bothFail('sign', inputs, ['from-vault'], env);
  });

  test('a timestamp authority', async () => {
    server.answer = {
      status: 500,
      body: evil('tsa'),
      type: 'text/plain',
      reason: '##vso[x.y]evil ##[error]',
    };
    const inputs = { image, ...keyInputs(), layers: 'none', 'manifest-signature': 'jws' };
    const timestamp = { 'timestamp-url': `http://${server.host}/`, 'timestamp-certificate': leaf.caPath };
    await bothFail('sign', { ...inputs, ...timestamp }, []);
  });

  test.each(['get-plugin-metadata', 'describe-key', 'generate-signature'])(
    'a plugin at %s',
    async (command) => {
      const text = JSON.stringify(evil('plugin'));
      const plugin = await installPlugin(join(folder, command), {
        key: 'p256',
        first: `if (command === '${command}') fail(${text}, ${text}, { [${text}]: ${text} });`,
      });
      const inputs = { image, key: plugin.reference, certificate: leaf.fullChainPath };
      const env = { NOTATION_LIBEXEC: join(folder, command) };
      await bothFail(
        'sign',
        { ...inputs, layers: 'none', 'manifest-signature': 'jws' },
        ['from-plugin'],
        env,
      );
    },
  );

  test('a plugin whose answer is text of its own', async () => {
    const text = JSON.stringify(evil('answer'));
    const plugin = await installPlugin(join(folder, 'answering'), {
      key: 'p256',
      change: `process.stderr.write(${text}); if (command === 'describe-key') response.keySpec = ${text};`,
    });
    const inputs = { image, key: plugin.reference, certificate: leaf.fullChainPath };
    const env = { NOTATION_LIBEXEC: join(folder, 'answering') };
    await bothFail('sign', { ...inputs, layers: 'none', 'manifest-signature': 'jws' }, ['from-answer'], env);
  });

  test('a mirror of oras, whose answers the toolkit logs', async () => {
    server.answer = {
      status: 404,
      body: evil('mirror'),
      reason: '##[add-mask]evil ##vso[x.y] ::error::evil',
    };
    const inputs = {
      ...{ image: `${server.host}/app:1`, ...keyInputs(), install: 'true', 'oras-path': '' },
      ...{ 'oras-version': '1.3.3', 'oras-download-url': `http://${server.host}/oras` },
    };
    // The one on PATH would do.
    const run = await observeAction(
      folder,
      'action',
      { ...inputs, 'oras-sha256': 'a'.repeat(64) },
      { PATH: '/usr/bin' },
    );
    expectInert(run, ['evil']);
    expect(run.status).toBe(1);
  });
});
