import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import { type CliResult, cli } from '../helpers/cli.ts';
import { openssl, pki } from '../helpers/pki.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder();
let registry: TestRegistry;

/** A program in the folder `tools` that first checks that the file after `--ca-file` is there. */
function wrapper(name: string): string {
  const path = join(folder, 'tools', name);
  const script = `#!/bin/sh
# Strict stand-in of ${name} for one test.
previous=
for word; do
  if [ "$previous" = --ca-file ] && ! [ -f "$word" ]; then echo "Error: no file $word" >&2; exit 1; fi
  previous=$word
done
exec '${toolPath(name)}' "$@"
`;
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  return `tools/${name}`;
}

beforeAll(async () => {
  for (const name of ['tools', 'keys', 'temp']) mkdirSync(join(folder, name));
  const { keyPath, fullChainPath, caPath } = (await pki()).leaf('p256');
  copyFileSync(fullChainPath, join(folder, 'keys/chain.pem'));
  copyFileSync(caPath, join(folder, 'keys/root.pem'));
  writeFileSync(join(folder, 'keys/passphrase'), 'open sesame\n');
  const encrypt = ['pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-passout', 'pass:open sesame'];
  await openssl([...encrypt, '-in', keyPath, '-out', join(folder, 'keys/key.pem')], folder);
  const skip = { name: 'all', registryScopes: ['*'], signatureVerification: { level: 'skip' } };
  const policy = { version: '1.0', trustPolicies: [skip] };
  writeFileSync(join(folder, 'keys/policy.json'), JSON.stringify(policy));
  wrapper('oras');
  wrapper('mkfs.erofs');
  registry = await startRegistry('referrers-api');
});
afterAll(() => registry.stop());

/** The image as a layout and an archive in the folder, and in a repository of its own. */
async function image(name: string): Promise<string> {
  await writeVectorImage(join(folder, name), ['simple-gzip', 'dirs-zstd']);
  await run(['tar', '-cf', join(folder, `${name}.tar`), '-C', join(folder, name), '.'], {
    env: toolEnvironment(),
  });
  const target = `${registry.host}/${name}:1`;
  const copy = ['cp', '--from-oci-layout', `${join(folder, name)}:vectors`, '--to-plain-http', target];
  await run([toolPath('oras'), ...copy], { env: toolEnvironment({ HOME: folder }) });
  return target;
}

const KEY = [
  '--key',
  'keys/key.pem',
  '--key-passphrase',
  'keys/passphrase',
  '--certificate',
  'keys/chain.pem',
];
const TOOLS = ['--temp-dir', 'temp', '--builder', 'mkfs', '--mkfs-path', 'tools/mkfs.erofs'];
const REGISTRY = ['--plain-http', '--oras-path', 'tools/oras', '--ca-file', 'keys/root.pem'];

async function inFolder(args: string[]): Promise<CliResult> {
  const result = await cli(args, { cwd: folder });
  expect(readdirSync(join(folder, 'temp'))).toEqual([]);
  return result;
}

async function works(args: string[]): Promise<void> {
  const { status, stderr } = await inFolder(args);
  expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
}

describe('fault 87: relative paths', () => {
  test('of everything that signs and verifies an image in a registry', async () => {
    const name = await image('in-registry');
    await works(['sign', name, ...KEY, ...TOOLS, ...REGISTRY, '--report', 'sign.json']);
    expect(JSON.parse(readFileSync(join(folder, 'sign.json'), 'utf8'))).toHaveLength(1);
    const trust = ['--trusted-certificate', 'keys/root.pem'];
    await works(['verify', name, ...trust, ...TOOLS, ...REGISTRY, '--report', 'reports/verify.json']);
    expect(existsSync(join(folder, 'reports/verify.json'))).toBe(true);
    await works(['inspect', name, '--temp-dir', 'temp', ...REGISTRY]);
  });

  test.each([
    ['a layout', 'oci:layout'],
    ['an archive', 'oci-archive:layout.tar'],
  ])('of %s that is signed and pushed', async (_what, name) => {
    await image('layout');
    const target = `${registry.host}/pushed:${name.length}`;
    await works(['sign', name, ...KEY, ...TOOLS, ...REGISTRY, '--push-to', target]);
    await works(['verify', target, '--trusted-certificate', 'keys/root.pem', ...TOOLS, ...REGISTRY]);
  });

  test.each([
    ['DOCKER_CONFIG', 'login', 'login/config.json'],
    ['REGISTRY_AUTH_FILE', 'login/auth.json', 'login/auth.json'],
  ])('of the credentials that %s names', async (name, value, file) => {
    const auth = { user: 'ci', password: 'open-sesame-1' };
    const locked = await startRegistry('fallback-tag', { htpasswd: auth });
    try {
      await image('locked');
      const target = `${locked.host}/locked:1`;
      const encoded = Buffer.from(`${auth.user}:${auth.password}`).toString('base64');
      mkdirSync(join(folder, 'login'), { recursive: true });
      writeFileSync(join(folder, file), JSON.stringify({ auths: { [locked.host]: { auth: encoded } } }));
      const env = { [name]: value, HOME: join(folder, 'temp') };
      const push = await cli(['sign', 'oci:locked', ...KEY, ...TOOLS, ...REGISTRY, '--push-to', target], {
        cwd: folder,
        env,
      });
      expect([push.status, push.status === 0 ? '' : push.stderr]).toEqual([0, '']);
      const trust = ['--trusted-certificate', 'keys/root.pem'];
      const verified = await cli(['verify', target, ...trust, ...TOOLS, ...REGISTRY], { cwd: folder, env });
      expect([verified.status, verified.status === 0 ? '' : verified.stderr]).toEqual([0, '']);
    } finally {
      await locked.stop();
    }
  });

  test('of a trust policy, a timestamp certificate and a layer', async () => {
    await image('others');
    const scope = ['--trust-policy-scope', 'local/others'];
    await works(['verify', 'oci:others', '--trust-policy', 'keys/policy.json', ...scope, ...TOOLS]);
    const timestamp = ['--timestamp-url', 'http://127.0.0.1:1', '--timestamp-certificate', 'keys/root.pem'];
    const dry = ['sign', 'oci:others', '--dry-run', '--manifest-signature', 'jws', ...TOOLS];
    await works([...dry, '--certificate', 'keys/chain.pem', ...timestamp]);
    const missing = await inFolder([...dry, ...timestamp.with(-1, 'keys/none.pem')]);
    expect(missing.status).toBe(2);
    const [blob = ''] = readdirSync(join(folder, 'others/blobs/sha256'));
    await inFolder(['root-hash', `others/blobs/sha256/${blob}`, ...TOOLS]);
  });
});
