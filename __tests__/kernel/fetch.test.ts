import { chmod, copyFile, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildKernel } from '../../scripts/kernel/build.ts';
import { Disk } from '../../scripts/kernel/disk.ts';
import type { Report } from '../../scripts/kernel/guest-report.ts';
import { compileGuestProgram } from '../../scripts/kernel/initramfs.ts';
import { prepareMachine } from '../../scripts/kernel/machine.ts';
import type { FetchReport } from '../../src/report/node/fetch-report.ts';
import { cliOk } from '../helpers/cli.ts';
import { toolPath } from '../helpers/tools.ts';
import { oddImage, type TestImage } from './images.ts';
import { extractReference, type Reference } from './reference.ts';
import { librariesOf, root } from './root.ts';
import { makeSigners } from './signers.ts';

/** A command that opens a layer as containerd does. */
const UNSIGNED = 'without-signature';

let folder: string;
let image: TestImage;
let reference: Reference;
let opened: (FetchReport['open'] & object)['layers'];
let report: Report;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kernel-fetch-'));
  const kernel = await buildKernel();
  const machine = await prepareMachine(kernel, folder);
  await compileGuestProgram('tree', join(folder, 'tree'));
  await mkdir(join(folder, 'signers'));
  const { p256 } = await makeSigners(join(folder, 'signers'));
  image = await oddImage(join(folder, 'odd'), folder);
  reference = await extractReference(image, join(folder, 'reference'), join(folder, 'tree'));

  const disk = await Disk.create(folder);
  const layout = `oci:${image.layout}:${image.tag}`;
  const cache = join(disk.folder, 'cache');
  const profile = ['--profile', 'containerd-cache'];
  const key = ['--key', p256.key, '--certificate', p256.chain];
  await cliOk(['sign', layout, ...profile, ...key, '--export-dir', cache]);
  const trust = ['--trusted-certificate', p256.issuers];
  const signatures = join(disk.folder, 'signatures');
  const { stdout } = await cliOk([
    'fetch',
    layout,
    signatures,
    ...trust,
    ...profile,
    '--open',
    cache,
    '--json',
  ]);
  const [{ open }] = JSON.parse(stdout) as [FetchReport];
  opened = open?.layers ?? [];

  await addVeritysetup(join(disk.folder, 'tools'));
  const commands = join(disk.folder, 'commands');
  await mkdir(commands);
  for (const { device, command } of opened) await writeFile(join(commands, device), command);
  const [{ command = '', device = '' } = {}] = opened;
  const unsigned = command.replace(/ --root-hash-signature=\S+/, '').replaceAll(device, UNSIGNED);
  await writeFile(join(commands, UNSIGNED), unsigned);
  disk.step('fetched', disk.folder);
  // veritysetup is no program of a signed layer: IPE would deny it.
  report = await disk.boot(machine, ['dm_verity.require_signatures=1', 'ipe.enforce=0']);
});

afterAll(() => root(['rm', '-rf', folder]));

/** veritysetup with its libraries, for a guest that has none and no udev. */
async function addVeritysetup(target: string): Promise<void> {
  const program = toolPath('veritysetup');
  const libraries = await librariesOf(program);
  await mkdir(join(target, 'lib'), { recursive: true });
  for (const path of libraries) await copyFile(path, join(target, 'lib', basename(path)));
  const loader = libraries.map((path) => basename(path)).find((name) => name.startsWith('ld-linux'));
  await copyFile(program, join(target, 'lib/veritysetup'));
  const run = `"$place/${loader}" --library-path "$place" "$place/veritysetup"`;
  const script = `#!/bin/sh\nplace=/disk/tools/lib\nDM_DISABLE_UDEV=1 exec ${run} "$@"\n`;
  await writeFile(join(target, 'veritysetup'), script);
  await chmod(join(target, 'veritysetup'), 0o755);
}

describe('the commands of fetch --open, under require_signatures', () => {
  test('open and mount every layer with its signature', () => {
    expect(report.outcome('require_signatures')).toBe('Y');
    const distinct = new Set(image.layers.map(({ diffId }) => diffId));
    expect(opened).toHaveLength(distinct.size);
    const all = Object.fromEntries(opened.map(({ device }) => [device, 'OK']));
    const { [UNSIGNED]: _unsigned, ...signed } = report.outcomes('fetched/');
    expect(signed).toEqual(all);
    expect(report.outcomes('fetched-mount/')).toEqual(all);
  });

  test('without a signature, the kernel refuses', () => {
    expect(report.outcome(`fetched/${UNSIGNED}`)).toMatch(/required key not available/i);
  });

  test('each image that sign exported is the extracted layer, once mounted', () => {
    const mounted = new Set(opened.map(({ device }) => report.tree(`fetched/${device}`)?.join('\n')));
    expect(mounted).toEqual(new Set(reference.layers.map((tree) => tree.join('\n'))));
  });
});
