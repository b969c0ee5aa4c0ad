import { X509Certificate } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildKernel, type Kernel } from '../../scripts/kernel/build.ts';
import { stockKernel } from '../../scripts/kernel/stock.ts';
import { buildGuestFiles } from '../../scripts/preflight/guest-files.ts';
import { chooseAccelerator } from '../../src/commands/preflight/vm/accelerator.ts';
import {
  SIGNED_LAYERS_POLICY,
  signEphemeralPolicy,
} from '../../src/commands/preflight/vm/ephemeral-policy.ts';
import { readEvents } from '../../src/commands/preflight/vm/events.ts';
import { findFirmware } from '../../src/commands/preflight/vm/firmware.ts';
import { findGuestFiles, type GuestFiles } from '../../src/commands/preflight/vm/guest-files.ts';
import { writeInitramfs } from '../../src/commands/preflight/vm/initramfs.ts';
import { encodeJob, type Job } from '../../src/commands/preflight/vm/job.ts';
import type { GuestEvent } from '../../src/commands/preflight/vm/protocol.ts';
import { bootGuest, type GuestMachine, MAX_LAYERS } from '../../src/commands/preflight/vm/qemu.ts';
import { readStockKernel } from '../../src/commands/preflight/vm/stock-kernel.ts';
import { writeUefiVariables } from '../../src/commands/preflight/vm/uefi-variables.ts';
import { writeVmlinux } from '../../src/commands/preflight/vm/vmlinux.ts';
import { run } from '../../src/lib/process/run.ts';
import { silentLogger } from '../../src/logger.ts';
import { openssl } from '../helpers/pki.ts';
import { toolEnvironment } from '../helpers/tools.ts';
import { GREET, programImage } from './images.ts';
import type { NodeLayer } from './node-layers.ts';
import { root } from './root.ts';
import { makeSigners, type Signer, type SignerName } from './signers.ts';
import { nodeLayers } from './stacks.ts';

const CONSOLE = ['console=ttyS0', 'panic=-1', 'initramfs_async=0'];
const REQUIRED = [...CONSOLE, 'dm_verity.require_signatures=1'];
const MEMORY = 512 * 1024 * 1024;

let folder: string;
let kernel: Kernel;
let files: GuestFiles;
let signers: Record<SignerName, Signer>;
let layers: NodeLayer[];
/** Of a signer that no kernel knows by itself. */
let rogue: Uint8Array;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kernel-preflight-vm-'));
  kernel = await buildKernel();
  await buildGuestFiles(kernel, join(folder, 'guest'));
  files = await findGuestFiles({ guestDir: join(folder, 'guest') });
  await mkdir(join(folder, 'signers'));
  signers = await makeSigners(join(folder, 'signers'));
  rogue = await der(signers.rogue.certificate);
  const image = await programImage('app', join(folder, 'app'), folder);
  await mkdir(join(folder, 'layers'));
  layers = await nodeLayers(image, 'containerd-cache', join(folder, 'layers'));
});

afterAll(() => root(['rm', '-rf', folder]));

async function der(path: string): Promise<Uint8Array> {
  return new X509Certificate(await readFile(path)).raw;
}

/** What dist signs a layer with, by openssl. */
async function sign({ rootHash }: NodeLayer, { key, certificate }: Signer): Promise<Uint8Array> {
  const text = join(folder, rootHash);
  await writeFile(text, rootHash);
  const how = ['-binary', '-noattr', '-outform', 'DER', '-in', text, '-out', `${text}.p7s`];
  await openssl(['smime', '-sign', ...how, '-signer', certificate, '-inkey', key], folder);
  return readFile(`${text}.p7s`);
}

interface Wanted {
  machine: GuestMachine;
  commandLine: readonly string[];
  job?: Partial<Job>;
  /** Of each layer, the lowest first. */
  stack: readonly NodeLayer[];
  signer: Signer;
}

let boots = 0;

async function boot({ machine, commandLine, job, stack, signer }: Wanted): Promise<GuestEvent[]> {
  boots += 1;
  const at = (name: string) => join(folder, `${name}-${boots}`);
  const serial = (number: number) => `layer-${String(number).padStart(3, '0')}`;
  // The same layer may lie in the stack many times: its signature is one file.
  const signatures = new Map<string, Uint8Array>();
  for (const layer of new Set(stack)) signatures.set(layer.rootHash, await sign(layer, signer));
  const content: Job = {
    modules: [],
    certificates: [],
    policies: [],
    layers: stack.map(({ hashOffset, rootHash }, number) => {
      return { number, serial: serial(number), hashOffset, rootHash, pkcs7: signatures.get(rootHash) };
    }),
    network: false,
    list: false,
    program: {
      arguments: [GREET],
      environment: [],
      user: '',
      directory: '/',
      limits: { time: 60, alive: 0 },
      health: undefined,
    },
    tamper: 0,
    ...job,
  };
  await writeFile(at('job'), encodeJob(content));
  await bootGuest({
    machine,
    accelerator: 'tcg',
    memory: MEMORY,
    commandLine,
    job: at('job'),
    report: at('report'),
    console: at('console'),
    layers: stack.map(({ path }, number) => ({ path, serial: serial(number) })),
    network: content.network,
    timeout: 180_000,
  });
  const events: GuestEvent[] = [];
  for await (const event of readEvents(at('report'))) events.push(event);
  return events;
}

async function ownMachine(certificates: readonly Uint8Array[]): Promise<GuestMachine> {
  boots += 1;
  const [vmlinux, initramfs] = [join(folder, `vmlinux-${boots}`), join(folder, `initramfs-${boots}`)];
  await writeVmlinux({ source: files.kernel, manifest: files.manifest, certificates, target: vmlinux });
  await writeInitramfs({ source: files.initramfs, manifest: files.manifest, more: [], target: initramfs });
  return { kind: 'direct', vmlinux, initramfs };
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

function expectEnforced(events: readonly GuestEvent[]): void {
  for (const wanted of ENFORCED) expect(events).toContainEqual(expect.objectContaining(wanted));
  expect(events.at(-1)).toEqual({ event: 'end' });
}

describe('the kernel of preflight', () => {
  test('gets certificates as by insert-sys-cert', async () => {
    const certificates = [rogue, await der(signers.pinned.certificate)];
    const machine = await ownMachine(certificates);
    const [wanted, list] = [join(folder, 'vmlinux-wanted'), join(folder, 'certificates.der')];
    await copyFile(kernel.vmlinux, wanted);
    await writeFile(list, Buffer.concat(certificates));
    const argv = [kernel.insertCertificates, '-s', kernel.symbols, '-b', wanted, '-c', list];
    await run(argv, { env: toolEnvironment(), timeout: 60_000 });
    const [before, after] = [await readFile(kernel.vmlinux), await readFile(wanted)];
    expect(after.equals(before)).toBe(false);
    expect(machine.kind === 'direct' && (await readFile(machine.vmlinux)).equals(after)).toBe(true);
  });

  test('trusts them: the image runs, and what was not signed does not', async () => {
    const machine = await ownMachine([rogue]);
    expectEnforced(await boot({ machine, commandLine: REQUIRED, stack: layers, signer: signers.rogue }));
  });

  test('trusts nobody else', async () => {
    const machine = await ownMachine([await der(signers.pinned.certificate)]);
    const events = await boot({ machine, commandLine: REQUIRED, stack: layers, signer: signers.rogue });
    expect(events).toContainEqual({ event: 'layer', layer: 0, step: 'open', outcome: 'ENOKEY' });
    expect(events.filter(({ event }) => event === 'started' || event === 'output')).toEqual([]);
  });

  test(`opens an image of ${MAX_LAYERS} layers`, async () => {
    const [base, top] = layers;
    if (base === undefined || top === undefined) throw new Error('the image has no two layers');
    const stack = [base, ...Array.from({ length: MAX_LAYERS - 1 }, () => top)];
    const machine = await ownMachine([rogue]);
    const job = { tamper: undefined, network: true };
    const events = await boot({ machine, commandLine: REQUIRED, job, stack, signer: signers.rogue });
    const mounted = events.filter((event) => event.event === 'layer' && event.outcome === 'OK');
    expect(mounted).toHaveLength(MAX_LAYERS);
    expect(events).toContainEqual({ event: 'ended', how: 'exit', status: 0, seconds: expect.any(Number) });
  });

  test('boots under the accelerator that is chosen', async () => {
    const machine = await ownMachine([]);
    const options = { choice: 'auto', machine, commandLine: REQUIRED, folder, log: silentLogger } as const;
    expect(['kvm', 'tcg']).toContain(await chooseAccelerator(options));
  });
});

describe.each(['6.12', '7.'] as const)("Debian's kernel %s", (series) => {
  test('enforces the same, with certificates and a policy of preflight', async () => {
    const { kernel: vmlinuz, modules, release } = await stockKernel(series);
    const stock = await readStockKernel({ kernel: vmlinuz, modules, network: true });
    expect(stock.release).toBe(release);
    const policy = await signEphemeralPolicy(SIGNED_LAYERS_POLICY, new Date());
    const { code, variables: template } = findFirmware();
    const [initramfs, variables] = [join(folder, `initramfs-${series}`), join(folder, `variables-${series}`)];
    const { manifest } = files;
    await writeInitramfs({ source: files.initramfs, manifest, more: stock.entries, target: initramfs });
    await writeUefiVariables({ template, certificates: [rogue, policy.certificate], target: variables });
    const events = await boot({
      machine: { kind: 'uefi', kernel: vmlinuz, initramfs, firmware: code, variables },
      commandLine: CONSOLE,
      job: { modules: stock.modules, policies: [{ name: 'preflight', pkcs7: policy.pkcs7 }], network: true },
      stack: layers,
      signer: signers.rogue,
    });
    expect(events.filter((event) => event.event === 'module' && event.outcome !== 'OK')).toEqual([]);
    expectEnforced(events);
  });
});
