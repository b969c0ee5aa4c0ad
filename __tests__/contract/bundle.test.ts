import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { fixedEnvironment } from '../../src/lib/process/environment.ts';
import { run } from '../../src/lib/process/run.ts';
import type { RootHashEntry, SignReport } from '../../src/report/report.ts';
import { REPORT_HEAD } from '../../src/report/tool.ts';
import { inputVariables, outputsIn } from '../helpers/action-files.ts';
import { pki } from '../helpers/pki.ts';
import { checkReportsOf } from '../helpers/report-schema.ts';
import { toolsPath } from '../helpers/tools.ts';
import { vectors, writeVectorImage } from '../helpers/vector-image.ts';

const root = join(import.meta.dirname, '../..');
const NAMES = ['simple-gzip', 'dirs-zstd', 'whiteouts-tar', 'xattrs-gzip', 'simple-gzip'];
const EXPECTED = NAMES.map((name) => vectors().find((vector) => vector.name === name));

/** A pristine image that each test copies. */
let original: string;
let folder: string;
let layout: string;

beforeAll(async () => {
  original = mkdtempSync(join(tmpdir(), 'bundle-image-'));
  await writeVectorImage(original, NAMES);
});
afterAll(() => rmSync(original, { recursive: true, force: true }));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  layout = join(folder, 'layout');
  cpSync(original, layout, { recursive: true });
  mkdirSync(join(folder, 'temp'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a bundle with exactly this environment; `stopAt` sends SIGTERM once the output has it. */
function bundle(file: string, args: string[], env: Record<string, string>, stopAt?: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'dist', file), ...args], { cwd: folder, env });
    let [stdout, stderr, stopped] = ['', '', false];
    const watch = (): void => {
      if (stopAt === undefined || stopped || !(stdout + stderr).includes(stopAt)) return;
      stopped = true;
      child.kill('SIGTERM');
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      watch();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      watch();
    });
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
  });
}

async function cli(...args: string[]): Promise<Ended> {
  const ended = await bundle('cli.js', args, { PATH: toolsPath(), HOME: folder });
  checkReportsOf(args, ended.stdout, folder);
  return ended;
}

/** The Action as the runner starts it: every input of action.yml is set, and the files for its results. */
async function action(
  inputs: Record<string, string>,
  env: Record<string, string> = {},
): Promise<Ended & { outputs: Record<string, string>; summary: string }> {
  const files = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary') };
  for (const path of Object.values(files)) writeFileSync(path, '');
  const ended = await bundle('sign-action.js', [], {
    PATH: toolsPath(),
    HOME: folder,
    GITHUB_ACTIONS: 'true',
    GITHUB_SERVER_URL: 'https://github.example',
    GITHUB_REPOSITORY: 'owner/repository',
    GITHUB_SHA: 'c'.repeat(40),
    GITHUB_RUN_ID: '42',
    RUNNER_TEMP: join(folder, 'temp'),
    RUNNER_TOOL_CACHE: join(folder, 'cache'),
    ...files,
    ...inputVariables('action', inputs),
    ...env,
  });
  return {
    ...ended,
    outputs: outputsIn(files.GITHUB_OUTPUT),
    summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
  };
}

function reportsIn(path: string | undefined): SignReport[] {
  return JSON.parse(readFileSync(path ?? '', 'utf8')) as SignReport[];
}

/** Digests of everything that refers to something in the layout. */
function referrers(): string[] {
  const blobs = join(layout, 'blobs/sha256');
  return readdirSync(blobs).filter((name) => readFileSync(join(blobs, name)).includes('"subject"'));
}

async function signing(): Promise<{
  inputs: Record<string, string>;
  env: Record<string, string>;
  ca: string;
}> {
  const leaf = (await pki()).leaf('rsa2048');
  return {
    inputs: { image: `oci:${layout}:vectors`, key: 'env://SIGNING_KEY', certificate: leaf.chainPath },
    env: { SIGNING_KEY: readFileSync(leaf.keyPath, 'utf8') },
    ca: leaf.caPath,
  };
}

describe('the Action', () => {
  test('signs, sets outputs, writes summary and report, and signs nothing twice', async () => {
    const { inputs, env, ca } = await signing();
    const first = await action(inputs, env);
    expect({ status: first.status, stderr: first.stderr }).toEqual({ status: 0, stderr: '' });

    const [report] = reportsIn(first.outputs['report-path']);
    expect(report?.artifacts[0]?.layers.map((layer) => layer.rootHash)).toEqual(
      EXPECTED.map((vector) => vector?.profiles.containerd.rootHash),
    );
    expect(first.outputs.digest).toBe(report?.image.digest);
    expect(JSON.parse(first.outputs['root-hashes'] ?? '')).toEqual(
      EXPECTED.map((vector, index) =>
        expect.objectContaining({
          index,
          layer: vector?.digest,
          rootHash: vector?.profiles.containerd.rootHash,
          profile: 'containerd',
          platform: 'linux/amd64',
        }),
      ),
    );
    const referrer = report?.artifacts[0]?.referrer;
    expect(JSON.parse(first.outputs['artifact-digests'] ?? '')).toEqual([
      expect.objectContaining({ digest: referrer?.digest, reused: false }),
    ]);
    expect(referrers()).toEqual([referrer?.digest.slice('sha256:'.length)]);
    for (const vector of EXPECTED) expect(first.summary).toContain(vector?.profiles.containerd.rootHash);

    // One line for each layer that is converted, none of them folded away: the last is the first again.
    const lines = first.stdout.split('\n').filter((line) => /^layer \d+ \(/.test(line));
    expect(lines.sort()).toEqual(
      EXPECTED.slice(0, -1).map((vector, index) =>
        expect.stringContaining(
          `layer ${index} (${vector?.digest}): root hash ${vector?.profiles.containerd.rootHash} (`,
        ),
      ),
    );
    expect(first.stdout).not.toContain('::group::');

    // What the summary says one can do, one can do.
    const commands = [...first.summary.matchAll(/^```sh\n([\s\S]*?)\n```$/gm)].map(([, text]) => text ?? '');
    expect(commands).toHaveLength(1);
    cpSync(ca, join(folder, 'ca.pem'));
    const shown = await run(['sh', '-ec', commands[0] ?? ''], {
      cwd: folder,
      env: { ...fixedEnvironment(), PATH: toolsPath(), HOME: folder },
    });
    expect(shown.stdout.toString()).toContain(referrer?.digest);
    expect(shown.stderr).toContain('Verification successful');

    const again = await action(inputs, env);
    expect(again.status).toBe(0);
    expect(JSON.parse(again.outputs['artifact-digests'] ?? '')).toEqual([
      expect.objectContaining({ digest: referrer?.digest, reused: true }),
    ]);
    expect(referrers()).toHaveLength(1);
  });

  test('shows no secret but to the runner for masking', async () => {
    const { inputs, env } = await signing();
    const { stdout, stderr, summary } = await action(inputs, env);
    const secret = (env.SIGNING_KEY ?? '')
      .split('\n')
      .filter((line) => line.length > 20 && !line.startsWith('---'));
    expect(secret.length).toBeGreaterThan(5);
    const unmasked = stdout.replaceAll(/^::add-mask::.*$/gm, '');
    for (const line of secret) {
      expect(stdout).toContain(`::add-mask::${line}`);
      for (const text of [unmasked, stderr, summary]) expect(text).not.toContain(line);
    }
  });

  test('a failure is one error and a summary that says what to do, with no output and nothing attached', async () => {
    const { inputs, env } = await signing();
    const other = (await pki()).leaf('p256');
    const failed = await action({ ...inputs, certificate: other.chainPath }, env);
    expect(failed.status).toBe(1);
    expect(failed.stdout.match(/^::error::/gm)).toHaveLength(1);
    expect(failed.outputs).toEqual({});
    expect(failed.summary).toContain('Signing failed: the key or its certificate');
    expect(failed.summary).toContain('docs/troubleshooting.md#key');
    expect(referrers()).toEqual([]);
    expect(readdirSync(join(folder, 'temp'))).toEqual([]);
  });

  test('a wrong input is an error that names it', async () => {
    const { status, stdout } = await action({ image: 'x', 'dry-run': 'true', timeout: 'soon' });
    expect(status).toBe(1);
    expect(stdout).toBe(
      '\n::error::input timeout: "soon" is not a time such as 90s, 5m or 1h. Use a time such as 90s, 5m or 1h\n'.slice(
        1,
      ),
    );
  });

  test('several images and profiles in a dry run: no key, nothing attached', async () => {
    const { status, outputs } = await action({
      image: `oci:${layout}:vectors\noci:${original}:vectors`,
      profile: 'containerd, containerd-tar-index',
      'dry-run': 'true',
      'show-summary': 'false',
      report: 'out/report.json',
    });
    expect(status).toBe(0);
    expect(outputs.digest?.split('\n')).toHaveLength(2);
    expect(outputs['artifact-digests']).toBe('[]');
    expect(JSON.parse(outputs['root-hashes'] ?? '')).toHaveLength(2 * 2 * NAMES.length);
    expect(outputs['report-path']).toBe(join(folder, 'out/report.json'));
    expect(reportsIn(outputs['report-path'])).toHaveLength(2);
    expect(referrers()).toEqual([]);
  });

  test("the README's test certificate signs, and openssl accepts the signature by its root", async () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const block = /<!-- certificate: run by a test -->\n```sh\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    expect(block).toContain('openssl');
    await run(['sh', '-ec', block], { cwd: folder, env: { ...fixedEnvironment(), HOME: folder } });
    const { status, outputs } = await action({
      image: `oci:${layout}:vectors`,
      key: 'signer.key',
      certificate: 'signer.pem',
    });
    expect(status).toBe(0);
    const layer = reportsIn(outputs['report-path'])[0]?.artifacts[0]?.layers[3];
    writeFileSync(join(folder, 'roothash'), layer?.rootHash ?? '');
    const signature = join(layout, 'blobs/sha256', layer?.signatureDigest?.slice('sha256:'.length) ?? '');
    const check = 'smime -verify -binary -inform DER -content roothash -CAfile root.pem -in';
    const { stderr } = await run(['openssl', ...check.split(' '), signature], {
      cwd: folder,
      env: fixedEnvironment(),
    });
    expect(stderr).toContain('Verification successful');
  });
});

describe('the CLI', () => {
  test.each([
    ['by default', [], { class: 'C' }],
    ['with mkfs.erofs', ['--builder', 'mkfs'], {}],
  ])(
    'root-hash --json prints the fields that are promised, equal to the vectors, %s',
    async (_how, more, has) => {
      const blobs = EXPECTED.slice(0, 4).flatMap((vector) => (vector === undefined ? [] : [vector]));
      const { status, stdout } = await cli('root-hash', '--json', ...more, ...blobs.map(({ path }) => path));
      expect(status).toBe(0);
      expect(JSON.parse(stdout) as RootHashEntry[]).toEqual(
        blobs.map(({ path, digest, diffId, mediaType, profiles: { containerd } }) => ({
          ...REPORT_HEAD,
          source: path,
          digest,
          diffId,
          mediaType,
          profile: 'containerd',
          ...has,
          uuid: containerd.uuid,
          // The native builder writes no image.
          ...('class' in has ? {} : { imageSha256: containerd.imageSha256 }),
          imageSize: containerd.imageSize,
          rootHash: containerd.rootHash,
        })),
      );
    },
  );

  test('sign prints its table on standard output alone and writes the report', async () => {
    const leaf = (await pki()).leaf('p384');
    const { status, stdout, stderr } = await cli(
      ...['sign', `oci:${layout}:vectors`, '--report', 'r.json'],
      ...['--key', leaf.keyPath, '--certificate', leaf.chainPath],
    );
    expect({ status }).toEqual({ status: 0 });
    const [report] = reportsIn(join(folder, 'r.json'));
    expect(stdout).toContain(report?.artifacts[0]?.referrer?.digest);
    expect(stdout).toContain(report?.signer?.fingerprint);
    expect(stderr).toContain('root hash');
    expect(stdout.split('\n').filter((line) => line.startsWith('  layer '))).toHaveLength(1 + NAMES.length);
  });

  test('exit statuses tell what kind of failure it was, in one line', async () => {
    const damaged = join(folder, 'damaged');
    const blob = readFileSync(EXPECTED[0]?.path ?? '');
    writeFileSync(damaged, blob.subarray(0, blob.length - 9));
    const key = (await pki()).leaf('ed25519');
    const cases: [number, string[]][] = [
      [2, ['sign']],
      [2, ['root-hash', '--concurrency', 'many', damaged]],
      [3, ['root-hash', damaged]],
      [
        4,
        ['root-hash', '--builder', 'mkfs', '--mkfs-path', join(folder, 'no-mkfs'), EXPECTED[0]?.path ?? ''],
      ],
      [5, ['sign', `oci:${layout}:vectors`, '--key', key.keyPath, '--certificate', key.chainPath]],
      [6, ['root-hash', '--plain-http', '127.0.0.1:1/app:1']],
    ];
    for (const [expected, args] of cases) {
      const { status, stderr } = await cli(...args);
      const last = stderr.trimEnd().split('\n').at(-1);
      expect({ args, status, last }).toEqual({
        args,
        status: expected,
        last: expect.stringMatching(/^verity-sign: (?!Internal error).*\. [A-Z]/),
      });
    }
  });

  test('SIGTERM ends it with 130 and leaves nothing behind', async () => {
    const paths = vectors().map(({ path }) => path);
    const { status, stderr, stdout } = await bundle(
      'cli.js',
      ['root-hash', '--concurrency', '1', '--temp-dir', join(folder, 'temp'), ...paths],
      { PATH: toolsPath(), HOME: folder },
      'root hash',
    );
    expect({ status, stdout }).toEqual({ status: 130, stdout: '' });
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^verity-sign: .*stopped/);
    expect(readdirSync(join(folder, 'temp'))).toEqual([]);
  });
});

test('dist holds what action.yml and package.json name', () => {
  const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    bin: Record<string, string>;
  };
  for (const path of [...Object.values(bin), 'dist/sign-action.js', 'dist/layer-worker.js']) {
    expect({ path, exists: existsSync(join(root, path)) }).toEqual({ path, exists: true });
  }
  expect(dirname(bin['verity-sign'] ?? '')).toBe('dist');
});
