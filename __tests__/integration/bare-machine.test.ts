/** The demo image on a machine with neither mkfs.erofs nor a compiler, with default options. */
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildDemoImage } from '../../scripts/demo-image.ts';
import { run } from '../../src/lib/process/run.ts';
import type { SignReport } from '../../src/report/report.ts';
import { type CliResult, cli } from '../helpers/cli.ts';
import { type LeafFiles, pki } from '../helpers/pki.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { withoutMkfs } from '../helpers/without-mkfs.ts';

const folder = testFolder();
const bin = join(folder, 'bin');
const layout = join(folder, 'demo');
const hiding = withoutMkfs();
let registry: TestRegistry;
let files: LeafFiles;

beforeAll(async () => {
  mkdirSync(bin);
  mkdirSync(join(folder, 'temp'));
  symlinkSync(process.execPath, join(bin, 'node'));
  symlinkSync(toolPath('oras'), join(bin, 'oras'));
  files = (await pki()).leaf('p256');
  await buildDemoImage(layout);
  registry = await startRegistry('referrers-api');
  const copy = ['cp', '--from-oci-layout', `${layout}:demo`, '--to-plain-http', `${registry.host}/demo:1`];
  await run([toolPath('oras'), ...copy], { env: toolEnvironment({ HOME: folder }) });
});
afterAll(() => registry.stop());

/** Runs the CLI where PATH has Node and oras only. */
async function bare(args: string[], env: Record<string, string> = {}): Promise<CliResult> {
  const temp = join(folder, 'temp');
  const result = await cli(args, {
    node: join(bin, 'node'),
    env: { PATH: bin, HOME: folder, TMPDIR: temp, ...env },
    ...(hiding.length > 0 ? { prefix: hiding } : {}),
  });
  expect(readdirSync(temp)).toEqual([]);
  return result;
}

const key = (): string[] => ['--key', files.keyPath, '--certificate', files.fullChainPath];
const trust = (): string[] => ['--trusted-certificate', files.caPath];

describe('with Node and oras only', () => {
  test.each<[string, () => string, string[]]>([
    ['a layout', () => `oci:${layout}`, []],
    ['a registry', () => `${registry.host}/demo:1`, ['--plain-http']],
  ])('%s is signed and verified', async (_what, name, more) => {
    const report = join(folder, 'report.json');
    const signed = await bare(['sign', name(), ...key(), ...more, '--report', report]);
    expect([signed.status, signed.status === 0 ? '' : signed.stderr]).toEqual([0, '']);
    const [{ builder, artifacts }] = JSON.parse(readFileSync(report, 'utf8')) as [SignReport];
    expect(builder).toMatchObject({ kind: 'native' });
    expect(artifacts[0]?.layers).toHaveLength(3);
    const verified = await bare(['verify', name(), ...trust(), ...more]);
    expect([verified.status, verified.stdout]).toEqual([0, expect.stringMatching(/verified/i)]);
  });

  test('root hashes are computed', async () => {
    expect((await bare(['root-hash', `oci:${layout}`])).status).toBe(0);
  });

  test.each([
    [['--builder', 'mkfs'], /mkfs\.erofs/],
    [['--cross-check'], /mkfs\.erofs/],
  ])('%j says what is missing, and attaches nothing', async (options, message) => {
    const before = readFileSync(join(layout, 'index.json'), 'utf8');
    const { status, stderr } = await bare(['sign', `oci:${layout}`, ...key(), ...options]);
    expect([status, stderr.trim().split('\n').at(-1)]).toEqual([4, expect.stringMatching(message)]);
    expect(readFileSync(join(layout, 'index.json'), 'utf8')).toBe(before);
  });
});
