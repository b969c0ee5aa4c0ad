import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { DoctorReport, NodeCheck } from '../../src/report/node/doctor-report.ts';
import type { SignReport } from '../../src/report/report.ts';
import { readCertificate } from '../../src/signatures/x509/certificate.ts';
import { type CliResult, cli, cliOk } from '../helpers/cli.ts';
import { CONTAINERD, goodNode, KERNEL_CONFIG, writeNode } from '../helpers/node-root.ts';
import { pki } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';
import { vectors, writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder();
const layout = join(folder, 'layout');
/** Signed for the classes A and C. */
const both = join(folder, 'both');
const root = join(folder, 'node');
const SNAPSHOTS = '/var/lib/containerd/io.containerd.snapshotter.v1.erofs/snapshots';

let rootPath: string;
let good: Record<string, string | Buffer>;
let rootHashes: string[];

beforeAll(async () => {
  await writeVectorImage(layout, ['simple-gzip', 'xattrs-gzip']);
  const made = await pki();
  const { keyPath, chainPath, caPath } = made.leaf('p256');
  rootPath = caPath;
  const { stdout } = await cliOk([
    ...['sign', `oci:${layout}`, '--key', keyPath, '--certificate', chainPath, '--output', 'json'],
  ]);
  const [report] = JSON.parse(stdout) as SignReport[];
  rootHashes = report?.artifacts[0]?.layers.map(({ rootHash }) => rootHash) ?? [];
  good = goodNode(rootHashes, keyIdOf(rootPath));
});

beforeEach(() => rmSync(root, { recursive: true, force: true }));

function keyIdOf(path: string): string {
  const { extensions } = readCertificate(new X509Certificate(readFileSync(path)).raw);
  return Buffer.from(extensions.subjectKeyId ?? []).toString('hex');
}

/** Runs doctor on a node that differs from the good one; undefined removes a file. */
async function doctor(
  changes: Readonly<Record<string, string | Buffer | undefined>>,
  ...more: string[]
): Promise<CliResult & { report: DoctorReport; of(id: NodeCheck['id']): NodeCheck | undefined }> {
  const files = Object.entries({ ...good, ...changes }).filter(([, content]) => content !== undefined);
  writeNode(root, Object.fromEntries(files) as Record<string, string | Buffer>);
  const image = more.includes('--no-image') ? [] : [`oci:${more.includes('--both') ? both : layout}`];
  const args = ['--root', root, '--trusted-certificate', rootPath, '--output', 'json'];
  const result = await cli([
    'doctor',
    ...image,
    ...args,
    ...more.filter((word) => !['--no-image', '--both'].includes(word)),
  ]);
  const report = JSON.parse(result.stdout) as DoctorReport;
  return { ...result, report, of: (id) => report.checks.find((check) => check.id === id) };
}

const wrongIn = ({ checks }: DoctorReport): string[] =>
  checks.filter(({ state }) => state === 'wrong').map(({ id }) => id);

test('a good node: nothing is wrong, and what a copy cannot tell is unknown', async () => {
  const { status, report } = await doctor({});
  expect(report.checks.filter(({ state }) => state !== 'ok').map(({ id }) => id)).toEqual(['page-size']);
  expect([status, report.verdict]).toEqual([0, 'ok']);
  expect(report.image?.name).toMatch(/^oci:.*@sha256:/);
});

describe('one thing is wrong', () => {
  test.each<[string, NodeCheck['id'], Record<string, string | undefined>, RegExp, RegExp]>([
    [
      'no IPE in the kernel',
      'kernel-version',
      { '/proc/sys/kernel/osrelease': '6.1.0-40-amd64' },
      /6\.1\.0-40-amd64 has no IPE/,
      /Linux 6\.12/,
    ],
    [
      'a module is not loaded',
      'modules',
      { '/proc/filesystems': 'nodev\toverlay\n' },
      /not loaded: erofs\. containerd then starts without its EROFS snapshotter/,
      /modules-load\.d/,
    ],
    [
      'dm-verity is not loaded',
      'modules',
      { '/sys/module/dm_verity/parameters/require_signatures': undefined, '/sys/module/loop/refcnt': '0' },
      /not loaded: dm-verity\. With dmverity_mode = "on", containerd then runs no container of any kind/,
      /modules-load\.d/,
    ],
    [
      'the kernel has no EROFS',
      'modules',
      {
        '/proc/filesystems': 'nodev\toverlay\n',
        '/usr/lib/modules/6.12.57+deb13-amd64/modules.dep': 'kernel/drivers/md/dm-verity.ko.xz:\n',
      },
      /the kernel has no erofs/,
      /use another kernel/,
    ],
    [
      'signatures are required',
      'require-signatures',
      { '/sys/module/dm_verity/parameters/require_signatures': 'Y\n' },
      /containerd passes no signatures/,
      /ipe-policy/,
    ],
    [
      'another module than IPE',
      'ipe',
      { '/sys/kernel/security/lsm': 'capability,apparmor' },
      /not active: capability,apparmor/,
      /lsm=/,
    ],
    [
      'IPE only logs',
      'ipe-enforced',
      { '/sys/kernel/security/ipe/enforce': '0' },
      /only logs/,
      /ipe\.enforce=0/,
    ],
    [
      'old containerd',
      'containerd-version',
      {
        '/var/lib/dpkg/status':
          'Package: erofs-utils\nStatus: install ok installed\nVersion: 1.9.3-1\n\nPackage: containerd\nStatus: install ok installed\nVersion: 1.7.24~ds1-6',
      },
      /1\.7\.24/,
      /2\.3\.0 or later/,
    ],
    [
      'another class',
      'erofs-utils',
      {
        '/var/lib/dpkg/status':
          'Package: erofs-utils\nStatus: install ok installed\nVersion: 1.9.2-2\n\nPackage: containerd\nStatus: install ok installed\nVersion: 2.4.2',
      },
      /class B, but the signatures are those of class C/,
      /erofs-utils-version B/,
    ],
    [
      'no configuration',
      'containerd-config',
      { '/etc/containerd/config.toml': undefined },
      /config\.toml is absent/,
      /--containerd-config/,
    ],
    [
      'the order of differs',
      'differs',
      { '/etc/containerd/config.toml': CONTAINERD.replace('["erofs", "walking"]', '["walking", "erofs"]') },
      /\["walking","erofs"\]/,
      /\["erofs", "walking"\]/,
    ],
    [
      'a stale image',
      'fsmeta',
      { [`${SNAPSHOTS}/9/fsmeta.erofs`]: '' },
      /9\/fsmeta\.erofs.*without dm-verity/,
      /pull them again/,
    ],
    [
      'dm-verity only where it can be had',
      'snapshotter',
      { '/etc/containerd/config.toml': CONTAINERD.replace('"on"', '"auto"') },
      /"auto"/,
      /dmverity_mode = "on"/,
    ],
    [
      'no hash trees',
      'differ',
      { '/etc/containerd/config.toml': CONTAINERD.replace('enable_dmverity = true', '') },
      /enable_dmverity = false/,
      /enable_dmverity = true/,
    ],
  ])('%s: %s', async (_what, id, changes, found, remedy) => {
    const { status, report, of, stderr } = await doctor(changes);
    expect(wrongIn(report)).toEqual([id]);
    expect(of(id)).toEqual({
      id,
      state: 'wrong',
      found: expect.stringMatching(found),
      remedy: expect.stringMatching(remedy),
    });
    expect([status, report.verdict]).toEqual([14, 'wrong']);
    expect(stderr).toContain(`the node is not ready: ${id}`);
  });

  test('other mkfs_options, in a file that is imported', async () => {
    const own = '[plugins."io.containerd.differ.v1.erofs"]\nmkfs_options = ["-T0"]\n';
    const { status, report, of } = await doctor({
      '/etc/containerd/conf.d/20-own.toml': own,
      '/etc/containerd/conf.d/note.txt': '[',
    });
    expect(wrongIn(report)).toEqual(['mkfs-options']);
    expect(of('mkfs-options')).toMatchObject({
      found: expect.stringContaining('mkfs_options = ["-T0"]'),
      remedy: expect.stringContaining('mkfs_options = ["-T0","--mkfs-time","--sort=none"]'),
    });
    expect(of('containerd-config')?.found).toBe(
      '/etc/containerd/config.toml, /etc/containerd/conf.d/20-own.toml',
    );
    expect(status).toBe(14);
  });

  test('the active policy lacks a layer, or demands signatures that containerd does not pass', async () => {
    const path = '/sys/kernel/security/ipe/policies/app/policy';
    const policy = good[path] as string;
    const lacking = await doctor({ [path]: policy.replace(rootHashes[1] ?? '-', 'ab'.repeat(32)) });
    expect(wrongIn(lacking.report)).toEqual(['ipe-policy']);
    expect(lacking.of('ipe-policy')?.found).toMatch(
      /^app 2026\.1129\.1100 denies layer 1 \(sha256:[0-9a-f]{64}\)$/,
    );
    rmSync(root, { recursive: true });
    const signed = policy
      .replaceAll(/dmverity_roothash=\S+/g, 'dmverity_signature=TRUE')
      .replace(/(.*\n)\1/, '$1');
    const demanding = await doctor({ [path]: signed });
    expect(demanding.of('ipe-policy')?.found).toMatch(/demands a signature, and containerd passes none/);
    rmSync(root, { recursive: true });
    const open = await doctor({ [path]: 'policy_name=app policy_version=1.0.0\nDEFAULT action=ALLOW\n' });
    expect(open.of('ipe-policy')?.found).toMatch(/lets any program execute/);
  });
});

describe("a kernel that could not check the layers' signatures", () => {
  const POLICY = '/sys/kernel/security/ipe/policies/app/policy';
  const ACTIVE = '/sys/kernel/security/ipe/policies/app/active';
  const lacking = (): Record<string, string | Buffer> => ({
    '/proc/keys': (good['/proc/keys'] as string).replaceAll(keyIdOf(rootPath), '00'.repeat(20)),
    '/proc/config.gz': gzipSync(KERNEL_CONFIG.replaceAll(/^CONFIG_(DM|IPE_PROP_DM).*_SIG.*\n/gm, '')),
  });
  const ofSignatures = ({ checks }: DoctorReport): string[] =>
    checks.filter(({ id }) => ['keyrings', 'kernel-options'].includes(id)).map(({ state }) => state);
  const signed = 'op=EXECUTE dmverity_signature=TRUE action=ALLOW\n';
  const demanding = `policy_name=app policy_version=1.0.0\nDEFAULT action=DENY\n${signed}`;

  test.each([[[]], [['--no-image']]])('is good enough for a policy of root hashes %j', async (more) => {
    const { status, report, of } = await doctor(lacking(), ...more);
    expect(wrongIn(report)).toEqual([]);
    expect(of('keyrings')?.found).toMatch(/^not needed: the node demands no signatures of layers/);
    expect(of('kernel-options')?.found).toMatch(
      /lacks CONFIG_DM_VERITY_VERIFY_ROOTHASH_SIG.*, but the node demands no signatures of layers$/,
    );
    expect(status).toBe(0);
  });

  test.each([[[]], [['--no-image']]])('is wrong for a policy that demands them %j', async (more) => {
    const { status, report, of } = await doctor({ ...lacking(), [POLICY]: demanding }, ...more);
    expect(wrongIn(report)).toEqual([
      'kernel-options',
      'keyrings',
      ...(more.length > 0 ? [] : ['ipe-policy']),
    ]);
    expect(of('keyrings')?.found).toMatch(/none of the certificates that vouch for "CN=/);
    expect(of('kernel-options')?.found).toMatch(/this kernel checks no signatures of layers/);
    expect(status).toBe(14);
  });

  test('is wrong where it demands them itself, whatever the policy says', async () => {
    const changes = { ...lacking(), '/sys/module/dm_verity/parameters/require_signatures': 'Y\n' };
    expect(wrongIn((await doctor(changes)).report)).toEqual([
      'kernel-options',
      'require-signatures',
      'keyrings',
    ]);
  });

  test('is unknown to be good where no policy is active, or rules of both kinds are and no layer is known', async () => {
    const inactive = await doctor({ ...lacking(), [ACTIVE]: '0' });
    expect(ofSignatures(inactive.report)).toEqual(['unknown', 'unknown']);
    rmSync(root, { recursive: true });
    const both = await doctor({ ...lacking(), [POLICY]: `${good[POLICY] as string}${signed}` }, '--no-image');
    expect(ofSignatures(both.report)).toEqual(['unknown', 'unknown']);
  });

  test('is not to blame for a layer that the policy denies in any case', async () => {
    const changed = (good[POLICY] as string).replace(rootHashes[1] ?? '-', 'ab'.repeat(32));
    expect(wrongIn((await doctor({ ...lacking(), [POLICY]: changed })).report)).toEqual(['ipe-policy']);
  });

  test('needs a keyring for the signers of policies in any case', async () => {
    const config = KERNEL_CONFIG.replace('CONFIG_SYSTEM_TRUSTED_KEYRING=y\n', '');
    const { report, of } = await doctor({ '/proc/config.gz': gzipSync(config) });
    expect(wrongIn(report)).toEqual(['kernel-options']);
    expect(of('kernel-options')?.found).toMatch(/lacks CONFIG_SYSTEM_TRUSTED_KEYRING/);
  });
});

describe('an image that is signed for two classes', () => {
  const POLICY = '/sys/kernel/security/ipe/policies/app/policy';
  const STATUS = '/var/lib/dpkg/status';
  let ofA: string[];
  let ofC: string[];

  beforeAll(async () => {
    const { keyPath, chainPath } = (await pki()).leaf('p256');
    await writeVectorImage(both, ['simple-gzip', 'xattrs-gzip']);
    const args = ['--key', keyPath, '--certificate', chainPath, '--erofs-utils-version', 'A,C'];
    await cliOk(['sign', `oci:${both}`, ...args]);
    [ofA, ofC] = (['1.8.10', '1.9.4'] as const).map((release) =>
      vectors(release)
        .filter(({ name }) => ['simple-gzip', 'xattrs-gzip'].includes(name))
        .map(({ profiles }) => profiles.containerd.rootHash),
    ) as [string[], string[]];
  });

  /** Undefined for a node without records of its packages. */
  const withRelease = (release: string | undefined): Record<string, string | undefined> => ({
    [STATUS]:
      release === undefined
        ? undefined
        : (good[STATUS] as string).replace(/Version: 1\.9\.4/, `Version: ${release}`),
  });
  test.each<[string, string, string | undefined, NodeCheck['state'], RegExp]>([
    ['A', '1.9.4', 'C', 'wrong', /denies layer 1 \(sha256:\w+\) as class C of erofs-utils makes them/],
    ['C', '1.9.4', 'C', 'ok', /allows all 2 layers as class C/],
    ['A', '1.8.10', 'A', 'ok', /allows all 2 layers as class A/],
    ['A', 'none', undefined, 'unknown', /allows only some of the signed root hashes of layer 1 /],
    ['AC', 'none', undefined, 'ok', /allows all 2 layers$/],
  ])('a policy of class %s, erofs-utils %s', async (classes, release, own, state, found) => {
    const hashes = [...(classes.includes('A') ? ofA : []), ...(classes.includes('C') ? ofC : [])];
    const policy = { [POLICY]: goodNode([...new Set(hashes)], '')[POLICY] };
    const { of } = await doctor(
      { ...withRelease(release === 'none' ? undefined : release), ...policy },
      '--both',
    );
    expect(of('erofs-utils')?.state).toBe(own === undefined ? 'unknown' : 'ok');
    expect(of('ipe-policy')).toMatchObject({ state, found: expect.stringMatching(found) });
  });
});

test('no policy is active, as after a reboot: nothing is denied, whatever the switch says', async () => {
  const { status, report, of } = await doctor({ '/sys/kernel/security/ipe/policies/app/active': '0\n' });
  expect(wrongIn(report)).toEqual(['ipe-enforced', 'ipe-policy']);
  expect(of('ipe-enforced')?.found).toBe('on, but no policy is active: IPE denies nothing');
  expect(of('ipe-policy')).toMatchObject({
    found: 'no policy is active: every program may execute',
    remedy: expect.stringMatching(/at each boot: .*new_policy/),
  });
  expect(status).toBe(14);
});

test('settings in a file that a pattern of folders imports', async () => {
  const { report, of } = await doctor({
    '/etc/containerd/config.toml': 'version = 3\nimports = ["/etc/containerd/d*/*.toml"]\n',
    '/etc/containerd/d1/kit.toml': CONTAINERD.replace(/^imports.*$/m, ''),
  });
  expect(wrongIn(report)).toEqual([]);
  expect(of('containerd-config')?.found).toBe('/etc/containerd/config.toml, /etc/containerd/d1/kit.toml');
});

test('a copy of a disk: what only a running node shows is unknown, and nothing is wrong', async () => {
  const running = Object.keys(good).filter((path) => /^\/(proc|sys)\//.test(path));
  const { status, report, of } = await doctor({
    ...Object.fromEntries(running.map((path) => [path, undefined])),
    '/etc/modules-load.d/verity-sign.conf': 'erofs\noverlay\nloop\ndm-verity\n',
  });
  expect(wrongIn(report)).toEqual([]);
  expect(of('modules')).toMatchObject({
    state: 'unknown',
    found: 'it cannot be seen whether the running kernel has erofs, overlay, dm-verity',
  });
  expect(status).toBe(0);
});

test('a policy that cannot be parsed, a damaged configuration, and what only root reads are unknown', async () => {
  const { status, report, of } = await doctor({
    '/sys/kernel/security/ipe/policies/app/policy': 'policy_name=app',
    '/etc/containerd/config.toml': 'version = ',
    '/proc/keys': '',
    '/sys/kernel/security/lsm': undefined,
  });
  expect(wrongIn(report)).toEqual([]);
  for (const id of ['ipe-policy', 'containerd-config', 'keyrings', 'ipe', 'fsmeta'] as const) {
    expect(of(id)).toMatchObject({ state: 'unknown', remedy: expect.any(String) });
  }
  expect(status).toBe(0);
});

test('without an image: the certificates are those of the signers', async () => {
  const { status, of } = await doctor({}, '--no-image');
  expect(of('keyrings')?.state).toBe('ok');
  expect(of('ipe-policy')?.found).toMatch(/denies what it does not name/);
  expect(status).toBe(0);
});

test('the profile of a cache', async () => {
  const cache = CONTAINERD.replace('["erofs", "walking"]', '["walking"]').replace(
    '"on"',
    '"on"\n  layer_content_caches = ["/var/lib/erofs-cache"]',
  );
  const without = await doctor(
    { '/etc/containerd/config.toml': cache },
    '--no-image',
    '--profile',
    'containerd-cache',
  );
  expect(wrongIn(without.report)).toEqual(['layer-cache']);
  rmSync(root, { recursive: true });
  const unpack = `${cache}\n[plugins."io.containerd.transfer.v1.local"]\n  unpack_config = [{platform = "linux", snapshotter = "erofs", differ = "walking"}]\n`;
  const complete = await doctor(
    { '/etc/containerd/config.toml': unpack },
    '--no-image',
    '--profile',
    'containerd-cache',
  );
  expect(wrongIn(complete.report)).toEqual([]);
});

describe('settings by which containerd makes other images than the profile, or none', () => {
  const CACHE = '"on"\n  layer_content_caches = ["/var/lib/erofs-cache"]';
  const cached = CONTAINERD.replace('["erofs", "walking"]', '["walking"]').replace('"on"', CACHE);
  const unpack = (...entries: string[]): string =>
    `[plugins."io.containerd.transfer.v1.local"]\n  unpack_config = [${entries.join(', ')}]\n`;
  const entry = (platform: string, differ?: string): string =>
    `{platform = "${platform}", snapshotter = "erofs"${differ === undefined ? '' : `, differ = "${differ}"`}}`;
  const walking = unpack(entry('linux/amd64', 'walking'));
  const config = (text: string): Record<string, string> => ({ '/etc/containerd/config.toml': text });

  test.each<[string, string, RegExp]>([
    ['the differ walking', entry('linux', 'walking'), /unpacks with the differ walking/],
    ['no differ, so that containerd prefers walking', entry('linux/amd64'), /with the differ walking/],
    [
      'two entries, the first of which decides',
      `${entry('linux', 'walking')}, ${entry('linux', 'erofs')}`,
      /walking/,
    ],
  ])('an entry of unpack_config with %s', async (_what, entries, found) => {
    const { of, report } = await doctor(config(`${CONTAINERD}\n${unpack(entries)}`), '--no-image');
    expect(wrongIn(report)).toEqual(['differs']);
    expect(of('differs')).toMatchObject({
      found: expect.stringMatching(found),
      remedy: expect.stringMatching(/^Set differ = "erofs" .*unpack_config/),
    });
  });

  test.each([
    ['the differ erofs', entry('linux/amd64', 'erofs')],
    ['no differ, for EROFS layers, which walking does not know', entry('linux(+erofs)/amd64')],
    ['another system', entry('windows/amd64', 'walking')],
    ['another snapshotter', '{platform = "linux", snapshotter = "overlayfs", differ = "walking"}'],
  ])('an entry of unpack_config with %s is good', async (_what, entries) => {
    const { report } = await doctor(config(`${CONTAINERD}\n${unpack(entries)}`), '--no-image');
    expect(wrongIn(report)).toEqual([]);
  });

  test.each([
    'io.containerd.snapshotter.v1.erofs',
    'io.containerd.mount-handler.v1.erofs',
    'io.containerd.differ.v1.erofs',
    'io.containerd.differ.v1.walking',
    'io.containerd.service.v1.diff-service',
    'io.containerd.transfer.v1.local',
  ])('disabled_plugins of one of two files has %s', async (name) => {
    const { of, report } = await doctor(
      {
        ...config(CONTAINERD.replace('imports', `disabled_plugins = ["${name}"]\nimports`)),
        '/etc/containerd/conf.d/own.toml': 'disabled_plugins = ["io.containerd.grpc.v1.cri"]',
      },
      '--no-image',
    );
    expect(wrongIn(report)).toEqual(['containerd-config']);
    expect(of('containerd-config')?.found).toMatch(
      /own\.toml: disabled_plugins has io\.containerd\.[\w.-]+$/,
    );
    expect(of('containerd-config')?.found).toContain(name);
  });

  test('a cache needs an entry of unpack_config for Linux', async () => {
    const text = `${cached}\n${unpack(entry('windows/amd64', 'walking'))}`;
    const { report } = await doctor(config(text), '--no-image', '--profile', 'containerd-cache');
    expect(wrongIn(report)).toEqual(['layer-cache']);
  });

  test.each(['containerd', 'containerd-tar-index'])('a cache, with profile %s', async (profile) => {
    const { of } = await doctor(
      config(CONTAINERD.replace('"on"', CACHE)),
      '--no-image',
      '--profile',
      profile,
    );
    expect(of('layer-cache')).toMatchObject({
      state: 'unknown',
      found: expect.stringContaining(`root hashes of profile containerd-cache, not of ${profile}`),
    });
  });

  test.each([
    ['set_immutable = true', 'with set_immutable = true: '],
    ['enable_fsverity = true', 'with enable_fsverity = true: '],
    ['layer_content_caches = ["erofs-cache"]', 'with the relative path "erofs-cache": '],
  ])('a cache with %s, which the snapshotter of containerd 2.4.2 refuses', async (option, found) => {
    const own = `[plugins."io.containerd.snapshotter.v1.erofs"]\n${option}\n`;
    const files = { ...config(`${cached}\n${walking}`), '/etc/containerd/conf.d/own.toml': own };
    const { of, report } = await doctor(files, '--no-image', '--profile', 'containerd-cache');
    expect(wrongIn(report)).toEqual(['layer-cache']);
    expect(of('layer-cache')?.found).toContain(found);
  });
});

describe('a node with a kubelet', () => {
  const KUBELET = { '/var/lib/kubelet/config.yaml': '' };
  const images = (name: string): string =>
    `[plugins."io.containerd.cri.v1.images"]\n  snapshotter = "${name}"\n`;
  const earlier = '[plugins."io.containerd.grpc.v1.cri".containerd]\n  snapshotter = "erofs"\n';
  const kata = '[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.kata]\n  snapshotter = "erofs"\n';
  const version = (one: number): string => CONTAINERD.replace('version = 3', `version = ${one}`);

  test.each([
    ['overlayfs by default', CONTAINERD, /"overlayfs": no pod uses/],
    ['another snapshotter', `${CONTAINERD}\n${images('native')}`, /"native": no pod uses/],
    ['a name that version 4 no longer has', `${version(4)}\n${earlier}`, /"overlayfs": no pod uses/],
  ])('whose CRI has %s', async (_what, text, found) => {
    const { of, report } = await doctor({ ...KUBELET, '/etc/containerd/config.toml': text }, '--no-image');
    expect(wrongIn(report)).toEqual(['cri-snapshotter']);
    expect(of('cri-snapshotter')).toMatchObject({
      found: expect.stringMatching(found),
      remedy: expect.stringMatching(/^Set snapshotter = "erofs" .*sandbox image/),
    });
  });

  test.each([
    ['erofs', `${CONTAINERD}\n${images('erofs')}`, /^snapshotter = "erofs"$/],
    ['erofs by its earlier name', `${version(2)}\n${earlier}`, /^snapshotter = "erofs"$/],
    [
      'erofs for a runtime',
      `${CONTAINERD}\n${kata}`,
      /^snapshotter = "overlayfs", but "erofs" for pods of kata$/,
    ],
  ])('whose CRI has %s is good', async (_what, text, found) => {
    const own = {
      '/etc/containerd/conf.d/own.toml': 'version = 3\n[plugins."io.containerd.cri.v1.images"]\n',
    };
    const { of, report } = await doctor(
      { ...KUBELET, ...own, '/etc/containerd/config.toml': text },
      '--no-image',
    );
    expect(wrongIn(report)).toEqual([]);
    expect(of('cri-snapshotter')).toMatchObject({ state: 'ok', found: expect.stringMatching(found) });
  });

  test('without CRI in this containerd, or no kubelet at all, has no such line', async () => {
    const without = CONTAINERD.replace(
      'imports',
      'disabled_plugins = ["io.containerd.grpc.v1.cri"]\nimports',
    );
    const disabled = await doctor({ ...KUBELET, '/etc/containerd/config.toml': without }, '--no-image');
    rmSync(root, { recursive: true });
    const plain = await doctor({}, '--no-image');
    expect([disabled, plain].map(({ of }) => of('cri-snapshotter'))).toEqual([undefined, undefined]);
  });
});

test('an image that does not verify: the verdict, and a report that says so', async () => {
  writeNode(root, good);
  const other = (await pki()).leaf('p384').caPath;
  const args = [
    'doctor',
    `oci:${layout}`,
    '--root',
    root,
    '--trusted-certificate',
    other,
    '--output',
    'json',
  ];
  const { status, stdout, stderr } = await cli(args);
  expect(status).toBe(12);
  expect(JSON.parse(stdout)).toMatchObject({
    image: { reference: `oci:${layout}` },
    error: { code: 'not-trusted' },
  });
  expect(stderr).toMatch(/the image is not verified: .*does not lead to any trusted certificate/);
});

test('this machine: each line has a state, and nothing is changed', async () => {
  const { status, stdout } = await cli(['doctor']);
  expect([0, 14]).toContain(status);
  expect(stdout).toMatch(/^node {5}this machine\n/);
  const states = stdout.match(/^(ok|wrong|unknown) /gm) ?? [];
  expect(states.length).toBeGreaterThan(12);
});

test('this machine: programs are those of the system, where containerd finds them, not those of PATH', async () => {
  const own = join(folder, 'own');
  const marker = join(own, 'ran');
  mkdirSync(own);
  for (const name of ['mkfs.erofs', 'containerd'])
    writeFileSync(join(own, name), `#!/bin/sh\necho ran >> '${marker}'\n`, { mode: 0o755 });
  const { stdout } = await cli(['doctor', '--output', 'json'], { env: { PATH: `${own}:/usr/bin:/bin` } });
  const { checks } = JSON.parse(stdout) as DoctorReport;
  expect(existsSync(marker)).toBe(false);
  expect(checks.find(({ id }) => id === 'erofs-utils')?.found).toMatch(
    /^(\/usr\/|\/s?bin\/|mkfs\.erofs is not in the system's folders)/,
  );
});

test.each([
  [['--signer-identity', 'CN=a'], /option --signer-identity has no effect without an image/],
  [['--profile', 'containerd,containerd-cache'], /names 2 profiles, but a node has one/],
  [['--containerd-config', 'config.toml'], /config\.toml is not an absolute path/],
])('usage: %j', async (args, message) => {
  const { status, stderr } = await cli(['doctor', ...args]);
  expect([status, stderr]).toEqual([2, expect.stringMatching(message)]);
});

test('a root that is no folder is an error, not a node of which nothing is known', async () => {
  for (const [given, reason] of [
    [join(folder, 'missing'), 'ENOENT'],
    [rootPath, 'it is not a folder'],
  ] as const) {
    const { status, stdout, stderr } = await cli(['doctor', '--root', given, '--output', 'json']);
    expect(status).toBe(2);
    expect(stderr).toContain(`root: ${given} is no copy of a node (${reason})`);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'usage' } });
  }
});

test('records of dpkg that cannot be read are not called absent', async () => {
  const { of } = await doctor({ '/var/lib/dpkg/status': 'x'.repeat(17 * 1024 * 1024) }, '--no-image');
  expect(of('erofs-utils')).toMatchObject({
    state: 'unknown',
    found: '/var/lib/dpkg/status cannot be read (too large)',
  });
});

test.each(['1.5-1', '1.7.1-1build1', '1.8.7-1', '1.9-1'])(
  'erofs-utils %s makes images of no class: no signature is for them',
  async (version) => {
    const record = `Package: erofs-utils\nStatus: install ok installed\nVersion: ${version}\n`;
    const { status, of } = await doctor({ '/var/lib/dpkg/status': record }, '--no-image');
    expect(status).toBe(14);
    expect(of('erofs-utils')).toMatchObject({
      state: 'wrong',
      found: `package erofs-utils ${version}, of no class: no signature is for its images`,
      remedy: 'Install erofs-utils 1.8.6, or 1.8.10 or later, except 1.9.0',
    });
  },
);

test('erofs-utils of a release that is not known yet is unknown', async () => {
  const record = 'Package: erofs-utils\nStatus: install ok installed\nVersion: 1.99.1-1\n';
  const { of } = await doctor({ '/var/lib/dpkg/status': record }, '--no-image');
  expect(of('erofs-utils')?.state).toBe('unknown');
});

test('a line of /proc/keys that is as long as a file may be is read at once', async () => {
  const keys = `1 .builtin_trusted_keys: 1\n2 asymmetri ${' '.repeat(12 * 1024 * 1024)}`;
  const signatures = { '/sys/module/dm_verity/parameters/require_signatures': 'Y\n' };
  const { of } = await doctor({ '/proc/keys': keys, ...signatures });
  expect(of('keyrings')?.found).toContain('the kernel has none of the certificates');
});
