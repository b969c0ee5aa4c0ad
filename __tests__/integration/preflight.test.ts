/** All of `preflight` but the VM: a stand-in gets the job and the disks, and reports what a kernel would. */
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Disk, ImageJob, OpenMachine } from '../../src/commands/preflight/machine.ts';
import type { PreflightOptions } from '../../src/commands/preflight/options.ts';
import { preflightImage } from '../../src/commands/preflight/preflight-image.ts';
import type { GuestEvent } from '../../src/commands/preflight/vm/protocol.ts';
import { whyIncomplete } from '../../src/convert/verity-file/check.ts';
import { preflightParts } from '../../src/frontend/render/preflight/summary.ts';
import { preflightTable } from '../../src/frontend/render/preflight/table.ts';
import type { PreflightReport } from '../../src/report/node/preflight-report.ts';
import { parsePkcs7 } from '../../src/signatures/pkcs7/parse.ts';
import type { Certificate } from '../../src/signatures/x509/certificate.ts';
import { cli, cliOk } from '../helpers/cli.ts';
import { type Pki, pki } from '../helpers/pki.ts';
import { parseReport } from '../helpers/report-schema.ts';
import { testFolder } from '../helpers/temp.ts';
import { vectors, writeVectorImage } from '../helpers/vector-image.ts';
import { verifyContext, verifyOptions } from '../helpers/verify.ts';

const LAYERS = ['simple-gzip', 'xattrs-gzip', 'simple-gzip'];
const folder = testFolder();
let keys: Pki;
let layout: string;
let unsigned: string;

beforeAll(async () => {
  keys = await pki();
  unsigned = join(folder, 'unsigned');
  layout = join(folder, 'layout');
  await writeVectorImage(unsigned, LAYERS);
  cpSync(unsigned, layout, { recursive: true });
  const { keyPath, chainPath } = keys.leaf('p256');
  const key = ['--key', keyPath, '--certificate', chainPath];
  await cliOk(['sign', `oci:${layout}`, '--profile', 'containerd,containerd-cache', ...key]);
});

const options = (changes: Partial<PreflightOptions> = {}): PreflightOptions => ({
  ...verifyOptions(`oci:${layout}`),
  tempDir: folder,
  command: ['/bin/true'],
  healthcheck: false,
  timeLimit: 60_000,
  static: false,
  allowDenials: false,
  memory: 2 ** 30,
  network: false,
  accelerator: 'tcg',
  trustedCertificates: [keys.leaf('p256').caPath],
  ...changes,
});

interface Seen {
  job: ImageJob;
  disks: readonly Disk[];
  /** Why disks are not what a node has, by serial number. */
  faults: (string | undefined)[];
  certificates: readonly Certificate[];
  architecture: string;
}

/** A machine that looks at its disks, and reports these events. */
function standIn(events: (job: ImageJob) => GuestEvent[]): { open: OpenMachine; seen: Seen[] } {
  const seen: Seen[] = [];
  const open: OpenMachine = async ({ architecture }, certificates) => ({
    source: 'built-in',
    policy: 'signed layers',
    boot: async (job, disks, each) => {
      const faults = job.layers.map(async ({ serial, rootHash, hashOffset, number }) => {
        const path = disks.find((disk) => disk.serial === serial)?.path ?? '';
        const vector = vectors().find(({ name }) => name === LAYERS[number]);
        const uuid = vector?.profiles.containerd.uuid ?? '';
        return whyIncomplete(path, { hashOffset, blockSize: 4096, uuid, rootHash });
      });
      seen.push({ job, disks, faults: await Promise.all(faults), certificates, architecture });
      for (const event of events(job)) each(event);
      return { seconds: 1.5, accelerator: 'tcg', late: false };
    },
  });
  return { open, seen };
}

const KERNEL: GuestEvent = { event: 'kernel', release: '6.12.0', requireSignatures: 'Y', ipeEnforce: '1' };
const END: GuestEvent = { event: 'end' };
const mounted = ({ layers }: ImageJob): GuestEvent[] =>
  layers.map(({ number: layer }) => ({ event: 'layer', layer, step: 'mount', outcome: 'OK' }));
const ATTACKS: GuestEvent[] = [
  { event: 'attack', name: 'dropped', outcome: 'EACCES' },
  { event: 'attack', name: 'changed-byte', layer: 0, control: 'OK', open: 'OK', read: 'EIO' },
];
const RAN: GuestEvent[] = [
  { event: 'started', outcome: 'OK', path: '/bin/true' },
  { event: 'output', stream: 'stdout', text: 'one\n' },
  { event: 'output', stream: 'stdout', text: 'two\n' },
  { event: 'ended', how: 'exit', status: 0, seconds: 0.1 },
];
const good = (job: ImageJob): GuestEvent[] => [
  KERNEL,
  ...mounted(job),
  { event: 'overlay', outcome: 'OK' },
  ...RAN,
  ...ATTACKS,
  END,
];

async function preflight(
  events: (job: ImageJob) => GuestEvent[],
  changes: Partial<PreflightOptions> = {},
): Promise<{ report: PreflightReport; seen: Seen }> {
  const { open, seen } = standIn(events);
  const report = await preflightImage(options(changes), verifyContext(), open);
  parseReport('preflight', JSON.stringify([report]));
  const [only] = seen;
  if (only === undefined) throw new Error('nothing was booted');
  return { report, seen: only };
}

describe('what the VM gets', () => {
  test('each distinct layer once, as a node has it, with its signature', async () => {
    const { report, seen } = await preflight(good);
    expect(seen.faults).toEqual([undefined, undefined, undefined]);
    expect(seen.disks.map(({ serial }) => serial)).toEqual(['layer-000', 'layer-001']);
    expect(seen.job.layers.map(({ number, serial }) => [number, serial])).toEqual([
      [0, 'layer-000'],
      [1, 'layer-001'],
      [2, 'layer-000'],
    ]);
    for (const { pkcs7, number, rootHash } of seen.job.layers) {
      const vector = vectors().find(({ name }) => name === LAYERS[number]);
      expect(rootHash).toBe(vector?.profiles.containerd.rootHash);
      expect(parsePkcs7(pkcs7 ?? new Uint8Array()).signer.subject).toBe(report.signatures?.signers[0]);
    }
    expect(seen.certificates).toHaveLength(1);
    expect(seen.job.program).toMatchObject({
      arguments: ['/bin/true'],
      environment: [],
      user: '',
      directory: '/',
      limits: { time: 60, alive: 0 },
    });
    expect(report).toMatchObject({ verdict: 'runs', passed: true, class: 'C', profile: 'containerd' });
    expect(report.run?.output).toEqual([{ stream: 'stdout', text: 'one\ntwo\n' }]);
  });

  test('an image of another platform is refused, without advice to test that one', async () => {
    const { open } = standIn(good);
    const refused = preflightImage(options({ platforms: ['linux/amd64/v3'] }), verifyContext(), open);
    await expect(refused).rejects.toMatchObject({
      code: 'usage',
      message: 'the image has no platform linux/amd64/v3; it has linux/amd64',
      remedy: 'Test an image of a platform that the VM of preflight runs: linux/amd64 or linux/arm64',
    });
  });

  test('the architecture of the image, also if it is not that of this machine', async () => {
    const other = join(folder, 'arm64');
    await writeVectorImage(other, ['simple-gzip'], 'arm64');
    for (const platforms of [[], ['linux/arm64']]) {
      const { report, seen } = await preflight(good, { image: `oci:${other}`, platforms });
      expect([seen.architecture, report.platform]).toEqual(['arm64', 'linux/arm64']);
    }
    const amd64 = await preflight(good);
    expect([amd64.seen.architecture, amd64.report.platform]).toEqual(['x64', 'linux/amd64']);
    // No QEMU is needed to know that.
    const kernel = { image: '/boot/vmlinuz', modules: '/lib/modules' };
    const refused = preflightImage(options({ image: `oci:${other}`, kernel }), verifyContext());
    await expect(refused).rejects.toMatchObject({
      code: 'usage',
      message: 'the image has no platform linux/amd64; it has linux/arm64',
    });
    const named = { image: `oci:${other}`, kernel, platforms: ['linux/arm64'] };
    await expect(preflightImage(options(named), verifyContext())).rejects.toMatchObject({
      code: 'usage',
      message: "kernel: a node's kernel is booted for linux/amd64, and the image is of linux/arm64",
    });
  });

  test('nothing is left in the temporary folder', async () => {
    await preflight(good);
    expect(readdirSync(folder).filter((name) => name.startsWith('verity-sign-'))).toEqual([]);
  });

  test('no program for a static test, and none is missing', async () => {
    const events = (job: ImageJob) => good(job).filter((event) => !RAN.includes(event));
    const { report, seen } = await preflight(events, { static: true, command: [] });
    expect(seen.job.program).toBeUndefined();
    expect(report).toMatchObject({ verdict: 'accepted', passed: true });
  });

  test('the images of another profile, with its signatures', async () => {
    const { report, seen } = await preflight(good, { profiles: ['containerd-cache'] });
    const hashes = LAYERS.map(
      (name) => vectors().find((vector) => vector.name === name)?.profiles['containerd-cache'].rootHash,
    );
    expect(seen.job.layers.map(({ rootHash }) => rootHash)).toEqual(hashes);
    expect(report.layers.every(({ signed }) => signed)).toBe(true);
  });

  test('no signature where none is for the profile: the kernel refuses it', async () => {
    const events = (): GuestEvent[] => [
      KERNEL,
      { event: 'layer', layer: 0, step: 'open', outcome: 'ENOKEY' },
      END,
    ];
    const { report, seen } = await preflight(events, { profiles: ['containerd-tar-index'] });
    expect(seen.job.layers.map(({ pkcs7 }) => pkcs7)).toEqual([undefined, undefined, undefined]);
    expect(report).toMatchObject({
      verdict: 'refused',
      summary: 'layer 0 is refused: it has no signature, and the kernel requires one (ENOKEY)',
    });
    expect(report).not.toHaveProperty('signatures');
    const facts = preflightParts(report)
      .map(({ text }) => text)
      .join('\n');
    // Nothing was listed: no row without a text.
    expect(facts).toContain('Policy');
    expect(facts).not.toContain('Files');
    expect(report.layers[1]).toMatchObject({ accepted: false, step: 'none' });
  });

  test('images of the class that the user names, with signatures that are for others', async () => {
    const events = (): GuestEvent[] => [
      KERNEL,
      { event: 'layer', layer: 0, step: 'mount', outcome: 'OK' },
      { event: 'layer', layer: 1, step: 'open', outcome: 'EKEYREJECTED' },
      END,
    ];
    const { report } = await preflight(events, { classes: ['A'] });
    const [, second] = report.layers;
    const signed = vectors().find(({ name }) => name === LAYERS[1])?.profiles.containerd.rootHash;
    expect(second).toMatchObject({ signedRootHash: signed, outcome: 'EKEYREJECTED' });
    expect(report.summary).toMatch(/layer 1 is refused: .*EKEYREJECTED.*the signature is for the root hash/);
  });
});

test('a set that strangers attached first does not take the place of a trusted one', async () => {
  const place = join(folder, 'rivals');
  cpSync(unsigned, place, { recursive: true });
  // Each is a stranger to whoever trusts the root of the other.
  const signers = ['p384', 'rsa2048'];
  for (const name of signers) {
    const { keyPath, chainPath } = keys.leaf(name);
    await cliOk(['sign', `oci:${place}`, '--key', keyPath, '--certificate', chainPath]);
  }
  const chosen: (readonly string[] | undefined)[] = [];
  for (const name of signers) {
    const trusted = { image: `oci:${place}`, trustedCertificates: [keys.leaf(name).caPath] };
    const { report } = await preflight(good, trusted);
    chosen.push(report.signatures?.signers);
  }
  expect(chosen).toEqual(signers.map((name) => [`CN=${name},O=Layer signing test`]));
});

test('text of the guest with control characters reaches no terminal and no Markdown', async () => {
  const evil = '\u001b[31m\n::error::x <img src=x> `|*';
  const events = (job: ImageJob): GuestEvent[] => [
    { ...KERNEL, release: evil },
    ...mounted(job),
    { event: 'overlay', outcome: 'OK' },
    {
      event: 'file',
      path: `/${evil}`,
      layer: 0,
      kind: 'program',
      mode: 0o4755,
      uid: 0,
      gid: 0,
      outcome: 'EACCES',
    },
    { event: 'started', outcome: 'OK', path: '/bin/true' },
    { event: 'output', stream: 'stderr', text: `${evil}\n` },
    {
      event: 'audit',
      text: 'ipe_op=EXECUTE ipe_hook=MMAP enforcing=1 comm="x" path=?',
      phase: 'run',
      executable: `/${evil}`,
      origin: 'memory',
      layer: null,
    },
    { event: 'ended', how: 'exit', status: 1, seconds: 0.1 },
    ...ATTACKS,
    END,
  ];
  const { report } = await preflight(events);
  expect(report).toMatchObject({ verdict: 'denied', passed: false });
  for (const text of [preflightTable(report, 80), preflightTable(report)]) {
    expect(text).not.toContain('\u001b');
    expect(text.split('\n').filter((line) => /^\s*::/.test(line))).toEqual([]);
  }
  for (const line of preflightTable(report, 80).split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  const markdown = preflightParts(report)
    .map(({ text }) => text)
    .join('\n\n');
  expect(markdown).not.toContain('\u001b');
  // A fenced block shows text as it is.
  expect(markdown.replaceAll(/^```text$[\s\S]*?^```$/gm, '')).not.toMatch(/<img/);
});

describe('the command line', () => {
  test('refuses what cannot work before it looks for a VM', async () => {
    const trust = ['--trusted-certificate', keys.leaf('p256').caPath];
    const none = await cli(['preflight', `oci:${layout}`]);
    expect(none).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/trusted-certificate is missing/),
    });
    const quote = await cli(['preflight', `oci:${layout}`, ...trust, '--command', `a 'b`]);
    expect(quote).toMatchObject({ status: 2, stderr: expect.stringMatching(/unfinished quote/) });
  });
});
