/**
 * `npm run preflight:arm64 [-- --built]` builds the kernel and initramfs of `preflight` for arm64 into .preflight/arm64
 * (minutes), compares its certificates with those that the kernel's own program inserts, and holds the verdicts of
 * `preflight` on images of linux/arm64 against what they must be: signed, not signed, signed by somebody else, and with
 * a program that is written at run time. `--built` takes the files that are there. On an x64 machine the guest runs
 * under TCG. Needs QEMU (qemu-system-arm) and Debian's archive; images and reports stay in .demo/preflight-arm64.
 */
import { deepStrictEqual } from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findGuestFiles } from '../../src/commands/preflight/vm/guest/guest-files.ts';
import { writeVmlinux } from '../../src/commands/preflight/vm/guest/vmlinux.ts';
import { describeError } from '../../src/errors.ts';
import { GUEST_KINDS } from '../../src/model/guest-architecture.ts';
import type { PreflightReport } from '../../src/report/node/preflight-report.ts';
import { makeDemoPki } from '../demo-pki.ts';
import { buildTarget } from '../kernel/target.ts';
import type { KernelTree, TakenKernel } from '../kernel/tree.ts';
import { installSystemPrograms } from '../tools/apt.ts';
import { command, failure, inTempFolder } from '../tools/common.ts';
import { readArguments } from './arguments.ts';
import { buildGuest, guestFolder } from './build.ts';
import { busyboxOfArm64, writeArm64Image } from './real/arm64-images.ts';
import { NOT_ENFORCED, runCli } from './real/run-cli.ts';

const root = dirname(dirname(import.meta.dirname));
const work = join(root, '.demo/preflight-arm64');
const files = guestFolder('arm64');

/** What a report must say, and the exit status. */
interface Wanted {
  status: number;
  verdict: PreflightReport['verdict'];
  /** In the words of the report. */
  says: readonly string[];
}

interface Case extends Wanted {
  name: string;
  script: string;
  /** Whose signatures it has, if any. */
  signed: boolean;
  /** Whether the kernel trusts its signer, or somebody else. */
  trusted: boolean;
}

const CASES: readonly Case[] = [
  {
    name: 'signed',
    script: 'echo "runs on $(uname -m)"',
    signed: true,
    trusted: true,
    status: 0,
    verdict: 'runs',
    says: ['runs on aarch64'],
  },
  {
    name: 'not-signed',
    script: 'echo "not signed"',
    signed: false,
    trusted: true,
    status: NOT_ENFORCED,
    verdict: 'refused',
    says: ['layer 0 is refused: it has no signature, and the kernel requires one (ENOKEY)'],
  },
  {
    name: 'of-another-signer',
    script: 'echo "of another signer"',
    signed: true,
    trusted: false,
    status: NOT_ENFORCED,
    verdict: 'refused',
    says: ['(ENOKEY)', 'layer 0 is refused'],
  },
  {
    name: 'unpacks-itself',
    script: 'cp /bin/busybox /tmp/dropped && /tmp/dropped true',
    signed: true,
    trusted: true,
    status: NOT_ENFORCED,
    verdict: 'denied',
    says: ['/tmp/dropped', 'written at run time'],
  },
];

/** The certificates in our copy of an Image are where insert-sys-cert puts them in the ELF file that it was made of. */
async function compareWithKernel({ path, target }: KernelTree, { symbols }: TakenKernel): Promise<void> {
  await inTempFolder(async (folder) => {
    const at = (name: string): string => join(folder, name);
    const { ca } = await makeDemoPki(at('pki'));
    const der = new X509Certificate(await readFile(ca)).raw;
    await copyFile(join(path, 'vmlinux'), at('elf'));
    await writeFile(at('list'), der);
    const insert = [join(path, 'scripts/insert-sys-cert'), '-s', symbols, '-b', at('elf'), '-c', at('list')];
    await command(insert, folder);
    // As arch/arm64/boot/Makefile makes an Image.
    const sections = ['.note', '.note.gnu.build-id', '.comment'].flatMap((name) => ['-R', name]);
    await command(
      [`${target.prefix}objcopy`, '-O', 'binary', ...sections, '-S', at('elf'), at('wanted')],
      folder,
    );
    const { kernel: source, manifest } = await findGuestFiles({ architecture: 'arm64', guestDir: files });
    await writeVmlinux({ source, manifest, certificates: [der], target: at('ours') });
    const paths = [join(path, target.image.path), at('wanted'), at('ours')];
    const [before, after, ours] = await Promise.all(paths.map((one) => readFile(one)));
    if (before === undefined || after === undefined || ours === undefined) throw new TypeError('three files');
    if (after.equals(before)) throw failure('insert-sys-cert inserted nothing', 'Check its messages');
    if (!ours.equals(after)) {
      throw failure(
        'the certificates in the Image are not where insert-sys-cert puts them',
        'Compare the symbols in manifest.json with System.map',
      );
    }
  });
  console.log('Certificates in the Image: as by insert-sys-cert');
}

async function judge(one: Case, busybox: Buffer): Promise<void> {
  const folder = join(work, one.name);
  const layout = `oci:${join(folder, 'image')}:demo`;
  await writeArm64Image(join(folder, 'image'), busybox, one.script);
  const pki = await makeDemoPki(join(folder, 'pki'));
  const other = await makeDemoPki(join(folder, 'other'));
  if (one.signed) await runCli(['sign', layout, '--key', pki.key, '--certificate', pki.certificate]);
  const report = join(folder, 'report.json');
  const trusted = (one.trusted ? pki : other).ca;
  const started = performance.now();
  const status = await runCli([
    ...['preflight', layout, '--trusted-certificate', trusted],
    ...['--guest-dir', files, '--report', report],
  ]);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const text = await readFile(report, 'utf8');
  const [found] = JSON.parse(text) as [PreflightReport];
  deepStrictEqual(
    { status, verdict: found.verdict, platform: found.platform },
    { status: one.status, verdict: one.verdict, platform: GUEST_KINDS.arm64.platform },
    `${one.name}: ${found.summary}`,
  );
  const missing = one.says.filter((words) => !text.includes(words));
  deepStrictEqual(missing, [], `${one.name}: the report does not say so`);
  if (one.verdict === 'runs') {
    const attacks = found.attacks.map(({ name, refused }) => [name, refused]);
    deepStrictEqual(attacks, [
      ['dropped', true],
      ['changed-byte', true],
    ]);
  }
  console.log(`${one.name}: ${found.summary} (${found.kernel.accelerator}, ${seconds} s)`);
}

async function main(): Promise<void> {
  const usage = 'Run npm run preflight:arm64, or npm run preflight:arm64 -- --built';
  const { flags } = readArguments(process.argv.slice(2), { usage, flags: ['built'] });
  const { program, package: name } = GUEST_KINDS.arm64.qemu;
  await installSystemPrograms({ [program]: name, ...buildTarget('arm64').programs });
  if (!flags.has('built')) await buildGuest('arm64', files, compareWithKernel);
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  const busybox = await busyboxOfArm64();
  for (const one of CASES) await judge(one, busybox);
}

await main().catch((error: unknown) => {
  const { line, status } = describeError(error);
  console.error(line);
  process.exitCode = status;
});
