/** JSON on standard output, for runs that succeed and for runs that fail. `cli` validates it by its schema. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import { TOOL } from '../../src/report/tool.ts';
import { cli, cliOk } from '../helpers/cli.ts';
import { ImageWriter } from '../helpers/image-writer.ts';
import { pki } from '../helpers/pki.ts';
import { programPath } from '../helpers/programs.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { vectors, writeVectorImage } from '../helpers/vector-image.ts';

const root = join(import.meta.dirname, '../..');
const folder = testFolder();
let key: string[];
let trust: string[];

beforeAll(async () => {
  const { keyPath, chainPath, caPath } = (await pki()).leaf('p256');
  key = ['--key', keyPath, '--certificate', chainPath];
  trust = ['--trusted-certificate', caPath];
  for (const name of ['unsigned', 'signed']) {
    mkdirSync(join(folder, name));
    await writeVectorImage(join(folder, name), ['simple-gzip']);
  }
  await cliOk(['sign', signed(), ...key]);
});

const signed = (): string => `oci:${join(folder, 'signed')}`;
const unsigned = (): string => `oci:${join(folder, 'unsigned')}`;
const missing = (): string => `oci:${join(folder, 'missing')}`;
/** A layout of its own, for a run that signs. */
function copy(name: string): string {
  cpSync(join(folder, 'unsigned'), join(folder, name), { recursive: true });
  return `oci:${join(folder, name)}`;
}
const parse = (stdout: string): Record<string, unknown>[] => JSON.parse(stdout);

describe('a run that succeeds', () => {
  test.each<[string, () => string[], object]>([
    ['sign', () => ['sign', copy('json'), ...key], { signer: { holder: 'pem' } }],
    ['verify', () => ['verify', signed(), ...trust], { verdict: 'verified' }],
    ['inspect', () => ['inspect', signed()], { platforms: [{ layers: 1 }] }],
    ['root-hash', () => ['root-hash', signed()], { profile: 'containerd' }],
  ])('%s prints an array and nothing else', async (_name, args, item) => {
    const { stdout, stderr } = await cliOk([...args(), '--output', 'json', '--quiet']);
    expect(parse(stdout)).toMatchObject([{ schemaVersion: 1, tool: TOOL, ...item }]);
    expect(stderr).toBe('');
  });

  test('--report - prints the report, and the table to standard error', async () => {
    const { stdout, stderr } = await cliOk(['verify', signed(), ...trust, '--report', '-']);
    expect(parse(stdout)).toMatchObject([{ verdict: 'verified' }]);
    expect(stderr).toContain('verdict');
    const both = await cliOk(['verify', signed(), ...trust, '--report', '-', '--json']);
    expect(parse(both.stdout)).toHaveLength(1);
    expect(both.stderr).not.toContain('verdict');
  });

  test('a report that a file takes only in part is an error', async () => {
    const path = join(folder, 'part.json');
    const prefix = ['sh', '-c', `ulimit -f 1; exec "$@" > '${path}'`, 'sh'];
    for (const args of [
      ['verify', signed(), ...trust, '--json'],
      ['verify', signed(), ...trust, '--report', '-'],
      ['inspect', signed(), '--json'],
    ]) {
      const { status, stderr } = await cli(args, { prefix });
      expect([status, stderr]).toEqual([
        4,
        expect.stringContaining('standard output cannot be written to (EFBIG)'),
      ]);
    }
  });

  test('the printed report is the one in the file', async () => {
    const path = join(folder, 'report.json');
    const { stdout } = await cliOk(['verify', signed(), ...trust, '--json', '--report', path]);
    expect(readFileSync(path, 'utf8')).toBe(stdout);
  });

  test('text stays text', async () => {
    const { stdout } = await cliOk(['verify', signed(), ...trust, '--json=false', '--output=text']);
    expect(stdout).toContain('verdict');
    expect(() => JSON.parse(stdout)).toThrow();
  });
});

describe('a run that fails', () => {
  const failed = (code: string) => ({ error: { code } });

  test.each<[string, () => string[], number, object[]]>([
    ['sign', () => ['sign', missing(), unsigned(), ...key], 2, [failed('usage'), failed('cancelled')]],
    ['sign', () => ['sign', copy('first'), missing(), ...key], 2, [{ dryRun: false }, failed('usage')]],
    ['sign', () => ['sign', unsigned(), '--key', '/none', '--certificate', '/none'], 2, [failed('usage')]],
    [
      'verify',
      () => ['verify', unsigned(), signed(), ...trust],
      10,
      [{ verdict: 'not-signed' }, { verdict: 'verified' }],
    ],
    [
      'inspect',
      () => ['inspect', signed(), missing(), signed()],
      2,
      [{ platforms: [{}] }, failed('usage'), failed('cancelled')],
    ],
    ['root-hash', () => ['root-hash', signed(), missing()], 2, [{ class: 'C' }, failed('usage')]],
    ['root-hash', () => ['root-hash', signed(), '--temp-dir', '/proc/none'], 4, [failed('environment')]],
    [
      'a report path that is refused',
      () => ['sign', unsigned(), ...key, '--report', '/proc/none/r'],
      4,
      [failed('environment')],
    ],
  ])('%s: an item for each image, and its exit status: %#', async (_name, args, status, items) => {
    const result = await cli([...args(), '--json']);
    expect(result.status).toBe(status);
    expect(parse(result.stdout)).toMatchObject(items);
    expect(parse(result.stdout)).toHaveLength(items.length);
    if (status < 10) expect(result.stderr).toMatch(/^verity-sign: .+/m);
  });

  test.each<[string, string[], string]>([
    ['sign', ['sign', '--json'], "missing required argument 'image'"],
    ['verify', ['verify', 'x', '--output=json', '--bogus'], "unknown option '--bogus'"],
    ['verify', ['verify', 'x', '--report', '-', '--allow-expired', 'true'], 'is not its value'],
    ['inspect', ['inspect', 'x', '--json', '--timeout', 'soon'], 'option --timeout: "soon"'],
    ['root-hash', ['root-hash', '--json'], "missing required argument 'source'"],
    ['an unknown command', ['frobnicate', '--json'], "unknown command 'frobnicate'"],
  ])('%s with an invalid command line: one item that says so: %#', async (_name, args, message) => {
    const { status, stdout, stderr } = await cli(args);
    expect(status).toBe(2);
    const [item, ...more] = parse(stdout);
    expect(item).toEqual({
      schemaVersion: 1,
      tool: TOOL,
      error: { code: 'usage', message: expect.stringContaining(message), remedy: expect.any(String) },
    });
    expect(more).toEqual([]);
    expect(stderr).toContain(message);
  });

  // Neither is about images.
  test.each([
    ['version', ['--nosuch']],
    ['version', ['more']],
    ['doctor', ['--nosuch']],
  ])('%s with an invalid command line: an object that says so: %#', async (command, words) => {
    const { status, stdout, stderr } = await cli([command, '--json', ...words]);
    const { error, ...head } = JSON.parse(stdout);
    expect([status, head]).toEqual([2, { schemaVersion: 1, tool: TOOL }]);
    expect(error).toEqual({ code: 'usage', message: expect.any(String), remedy: expect.any(String) });
    expect(stderr).toContain(error.message);
    expect(await cli([command, ...words])).toMatchObject({ status: 2, stdout: '' });
  });

  test.each<[string, string[]]>([
    ['a bad value', ['--at', 'nonsense']],
    ['an option that there is not', ['--bogus']],
    ['an empty option', ['--signer-identity', '']],
  ])('an invalid command line replaces the report of an earlier run: %s', async (_what, invalid) => {
    const path = join(folder, 'replaced.json');
    const args = ['verify', signed(), ...trust, '--report', path];
    await cliOk(args);
    expect(parse(readFileSync(path, 'utf8'))).toMatchObject([{ verdict: 'verified' }]);
    expect(await cli([...args, ...invalid])).toMatchObject({ status: 2, stdout: '' });
    expect(parse(readFileSync(path, 'utf8'))).toEqual([
      { schemaVersion: 1, tool: TOOL, error: expect.objectContaining({ code: 'usage' }) },
    ]);
  });

  test('what is no report of the command stays as it is, and a path that is refused is named', async () => {
    const path = join(folder, 'kept.json');
    writeFileSync(path, '[]');
    expect((await cli(['inspect', signed(), '--report', path])).status).toBe(2);
    expect(readFileSync(path, 'utf8')).toBe('[]');
    const { status, stderr } = await cli(['verify', signed(), '--bogus', '--report', '/proc/none/r']);
    expect([status, stderr.trimEnd().split('\n')]).toEqual([
      2,
      [
        expect.stringMatching(/option --report: \/proc\/none\/r cannot be written to/),
        expect.stringMatching(/unknown option '--bogus'/),
      ],
    ]);
  });

  test('an invalid command line prints nothing to standard output without JSON', async () => {
    expect(await cli(['verify', 'x', '--bogus'])).toMatchObject({ status: 2, stdout: '' });
  });
});

describe('what is logged', () => {
  const args = (): string[] => ['verify', signed(), ...trust];

  test('--debug, and VERITY_SIGN_DEBUG unless --quiet is given', async () => {
    const debug = /^debug: verity-sign .*, Node\.js /m;
    expect((await cliOk(args())).stderr).not.toMatch(debug);
    const shown = (await cliOk([...args(), '--debug'])).stderr;
    const variable = (await cliOk(args(), { env: { VERITY_SIGN_DEBUG: '1' } })).stderr;
    expect(shown).toMatch(debug);
    expect(variable).toMatch(debug);
    expect((await cliOk([...args(), '--quiet'], { env: { VERITY_SIGN_DEBUG: '1' } })).stderr).toBe('');
  });

  test('--quiet keeps warnings, errors and results', async () => {
    const env = { SSL_CERT_FILE: '/none.pem' };
    const { stdout, stderr } = await cliOk([...args(), '--quiet'], { env });
    expect(stdout).toContain('verdict');
    expect(stderr).toMatch(/^warning: SSL_CERT_FILE is not used: .*\n$/);
    expect((await cli(['inspect', missing(), '--quiet'])).stderr).toMatch(/^verity-sign: .* is not a folder/);
  });
});

describe('version', () => {
  test('says what is found, in text and JSON', async () => {
    const { stdout } = await cliOk(['version', '--json']);
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      tool: TOOL,
      node: process.versions.node,
      platform: `${process.platform}/${process.arch}`,
      classes: { '1.8.6': '1.8.6', '1.8.10': 'A', '1.9.1': 'A', '1.9.2': 'B', '1.9.3': 'C', '1.9.4': 'C' },
      defaultClass: 'C',
      oras: { path: 'oras', version: expect.stringMatching(/^1\.3\.3/) },
      mkfs: { path: toolPath('mkfs.erofs'), version: '1.9.4' },
    });
    const text = (await cliOk(['version'])).stdout;
    for (const part of [`verity-sign  ${TOOL.version}`, 'C (default): erofs-utils 1.9.3, 1.9.4']) {
      expect(text).toContain(part);
    }
  });

  test('a program that is missing, too old or leaks credentials is a problem, not a failure', async () => {
    const version = async (...args: string[]) =>
      JSON.parse((await cliOk(['version', '--json', ...args])).stdout);
    const none = await version('--oras-path', '/none', '--mkfs-path', '/none');
    expect(none.oras).toEqual({ problem: expect.stringContaining('Install oras') });
    expect(none.mkfs).toEqual({ problem: expect.stringContaining('/none is not an executable file') });
    const old = await version('--oras-path', toolPath('oras-1.2'), '--mkfs-path', toolPath('mkfs.erofs-1.5'));
    expect(old.oras).toMatchObject({
      version: expect.stringMatching(/^1\.2/),
      problem: expect.stringContaining('1.3.3'),
    });
    expect(old.mkfs).toEqual({ problem: expect.stringContaining('is too old') });
  });
});

test("the README's line with jq prints what the README shows", async () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const [, line = '', shown = ''] =
    /<!-- json: run by a test -->\n```sh\n([\s\S]*?)```\n\n```text\n([\s\S]*?)```/.exec(readme) ?? [];
  expect(line).toContain('| jq -r'.replace(' ', '\n  '));
  const certificate = /<!-- certificate: run by a test -->\n```sh\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const cwd = join(folder, 'readme');
  mkdirSync(cwd);
  const shell = (script: string) =>
    run(['sh', '-ec', script], { cwd, env: toolEnvironment({ HOME: cwd }), timeout: 300_000 });
  await shell(certificate);

  const images = await ImageWriter.create();
  try {
    const [layer] = vectors().filter(({ mediaType }) => mediaType.endsWith('+gzip'));
    if (layer === undefined) throw new Error('no vector');
    const { mediaType, diffId } = layer;
    const entries = [];
    for (const architecture of ['amd64', 'arm64']) {
      const platform = { os: 'linux', architecture };
      const layers = [{ bytes: readFileSync(layer.path), mediaType }];
      entries.push({ ...(await images.image({ layers, diffIds: [diffId], platform })), platform });
    }
    await images.add(await images.index(entries), '1.0');
    const image = `oci:${images.directory}:1.0`;
    await cliOk(['sign', image, '--key', join(cwd, 'signer.key'), '--certificate', join(cwd, 'signer.pem')]);
    const program = `'${process.execPath}' '${programPath('cli')}'`;
    const script = line.replace('npx verity-sign', program).replace('registry.example/app:1.0', image);
    writeFileSync(join(cwd, 'script'), script);
    expect((await shell(script)).stdout.toString()).toBe(shown);
  } finally {
    await images.remove();
  }
});
