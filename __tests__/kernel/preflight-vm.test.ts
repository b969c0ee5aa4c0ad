/** Programs and kernels of the VM: who is trusted, and what is enforced. */
import { X509Certificate } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildKernel, type Kernel } from '../../scripts/kernel/build.ts';
import { stockKernel } from '../../scripts/kernel/stock.ts';
import { buildGuestFiles } from '../../scripts/preflight/guest-files.ts';
import { findGuestFiles } from '../../src/commands/preflight/vm/guest/guest-files.ts';
import { writeVmlinux } from '../../src/commands/preflight/vm/guest/vmlinux.ts';
import { run } from '../../src/lib/process/run.ts';
import { toolEnvironment } from '../helpers/tools.ts';
import { GREET, programImage } from './images.ts';
import { Guest, type GuestOptions, program, type Reported } from './preflight/guest.ts';
import { sign, type TestLayer } from './preflight/layers.ts';
import { root } from './root.ts';
import { makeSigners, type Signer, type SignerName } from './signers.ts';
import { nodeLayers } from './stacks.ts';

let folder: string;
let files: string;
let kernel: Kernel;
let signers: Record<SignerName, Signer>;
/** Signed by `rogue`. */
let layers: TestLayer[];
/** Of a signer that no kernel knows by itself. */
let rogue: Uint8Array;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kernel-preflight-vm-'));
  files = join(folder, 'guest');
  kernel = await buildKernel();
  await buildGuestFiles(kernel, files);
  await mkdir(join(folder, 'signers'));
  signers = await makeSigners(join(folder, 'signers'));
  rogue = await der(signers.rogue.certificate);
  const image = await programImage('app', join(folder, 'app'), folder);
  await mkdir(join(folder, 'layers'));
  layers = [];
  for (const layer of await nodeLayers(image, 'containerd-cache', join(folder, 'layers'))) {
    layers.push({ ...layer, signature: await sign(folder, layer.rootHash, signers.rogue) });
  }
});

afterAll(() => root(['rm', '-rf', folder]));

async function der(path: string): Promise<Uint8Array> {
  return new X509Certificate(await readFile(path)).raw;
}

/** Runs the program of the image, and attacks the lowest layer. */
async function boot(options: Pick<GuestOptions, 'certificates' | 'settings'>): Promise<Reported> {
  const guest = await Guest.create({ files, folder, ...options });
  return guest.boot({ program: program([GREET]), tamper: 0 }, layers);
}

/** What every kernel must report of an image whose signers it trusts. */
const ENFORCED = [
  { event: 'kernel', requireSignatures: 'Y', ipeEnforce: '1' },
  { event: 'layer', layer: 0, step: 'mount', outcome: 'OK' },
  { event: 'layer', layer: 1, step: 'mount', outcome: 'OK' },
  { event: 'overlay', outcome: 'OK' },
  { event: 'started', outcome: 'OK' },
  { event: 'output', stream: 'stdout', text: 'greet: original\n' },
  { event: 'ended', how: 'exit', status: 0 },
  { event: 'attack', name: 'dropped', outcome: 'EACCES' },
  { event: 'attack', name: 'changed-byte', layer: 0, control: 'OK', open: 'OK', read: 'EIO' },
];

function expectEnforced({ events }: Reported): void {
  for (const wanted of ENFORCED) expect(events).toContainEqual(expect.objectContaining(wanted));
  expect(events.at(-1)).toEqual({ event: 'end' });
}

describe('the kernel of preflight', () => {
  test('gets certificates as by insert-sys-cert', async () => {
    const certificates = [rogue, await der(signers.pinned.certificate)];
    const { kernel: source, manifest } = await findGuestFiles({ architecture: 'x64', guestDir: files });
    const at = (name: string) => join(folder, name);
    const [ours, wanted, list] = [at('vmlinux-ours'), at('vmlinux-wanted'), at('certificates.der')];
    await writeVmlinux({ source, manifest, certificates, target: ours });
    await copyFile(kernel.vmlinux, wanted);
    await writeFile(list, Buffer.concat(certificates));
    const argv = [kernel.insertCertificates, '-s', kernel.symbols, '-b', wanted, '-c', list];
    await run(argv, { env: toolEnvironment(), timeout: 60_000 });
    const [before, after] = [await readFile(kernel.vmlinux), await readFile(wanted)];
    expect(after.equals(before)).toBe(false);
    expect((await readFile(ours)).equals(after)).toBe(true);
  });

  test('trusts them: the image runs, and what was not signed does not', async () => {
    expectEnforced(await boot({ certificates: [rogue] }));
  });

  test('trusts nobody else', async () => {
    const report = await boot({ certificates: [await der(signers.pinned.certificate)] });
    expect(report.all('layer')).toContainEqual({ event: 'layer', layer: 0, step: 'open', outcome: 'ENOKEY' });
    expect([...report.all('started'), ...report.all('output')]).toEqual([]);
  });

  test('boots under the accelerator that is chosen', async () => {
    expectEnforced(await boot({ certificates: [rogue], settings: { accelerator: 'auto' } }));
  });
});

describe.each(['6.12', '7.'] as const)("Debian's kernel %s", (series) => {
  test('enforces the same, with certificates and a policy of preflight', async () => {
    const { kernel: stock, modules, release } = await stockKernel(series);
    const settings = { kernel: { image: stock, modules }, network: true };
    const report = await boot({ certificates: [rogue], settings });
    expect(report.one('kernel').release).toBe(release);
    expect(report.all('module').filter(({ outcome }) => outcome !== 'OK')).toEqual([]);
    expectEnforced(report);
  });
});
