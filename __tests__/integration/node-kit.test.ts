import {
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parse as parseToml } from 'smol-toml';
import { ownMark } from '../../src/lib/leftovers/process-mark.ts';
import { run } from '../../src/lib/process/run.ts';
import type { DoctorReport } from '../../src/report/node/doctor-report.ts';
import type { NodeKitReport } from '../../src/report/node/node-kit-report.ts';
import type { SignReport } from '../../src/report/report.ts';
import { type CliResult, cli, cliOk } from '../helpers/cli.ts';
import { cacheEntries, filesIn } from '../helpers/layer-cache.ts';
import { goodNode, writeNode } from '../helpers/node-root.ts';
import { openssl, type Pki, pki } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder();
const layout = join(folder, 'layout');
const kit = join(folder, 'kit');
const base = baseOf('app');
let keys: Pki;
let signed: SignReport;

beforeAll(async () => {
  await writeVectorImage(layout, ['simple-gzip', 'xattrs-gzip']);
  keys = await pki();
  const { keyPath, chainPath } = keys.leaf('p256');
  const profiles = 'containerd,containerd-cache,containerd-tar-index';
  const { stdout } = await cliOk([
    ...['sign', `oci:${layout}`, '--key', keyPath, '--certificate', chainPath],
    ...['--profile', profiles, '--output', 'json'],
  ]);
  [signed] = JSON.parse(stdout) as [SignReport];
});

beforeEach(() => rmSync(kit, { recursive: true, force: true }));

/** The path of a new base for a policy. */
function baseOf(name: string): string {
  const file = join(folder, `${name}.ipe`);
  writeFileSync(
    file,
    `policy_name=${name} policy_version=0.0.0\nDEFAULT action=ALLOW\nDEFAULT op=EXECUTE action=DENY\nop=EXECUTE boot_verified=TRUE action=ALLOW\n`,
  );
  return file;
}

function nodeKit(...more: string[]): Promise<CliResult> {
  return cli(nodeKitWords(...more));
}

function nodeKitWords(...more: string[]): string[] {
  const { keyPath, chainPath } = keys.leaf('rsa2048');
  const policy = ['--name', 'app', '--base', base, '--key', keyPath, '--certificate', chainPath];
  const trust = ['--trusted-certificate', keys.leaf('p256').caPath];
  return ['node-kit', `oci:${layout}`, kit, ...policy, ...trust, ...more];
}

/** The root hash that a .dmverity file of a cache has. */
function hashIn(file: string): string {
  return (JSON.parse(readFileSync(file, 'utf8')) as { roothash: string }).roothash;
}

const inKit = (path: string): string => readFileSync(join(kit, path), 'utf8');

test('a kit: all that the report lists and nothing else', async () => {
  const { status, stdout } = await nodeKit('--output', 'json');
  expect(status).toBe(0);
  const [report] = JSON.parse(stdout) as [NodeKitReport];
  const written = readdirSync(kit, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(kit.length + 1))
    .sort();
  expect(report.files).toEqual(written);
  expect(written).toEqual(expect.arrayContaining(['README.md', 'containerd/config.toml', 'policy/app.p7b']));
  expect(report.certificates.map(({ vouchesFor }) => vouchesFor)).toEqual(['layers', 'the policy']);
  const readme = inKit('README.md');
  for (const heading of ['## 1.', '## 2.', '## 3.', '## 4.', '## 5.', '## Kata'])
    expect(readme).toContain(heading);
  expect(readme.match(/\*\*Expect\*\*/g)).toHaveLength(6);
  for (const { path } of report.certificates) expect(readme).toContain(path);
  expect(inKit('kernel-arguments.txt')).toMatch(/ipe.*dm_verity\.require_signatures=0/);
});

test('openssl verifies the policy, and each certificate of the kit vouches for what it says', async () => {
  const { stdout } = await nodeKit('--output', 'json');
  const [{ certificates }] = JSON.parse(stdout) as [NodeKitReport];
  const pemOf = async (vouchesFor: string): Promise<string> => {
    const path = certificates.find((one) => one.vouchesFor === vouchesFor)?.path ?? '';
    const pem = join(folder, 'anchor.pem');
    await openssl(['x509', '-inform', 'DER', '-in', join(kit, path), '-out', pem], folder);
    return pem;
  };
  const verified = await openssl(
    [
      ...['smime', '-verify', '-inform', 'DER', '-in', join(kit, 'policy/app.p7b'), '-purpose', 'any'],
      ...['-partial_chain', '-CAfile', await pemOf('the policy')],
    ],
    folder,
  );
  expect(verified.toString()).toBe(inKit('policy/app.ipe'));
  const anchor = await pemOf('layers');
  const { chainPath } = keys.leaf('p256');
  const checked = await openssl(['verify', '-partial_chain', '-trusted', anchor, chainPath], folder);
  expect(checked.toString()).toMatch(/: OK/);
});

test("Kata's root hashes are those of the signatures", async () => {
  await nodeKit();
  const kata = JSON.parse(inKit('kata/root-hashes.json')) as {
    rootHash: string;
    layers: { index: number }[];
  }[];
  const own = signed.artifacts.find(({ profile }) => profile === 'containerd')?.layers ?? [];
  expect(kata.map(({ rootHash }) => rootHash).sort()).toEqual(own.map(({ rootHash }) => rootHash).sort());
});

describe.each(['containerd', 'containerd-cache', 'containerd-tar-index'])('profile %s', (profile) => {
  test('doctor finds nothing wrong in the settings and the policy of the kit', async () => {
    expect((await nodeKit('--profile', profile)).status).toBe(0);
    const node = join(folder, `node-${profile}`);
    writeNode(node, {
      ...goodNode([], '00'.repeat(20)),
      '/etc/containerd/config.toml': inKit('containerd/config.toml'),
      '/sys/kernel/security/ipe/policies/app/policy': inKit('policy/app.ipe'),
    });
    const trust = ['--trusted-certificate', keys.leaf('p256').caPath];
    const args = ['--root', node, '--profile', profile, '--output', 'json', ...trust];
    const { stdout } = await cli(['doctor', `oci:${layout}`, ...args]);
    const { checks } = JSON.parse(stdout) as DoctorReport;
    expect(checks.filter(({ state }) => state === 'wrong').map(({ id }) => id)).toEqual([]);
    // The keyring of this node has another certificate, and a policy of root hashes needs none of the layers' signer.
    expect(checks.find(({ id }) => id === 'keyrings')?.found).toMatch(/^not needed/);
    expect(checks.find(({ id }) => id === 'ipe-policy')?.found).toMatch(/allows all 2 layers/);
    expect(existsSync(join(kit, 'kata'))).toBe(profile === 'containerd');
  });

  test('the README names only paths that the kit has', async () => {
    await nodeKit('--profile', profile);
    const folders = readdirSync(kit, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const named = [...inKit('README.md').matchAll(/`((?:kata|[a-z.-]+)\/[^`]*)`/g)].map(
      ([, path = '']) => path,
    );
    const ofKit = named.filter((path) =>
      ['kata', ...folders.map(({ name }) => name)].includes(path.split('/')[0] ?? ''),
    );
    expect(ofKit).toEqual(expect.arrayContaining(['containerd/config.toml', 'policy/app.json']));
    expect(ofKit.filter((path) => !existsSync(join(kit, path)))).toEqual([]);
    expect(inKit('README.md').includes('Kata')).toBe(profile === 'containerd');
  });

  test("settings for Kubernetes go with the kit's settings", async () => {
    await nodeKit('--profile', profile);
    const readme = inKit('README.md').split('**Kubernetes**')[1] ?? '';
    const [, more = ''] = /^```toml\n([^`]*)```$/m.exec(readme) ?? [];
    const { plugins } = parseToml(`${inKit('containerd/config.toml')}${more}`) as {
      plugins: Record<string, unknown>;
    };
    // containerd 2.3 and 2.4, docs/cri/config.md
    expect(plugins['io.containerd.cri.v1.images']).toEqual({
      snapshotter: 'erofs',
      pinned_images: { sandbox: expect.stringContaining('/pause@sha256:') },
    });
    expect(plugins).toHaveProperty(['io.containerd.snapshotter.v1.erofs', 'dmverity_mode'], 'on');
    expect(readme.includes('use_local_image_pull')).toBe(profile === 'containerd-cache');
  });
});

describe('the cache that the command in the kit fills', () => {
  const OPTIONS = '-T0 --mkfs-time --sort=none -zdeflate,level=9';
  const image = join(folder, "image's layout");

  /** The command in the README, with a folder and a certificate of this test. */
  async function fill(cache: string): Promise<string[]> {
    const [, line = ''] = /^```sh\n(verity-sign export .*)\n```$/m.exec(inKit('README.md')) ?? [];
    const printed = await run([toolPath('sh'), '-c', `printf '%s\\n' ${line}`], { env: toolEnvironment() });
    const [, ...words] = printed.stdout.toString().trimEnd().split('\n');
    const places: Record<string, string> = {
      '/var/lib/erofs-cache': cache,
      'ROOT.pem': keys.leaf('p256').caPath,
    };
    expect(words).toEqual(expect.arrayContaining(Object.keys(places)));
    const mkfs = words.includes('mkfs') ? ['--mkfs-path', toolPath('mkfs.erofs')] : [];
    await cliOk([...words.map((word) => places[word] ?? word), ...mkfs]);
    return words;
  }

  test.each([
    ['default options', [], []],
    ['others', ['--mkfs-options', OPTIONS], ['--mkfs-options', OPTIONS, '--builder', 'mkfs']],
  ])('%s: has the root hashes of the policy and no others', async (what, signing, expected) => {
    rmSync(image, { recursive: true, force: true });
    await writeVectorImage(image, ['simple-gzip', 'xattrs-gzip']);
    const { keyPath, chainPath, caPath } = keys.leaf('p256');
    const key = ['--key', keyPath, '--certificate', chainPath];
    const mkfs = signing.length === 0 ? [] : ['--builder', 'mkfs', '--mkfs-path', toolPath('mkfs.erofs')];
    const profile = ['--profile', 'containerd-cache'];
    await cliOk(['sign', `oci:${image}`, ...profile, ...key, ...signing, ...mkfs]);
    const policy = ['--name', 'app', '--base', base, ...key, '--trusted-certificate', caPath];
    await cliOk(['node-kit', `oci:${image}`, kit, ...profile, ...policy, ...mkfs]);

    const cache = join(folder, `cache of ${what}`);
    const words = await fill(cache);
    expect(words.slice(words.indexOf('containerd-cache') + 1)).toEqual(expected);
    const hashes = [...cacheEntries(cache).values()].map(({ rootHash }) => rootHash).sort();
    const named = [...inKit('policy/app.ipe').matchAll(/dmverity_roothash=sha256:([0-9a-f]{64})/g)];
    expect(hashes).toHaveLength(2);
    expect(named.map(([, rootHash]) => rootHash).sort()).toEqual(hashes);
    const [, pattern = ''] = /`\/var\/lib\/erofs-cache\/(\S*\.dmverity)`/.exec(inKit('README.md')) ?? [];
    expect(
      globSync(pattern, { cwd: cache })
        .map((path) => hashIn(join(cache, path)))
        .sort(),
    ).toEqual(hashes);
  });
});

test('a kit is replaced by a newer one; another folder is refused', async () => {
  expect((await nodeKit('--policy-version', '1.0.0')).status).toBe(0);
  expect((await nodeKit('--policy-version', '1.0.1')).status).toBe(0);
  expect(inKit('policy/app.ipe')).toMatch(/^policy_name=app policy_version=1\.0\.1\n/);
  rmSync(kit, { recursive: true });
  mkdirSync(kit);
  writeFileSync(join(kit, 'README.md'), 'mine');
  const { status, stderr } = await nodeKit();
  expect([status, stderr]).toEqual([2, expect.stringContaining(`${kit} exists and holds no node kit`)]);
  expect(readdirSync(kit)).toEqual(['README.md']);
});

test('the policy of an earlier kit under another name does not go to the node', async () => {
  expect((await nodeKit()).status).toBe(0);
  writeFileSync(join(kit, 'policy/notes.txt'), 'mine');
  const before = filesIn(kit);
  const { status, stderr } = await nodeKit('--name', 'fleet', '--base', baseOf('fleet'));
  const message = 'policy has files of another policy than fleet: app.ipe, app.json, app.p7b';
  expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
  expect(filesIn(kit)).toEqual(before);
  for (const extension of ['ipe', 'json', 'p7b']) rmSync(join(kit, `policy/app.${extension}`));
  expect((await nodeKit('--name', 'fleet', '--base', baseOf('fleet'))).status).toBe(0);
  expect(readdirSync(join(kit, 'policy')).sort()).toEqual([
    'fleet.ipe',
    'fleet.json',
    'fleet.p7b',
    'notes.txt',
  ]);
});

describe('a kit that was not written to its end is written by the next run', () => {
  test('after an error', async () => {
    expect((await nodeKit()).status).toBe(0);
    const size = (path: string): number => statSync(join(kit, path)).size;
    const blocks = Math.floor((size('README.md') - 1) / 512);
    expect(size('policy/app.json')).toBeLessThan(blocks * 512);
    rmSync(kit, { recursive: true });
    const failed = await cli(nodeKitWords(), {
      prefix: ['sh', '-c', `ulimit -f ${blocks}; exec "$@"`, 'sh'],
    });
    expect(failed).toMatchObject({ status: 4, stderr: expect.stringContaining('README.md (EFBIG)') });
    expect(readdirSync(kit).sort()).toEqual(['kernel-arguments.txt', 'policy']);
    expect((await nodeKit('--policy-version', '9999.1.1')).status).toBe(0);
    expect(existsSync(join(kit, 'README.md'))).toBe(true);
  });

  test('after a kill', async () => {
    mkdirSync(join(kit, 'policy'), { recursive: true });
    writeFileSync(join(kit, `kernel-arguments.txt.${ownMark()}-1.partial`), '');
    expect((await nodeKit()).status).toBe(0);
  });
});

test('certificates of an earlier kit do not stay in a newer one, files of others do', async () => {
  expect((await nodeKit()).status).toBe(0);
  const before = readdirSync(join(kit, 'certificates'));
  writeFileSync(join(kit, 'certificates/0123456789abcdef.der'), 'of a signer who was replaced');
  writeFileSync(join(kit, 'certificates/own.pem'), 'mine');
  expect((await nodeKit('--profile', 'containerd-cache', '--policy-version', '9999.1.1')).status).toBe(0);
  expect(readdirSync(join(kit, 'certificates')).sort()).toEqual([...before, 'own.pem'].sort());
  expect(existsSync(join(kit, 'kata/root-hashes.json'))).toBe(false);
});

describe('images that are signed for different classes of erofs-utils', () => {
  const [ofA, ofC, equal] = ['class A', 'class C', 'equal in all'].map((name) => join(folder, name));
  const kitOf = (images: readonly (string | undefined)[], ...more: string[]): Promise<CliResult> => {
    const { keyPath, chainPath } = keys.leaf('rsa2048');
    const policy = ['--name', 'app', '--base', base, '--key', keyPath, '--certificate', chainPath];
    const trust = ['--trusted-certificate', keys.leaf('p256').caPath];
    return cli(['node-kit', ...images.map((one) => `oci:${one}`), kit, ...policy, ...trust, ...more]);
  };

  beforeAll(async () => {
    const { keyPath, chainPath } = keys.leaf('p256');
    const profiles = ['--profile', 'containerd,containerd-cache'];
    for (const [image, layer, classes] of [
      [ofA, 'modes-gzip', 'A'],
      [ofC, 'xattrs-gzip', 'A,C'],
      [equal, 'simple-gzip', 'all'],
    ] as const) {
      await writeVectorImage(image ?? '', [layer]);
      const key = ['--key', keyPath, '--certificate', chainPath];
      await cliOk(['sign', `oci:${image}`, ...key, ...profiles, '--erofs-utils-version', classes]);
    }
  });

  test('the kit asks for the class that makes all images', async () => {
    expect((await kitOf([ofA, ofC])).status).toBe(0);
    expect(inKit('README.md')).toContain('mkfs.erofs must be of class A (');
  });

  test('without such a class there is no kit, and nothing is written', async () => {
    const { status, stderr } = await kitOf([ofA, equal]);
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/no class of erofs-utils makes all signed images/),
    ]);
    expect(stderr).toMatch(
      /sha256:[0-9a-f]{64} is signed for class A; sha256:[0-9a-f]{64} is signed for class C/,
    );
    expect(existsSync(kit)).toBe(false);
  });

  test('recomputing finds classes that no signature records', async () => {
    const { status } = await kitOf([ofA, equal], '--erofs-utils-version', 'all');
    expect(status).toBe(0);
    expect(inKit('README.md')).toContain('mkfs.erofs must be of class 1.8.6 or A (');
  });

  test('a cache may have images of several classes: no mkfs.erofs of the node makes them', async () => {
    expect((await kitOf([ofA, equal], '--profile', 'containerd-cache')).status).toBe(0);
    expect(inKit('README.md')).toContain('The node needs no mkfs.erofs.');
  });
});

test('an image that does not verify: its exit status, and nothing is written', async () => {
  const { keyPath, chainPath, caPath } = keys.leaf('p384');
  const args = ['--name', 'app', '--base', base, '--key', keyPath, '--certificate', chainPath];
  const { status } = await cli(['node-kit', `oci:${layout}`, kit, ...args, '--trusted-certificate', caPath]);
  expect(status).toBe(12);
  expect(existsSync(kit)).toBe(false);
});

test.each([
  [['--profile', 'containerd,containerd-cache'], /names 2 profiles, but a node has one/],
  [['--layers', 'none'], /leaves no root hashes/],
])('usage: %j', async (args, message) => {
  const { status, stderr } = await nodeKit(...args);
  expect([status, stderr]).toEqual([2, expect.stringMatching(message)]);
});
