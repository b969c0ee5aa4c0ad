/** Signed IPE policies of signed images: files, a registry, and what is refused. openssl judges the signature. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import type { IpePolicyCheck, IpePolicyReport } from '../../src/report/node/ipe-policy-report.ts';
import { inputVariables } from '../helpers/action-files.ts';
import { cli, cliOk } from '../helpers/cli.ts';
import { openssl, type Pki, pki } from '../helpers/pki.ts';
import { programPath } from '../helpers/programs.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { parseReport } from '../helpers/report-schema.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { vectors, writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder();
const layout = `oci:${join(folder, 'app')}:vectors`;
const other = `oci:${join(folder, 'db')}:vectors`;
const unsigned = `oci:${join(folder, 'unsigned')}:vectors`;
let keys: Pki;
let registry: TestRegistry;

beforeAll(async () => {
  keys = await pki();
  registry = await startRegistry('referrers-api');
  await writeVectorImage(join(folder, 'app'), ['simple-gzip', 'dirs-tar', 'simple-gzip']);
  await writeVectorImage(join(folder, 'db'), ['dirs-tar', 'links-gzip']);
  await writeVectorImage(join(folder, 'unsigned'), ['modes-gzip']);
  await cliOk(['sign', layout, other, ...signer('rsa2048'), '--profile', 'containerd,containerd-tar-index']);
});

afterAll(() => registry.stop());

const signer = (name: string): string[] => {
  const { keyPath, chainPath } = keys.leaf(name);
  return ['--key', keyPath, '--certificate', chainPath];
};
const trust = (): string[] => ['--trusted-certificate', keys.leaf('rsa2048').caPath];

let folders = 0;
/** A folder that does not exist yet. */
function newFolder(): string {
  folders += 1;
  return join(folder, `policies-${folders}`);
}

async function oras(...args: string[]): Promise<string> {
  return (
    await run([toolPath('oras'), ...args], { env: toolEnvironment({ HOME: folder }) })
  ).stdout.toString();
}

const make = (images: string[], out: string, ...more: string[]) =>
  cli(['ipe-policy', ...images, '--name', 'app', '--out', out, ...trust(), ...signer('p256'), ...more]);

/** The report of a run that fails. */
type Failing = (images: string[], more: Readonly<Record<string, string>>) => Promise<object[]>;

const byCommand: Failing = async (images, more) => {
  const options = Object.entries(more).flatMap(([name, value]) => [`--${name}`, value]);
  const { stdout } = await make(images, newFolder(), ...options, '--output', 'json');
  return parseReport('ipe-policy', stdout) as object[];
};

const byAction: Failing = async (images, more) => {
  const report = join(folder, `report-${folders}.json`);
  const { keyPath: key, chainPath: certificate } = keys.leaf('p256');
  const given = { image: images.join('\n'), name: 'app', out: newFolder(), key, certificate, report };
  const trusted = { 'trusted-certificate': keys.leaf('rsa2048').caPath, install: 'false' };
  const inputs = inputVariables('ipe-policy-action', { ...given, ...trusted, ...more });
  const env = toolEnvironment({ HOME: folder, RUNNER_TEMP: folder, ...inputs });
  await expect(run([process.execPath, programPath('ipe-policy-action')], { env })).rejects.toThrow();
  return parseReport('ipe-policy', readFileSync(report, 'utf8')) as object[];
};

const rootHashOf = (name: string, profile: 'containerd' | 'containerd-tar-index' = 'containerd'): string =>
  vectors().find((vector) => vector.name === name)?.profiles[profile].rootHash ?? '';

const rule = (rootHash: string): string => `op=EXECUTE dmverity_roothash=sha256:${rootHash} action=ALLOW`;
const contentOf = (out: string, extension: string): Buffer => readFileSync(join(out, `app.${extension}`));

describe('a policy of signed images', () => {
  test('names the distinct root hashes of all layers, and is signed as openssl verifies', async () => {
    const out = newFolder();
    const { status, stdout, stderr } = await make([layout, other], out, '--policy-version', '1.2.3');
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const expected = [
      ...new Set(['simple-gzip', 'dirs-tar', 'links-gzip'].map((name) => rootHashOf(name))),
    ].sort();
    const text = contentOf(out, 'ipe').toString();
    expect(text).toBe(
      [
        'policy_name=app policy_version=1.2.3',
        'DEFAULT action=ALLOW',
        'DEFAULT op=EXECUTE action=DENY',
        'op=EXECUTE boot_verified=TRUE action=ALLOW',
        ...expected.map(rule),
        '',
      ].join('\n'),
    );
    expect(readdirSync(out).sort()).toEqual(['app.ipe', 'app.json', 'app.p7b']);
    expect(stderr).toContain("programs on the node's own disk do not run");
    expect(stdout).toContain(`root hashes  ${expected.length}`);

    const verified = [
      'smime',
      '-verify',
      '-binary',
      '-inform',
      'DER',
      '-purpose',
      'any',
      '-in',
      join(out, 'app.p7b'),
    ];
    const content = await openssl([...verified, '-CAfile', keys.leaf('p256').caPath], folder);
    expect(content.toString()).toBe(text);
  });

  test('the mapping names images and layers of each root hash, and is the report', async () => {
    const out = newFolder();
    const { status, stdout } = await make(
      [layout, other],
      out,
      '--output',
      'json',
      '--report',
      join(out, 'report.json'),
    );
    expect(status).toBe(0);
    const [report] = JSON.parse(stdout) as [IpePolicyReport];
    const mapping = JSON.parse(contentOf(out, 'json').toString()) as IpePolicyReport;
    parseReport('ipe-policy', JSON.stringify([mapping]));
    const { files, ...rest } = report;
    expect(rest).toEqual(mapping);
    expect(files).toEqual({
      policy: join(out, 'app.ipe'),
      mapping: join(out, 'app.json'),
      signed: join(out, 'app.p7b'),
    });
    expect(readFileSync(join(out, 'report.json'), 'utf8')).toBe(stdout);
    const shared = mapping.rootHashes.find(({ rootHash }) => rootHash === rootHashOf('dirs-tar'));
    expect(shared?.layers.map(({ image, index }) => [image.split('@')[0], index])).toEqual([
      [`oci:${join(folder, 'app')}`, 1],
      [`oci:${join(folder, 'db')}`, 0],
    ]);
    expect(shared?.layers[0]).toMatchObject({ profile: 'containerd', class: 'C', platform: 'linux/amd64' });
    const twice = mapping.rootHashes.find(({ rootHash }) => rootHash === rootHashOf('simple-gzip'));
    expect(twice?.layers.map(({ index }) => index)).toEqual([0, 2]);
    // The time of the run, UTC.
    const [year, day] = mapping.policy.version.split('.').map(Number);
    expect(year).toBeGreaterThanOrEqual(2026);
    expect(day).toBeGreaterThan(100);
  });

  test('has the root hashes of every profile that is asked for', async () => {
    const out = newFolder();
    const { status } = await make([layout], out, '--profile', 'containerd,containerd-tar-index');
    expect(status).toBe(0);
    const text = contentOf(out, 'ipe').toString();
    for (const profile of ['containerd', 'containerd-tar-index'] as const) {
      expect(text).toContain(rule(rootHashOf('simple-gzip', profile)));
    }
  });

  test("has the node's own rules first", async () => {
    const base = join(folder, 'node.ipe');
    const own = rule('9'.repeat(64));
    writeFileSync(base, `policy_name=app policy_version=0.0.0 # node\nDEFAULT action=DENY\n${own}\n`);
    const out = newFolder();
    const { status, stderr } = await make([layout], out, '--base', base);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(stderr).not.toContain('do not run');
    expect(contentOf(out, 'ipe').toString()).toMatch(
      new RegExp(`^policy_name=app policy_version=[0-9.]+\nDEFAULT action=DENY\n${own}\n`),
    );
  });

  test('replaces the files of the same policy, and warns of a version that is not newer', async () => {
    const out = newFolder();
    expect((await make([layout], out, '--policy-version', '2.0.0')).status).toBe(0);
    const first = contentOf(out, 'p7b');
    const { status, stderr } = await make([other], out, '--policy-version', '1.9.9');
    expect(status).toBe(0);
    expect(stderr).toContain('version 1.9.9, which is not newer than 2.0.0');
    expect(contentOf(out, 'p7b')).not.toEqual(first);
    expect((await make([layout], out, '--policy-version', '2.0.1')).stderr).not.toContain('newer');
  });
});

describe('what makes no policy, and leaves no file', () => {
  test.each([
    ['an unsigned image', 10, () => [layout, unsigned], [], /the image is not verified/],
    [
      'an untrusted signer',
      12,
      () => [layout],
      ['--signer-identity', 'CN=other'],
      /the image is not verified/,
    ],
    [
      'a missing base',
      2,
      () => [layout],
      ['--base', '/nonexistent'],
      /base: \/nonexistent cannot be read \(ENOENT\)/,
    ],
    [
      'a foreign name',
      2,
      () => [layout],
      ['--name', 'App'],
      /option --name: "App" is not a name of a policy/,
    ],
    ['a version of 17 bits', 2, () => [layout], ['--policy-version', '1.65536.0'], /more than 65535/],
    ['no layers', 2, () => [layout], ['--layers', 'none'], /--layers none leaves no root hashes/],
    ['a path as a tag', 2, () => [layout], ['--push-to', 'oci:dir'], /push-to: oci:dir is not a tag/],
  ])('%s', async (_what, expected, images, more, message) => {
    const out = newFolder();
    const { status, stderr } = await make(images(), out, ...more);
    expect({ status, stderr }).toMatchObject({ status: expected });
    expect(stderr).toMatch(message);
    expect(existsSync(out) ? readdirSync(out) : []).toEqual([]);
  });

  describe.each([
    ['the command', byCommand],
    ['the Action', byAction],
  ])('%s reports the image that an error is about', (_surface, failed) => {
    test('the second', async () => {
      expect(await failed([layout, unsigned], {})).toMatchObject([
        { image: { reference: unsigned }, error: { code: 'not-signed' } },
      ]);
    });

    test('none, if it is about the base', async () => {
      const [only, ...more] = await failed([layout, other], { base: join(folder, 'no-such-base') });
      expect(only).toMatchObject({ error: { code: 'usage' } });
      expect(only).not.toHaveProperty('image');
      expect(more).toEqual([]);
    });
  });

  test('a key whose certificate no kernel takes', async () => {
    const out = newFolder();
    const args = ['ipe-policy', layout, '--name', 'app', '--out', out, ...trust(), ...signer('ed25519')];
    const { status, stderr } = await cli(args);
    expect({ status, stderr }).toMatchObject({ status: 5 });
    expect(existsSync(join(out, 'app.p7b'))).toBe(false);
  });

  test('more root hashes than a kernel reads', async () => {
    const many = Array.from({ length: 600 }, (_, index) => rule(index.toString(16).padStart(64, '0')));
    const base = join(folder, 'many.ipe');
    writeFileSync(
      base,
      ['policy_name=app policy_version=0.0.0', 'DEFAULT action=DENY', ...many, ''].join('\n'),
    );
    const out = newFolder();
    const { status, stderr } = await make([layout], out, '--base', base);
    expect({ status, stderr }).toMatchObject({ status: 2 });
    expect(stderr).toMatch(/the policy has \d+ bytes, and a kernel loads at most 65535 with the signature/);
    expect(existsSync(out)).toBe(false);
  });

  test.each(['ipe', 'p7b', 'json'])('a file of something else at app.%s', async (extension) => {
    const out = newFolder();
    mkdirSync(out);
    writeFileSync(
      join(out, `app.${extension}`),
      'policy_name=web policy_version=1.0.0\nDEFAULT action=DENY\n',
    );
    const { status, stderr } = await make([layout], out);
    expect({ status, stderr }).toMatchObject({ status: 2 });
    expect(stderr).toContain(`app.${extension} exists and is not of this policy`);
    expect(readdirSync(out)).toEqual([`app.${extension}`]);
  });

  test('a folder that cannot be written', async () => {
    const out = join(folder, 'file');
    writeFileSync(out, '');
    const { status, stderr } = await make([layout], out);
    expect({ status, stderr }).toMatchObject({ status: 4 });
    expect(stderr).toMatch(/out: .* cannot be written/);
  });
});

describe('check', () => {
  const checked = (file: string, images: string[], ...more: string[]) =>
    cli(['ipe-policy', ...images, '--check', file, ...trust(), ...more]);
  let out: string;

  beforeAll(async () => {
    out = newFolder();
    expect((await make([layout], out, '--policy-version', '1.0.0')).status).toBe(0);
  });

  test.each(['ipe', 'p7b'])('app.%s allows all layers of its image', async (extension) => {
    const { status, stdout } = await checked(join(out, `app.${extension}`), [layout], '--json');
    expect(status).toBe(0);
    const [report] = JSON.parse(stdout) as [IpePolicyCheck];
    expect(report).toMatchObject({
      checked: { name: 'app', version: '1.0.0' },
      defaults: { EXECUTE: 'DENY', KMODULE: 'ALLOW' },
      rules: ['op=EXECUTE boot_verified=TRUE action=ALLOW'],
      allowedRootHashes: 2,
      lacking: 0,
    });
    expect(report.signer?.subject).toBe(extension === 'p7b' ? 'CN=p256,O=Layer signing test' : undefined);
  });

  test('names the layers of another image that it lacks: exit status 14', async () => {
    const { status, stdout, stderr } = await checked(join(out, 'app.p7b'), [other]);
    expect(status).toBe(14);
    expect(stdout).toMatch(new RegExp(`${rootHashOf('links-gzip')} +DENIED +layer 1 of linux/amd64`));
    expect(stdout).toMatch(new RegExp(`${rootHashOf('dirs-tar')} +allowed +layer 0 of linux/amd64`));
    expect(stderr).toContain('does not allow 1 of 2 root hashes of the images. Make a new policy');
  });

  test('a policy that trusts signatures only does not cover a node with containerd', async () => {
    const file = join(folder, 'signed-only.ipe');
    writeFileSync(
      file,
      'policy_name=x policy_version=0.0.1\nDEFAULT action=DENY\nop=EXECUTE dmverity_signature=TRUE action=ALLOW\n',
    );
    const { status, stdout, stderr } = await checked(file, [other], '--json');
    expect(status).toBe(14);
    const [report] = JSON.parse(stdout) as [IpePolicyCheck];
    expect(report.rootHashes.map(({ verdict, line }) => [verdict, line])).toEqual([
      ['signed-only', 3],
      ['signed-only', 3],
    ]);
    expect(report.error).toMatchObject({ code: 'not-enforced' });
    expect(stderr).toContain(
      '2 of them are allowed on devices with a signature, which containerd does not give',
    );
  });

  test.each([
    ['its default', 'DEFAULT action=ALLOW\n'],
    [
      'line 3, op=EXECUTE dmverity_signature=FALSE action=ALLOW',
      'DEFAULT action=DENY\nop=EXECUTE dmverity_signature=FALSE action=ALLOW\n',
    ],
  ])('says that a policy allows everything by %s', async (by, rules) => {
    const file = join(folder, 'open.ipe');
    writeFileSync(file, `policy_name=x policy_version=0.0.1\n${rules}`);
    const { status, stderr } = await checked(file, [layout]);
    expect(status).toBe(0);
    expect(stderr).toContain(
      `${file} lets programs of every layer run, also of unsigned ones, by ${by}: it enforces nothing`,
    );
  });

  test('a policy that a kernel refuses: exit status 14', async () => {
    const damaged = join(folder, 'damaged.p7b');
    const bytes = contentOf(out, 'p7b');
    bytes.write('ALLOW', bytes.indexOf('DENY ') === -1 ? bytes.indexOf('DENY') : 0);
    writeFileSync(damaged, bytes);
    const { status, stderr } = await checked(damaged, [layout]);
    expect({ status, stderr }).toMatchObject({ status: 14 });
    expect(stderr).toContain('it has a signature that is not one over its content');
  });

  test('makes nothing: options of a new policy are refused', async () => {
    const { status, stderr } = await checked(join(out, 'app.p7b'), [layout], '--name', 'app');
    expect(status).toBe(2);
    expect(stderr).toContain('option --name has no effect with option --check');
  });
});

test('a registry gets the files as an artifact without subject, under each tag', async () => {
  const out = newFolder();
  const tags = ['fleet', '1.0.0'].map((tag) => `${registry.host}/policies/app:${tag}`);
  const { status, stdout, stderr } = await make(
    [layout],
    out,
    ...['--push-to', tags.join(','), '--plain-http', '--output', 'json'],
  );
  expect({ status, stderr }).toMatchObject({ status: 0 });
  const [report] = JSON.parse(stdout) as [IpePolicyReport];
  expect(report.pushedTo?.map(({ reference }) => reference)).toEqual(tags);
  const [first, second] = report.pushedTo ?? [];
  expect(first?.digest).toBe(second?.digest);
  const manifest = JSON.parse(await oras('manifest', 'fetch', '--plain-http', tags[1] ?? ''));
  expect(manifest).toMatchObject({
    artifactType: 'application/vnd.verity-sign.ipe-policy.v1+p7b',
    config: { mediaType: 'application/vnd.oci.empty.v1+json' },
  });
  expect(manifest).not.toHaveProperty('subject');
  const pulled = join(folder, 'pulled');
  await oras('pull', '--plain-http', '--output', pulled, tags[0] ?? '');
  expect(readdirSync(pulled).sort()).toEqual(['app.ipe', 'app.json', 'app.p7b']);
  for (const name of readdirSync(pulled)) {
    expect(readFileSync(join(pulled, name))).toEqual(readFileSync(join(out, name)));
  }
});

test('a registry that cannot be reached leaves files, a report and an error', async () => {
  const out = newFolder();
  const target = ['--push-to', '127.0.0.1:1/policies:app', '--plain-http', '--output', 'json'];
  const { status, stdout } = await make([layout], out, ...target);
  expect(status).toBe(6);
  const [report] = JSON.parse(stdout) as [IpePolicyReport];
  expect(report.error).toMatchObject({ code: 'registry' });
  expect(report.files?.signed).toBe(join(out, 'app.p7b'));
  expect(existsSync(join(out, 'app.p7b'))).toBe(true);
});
