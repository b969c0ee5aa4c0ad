/** The part of `npm run demo:real` with a kernel: it opens, refuses and denies as a node does. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FetchReport } from '../../src/report/node/fetch-report.ts';
import type { SignReport } from '../../src/report/report.ts';
import { issueDemoLeaf } from '../demo-pki.ts';
import { buildKernel, isKernelCached } from '../kernel/build.ts';
import { Disk, type GuestLayer } from '../kernel/disk.ts';
import { prepareMachine } from '../kernel/machine.ts';
import { installGuestPackages } from '../kernel/packages.ts';
import { reportStep } from '../tools/setup/progress.ts';
import { checkOutcomes } from './outcomes.ts';
import { PLAIN_HTTP } from './registry.ts';
import { step, veritySign } from './run.ts';

const FIXTURES = fileURLToPath(new URL('../../__tests__/fixtures/kernel-pki', import.meta.url));
/** Of EROFS, bytes. */
const BLOCK = 4096;
const PROFILE = ['--profile', 'containerd-cache'];

/** Of the demo image: a static program in layer 1, and one that layer 2 replaces. */
const BUSYBOX = '/opt/demo/bin/busybox';
const HELLO = '/opt/demo/bin/hello';

/**
 * Signs an image of the demo's registry again, for a kernel that trusts a test CA, and boots that kernel with the layers and
 * the signatures that a node would have. Throws unless the kernel decides each case as it must.
 */
export async function showKernel(folder: string, image: string): Promise<void> {
  const work = join(folder, 'kernel');
  const log = join(folder, 'kernel.log');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  try {
    const kernel = await step('The kernel: from the cache, or built now', async () => {
      await installGuestPackages();
      if (!(await isKernelCached()))
        await reportStep('download and build', async () => void (await buildKernel()));
      const built = await buildKernel();
      console.log(`Linux ${built.version} (${built.packageVersion}): ${built.image}`);
      return built;
    });
    const layers = await signForKernel(work, image);
    await step('Boot with dm_verity.require_signatures=1, and try', async () => {
      const machine = await prepareMachine(kernel, work);
      const disk = await addSteps(await Disk.create(work), layers, work);
      const report = await disk.boot(machine, ['dm_verity.require_signatures=1']);
      writeFileSync(log, report.console);
      console.log(
        `The guest ran ${report.seconds.toFixed(1)} s under ${machine.accelerator.toUpperCase()}. It saw:`,
      );
      checkOutcomes(report, layers.length);
    });
    console.log(
      `\nThe kernel ran the signed image, and nothing else. Its messages: ${relative(process.cwd(), log)}`,
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Lowest layer first. */
async function signForKernel(work: string, image: string): Promise<GuestLayer[]> {
  const leaf = await step('A second certificate, from the CA that this kernel trusts', () => {
    console.log(
      "A kernel trusts what it was built with: here the tests' CA in __tests__/fixtures/kernel-pki, whose private key is\n" +
        'public. So the image is signed a second time. Your kernel trusts your CA: docs/kernel.md.',
    );
    const ca = join(FIXTURES, 'rsa-root');
    return issueDemoLeaf(join(work, 'pki'), `${ca}.pem`, `${ca}.test-only.key`);
  });
  const { key, certificate, ca } = leaf;
  const cache = join(work, 'cache');
  const signed = join(work, 'sign.json');
  const fetched = join(work, 'fetch.json');
  await step("Sign for containerd's layer cache, and fill one", () =>
    veritySign('sign', image, { key, certificate, report: signed, 'export-dir': cache }, [
      ...PROFILE,
      ...PLAIN_HTTP,
    ]),
  );
  await step('Fetch the signatures, as a node does', () =>
    veritySign('fetch', image, { 'trusted-certificate': ca, report: fetched, open: cache }, [
      ...[join(work, 'signatures'), ...PROFILE, ...PLAIN_HTTP],
    ]),
  );
  const [{ artifacts }] = JSON.parse(readFileSync(signed, 'utf8')) as [SignReport];
  const [{ open, signatures }] = JSON.parse(readFileSync(fetched, 'utf8')) as [FetchReport];
  return (artifacts[0]?.layers ?? []).map(({ rootHash }) => {
    const layer = open?.layers.find((one) => one.rootHash === rootHash);
    const signature = signatures.find((one) => one.rootHash === rootHash);
    if (layer === undefined || signature === undefined) throw new Error(`the node has no layer ${rootHash}`);
    const { path, hashOffset } = layer;
    return { path, hashOffset, rootHash, signature: readFileSync(signature.path) };
  });
}

async function addSteps(disk: Disk, layers: readonly GuestLayer[], work: string): Promise<Disk> {
  for (const [at, layer] of layers.entries()) {
    await disk.layer(`images/demo/${String(at).padStart(2, '0')}`, layer);
  }
  const application = layers[1];
  if (application === undefined) throw new Error('the demo image has no layer 1');
  await disk.layer('cases/unsigned', { ...application, signature: undefined });
  await disk.layer('tampered/modified', { ...application, path: changeByte(application.path, work) });
  return disk
    .step('layers', 'demo')
    .step('container', 'demo')
    .step('own', 'hello', HELLO, 'node')
    .step('own', 'bash', '/bin/bash', '-c', 'echo $((6 * 7))')
    .step('own', 'busybox', BUSYBOX, 'echo', 'runs')
    .step('dropped', BUSYBOX, HELLO)
    .step('end_container')
    .step('judge', 'unsigned')
    .step('tampered', 'modified', BUSYBOX);
}

/** A copy of the image of layer 1 with another byte in the first block of busybox; returns its path. */
function changeByte(layer: string, work: string): string {
  const bytes = readFileSync(layer);
  // Files begin at blocks. The text is in busybox only, and busybox has the magic elsewhere too.
  let header = Math.floor(bytes.indexOf('BusyBox v') / BLOCK) * BLOCK;
  while (header >= 0 && bytes.toString('latin1', header, header + 4) !== '\x7fELF') header -= BLOCK;
  if (header < 0) throw new Error('busybox is not in layer 1');
  // A byte that nothing looks at: padding of the ELF header.
  bytes.writeUInt8(bytes.readUInt8(header + 15) ^ 1, header + 15);
  const path = join(work, 'modified.erofs');
  writeFileSync(path, bytes);
  return path;
}
