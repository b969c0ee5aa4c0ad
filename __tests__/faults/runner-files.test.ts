import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { SignReport } from '../../src/report/report.ts';
import { cli } from '../helpers/cli.ts';
import { pki } from '../helpers/pki.ts';
import { programPath } from '../helpers/programs.ts';
import { type Ran, RunnerMachine } from '../helpers/runner-machine.ts';
import { testFolder } from '../helpers/temp.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const ACTION = programPath('sign-action');
/** In a container job, the files of the runner belong to another user. */
const OTHER = 1001;
const folder = testFolder(0o755);
let key: Record<string, string>;
let machine: RunnerMachine;
let layout: string;

beforeAll(async () => {
  await writeVectorImage(join(folder, 'original'), ['simple-gzip']);
  const { keyPath, chainPath } = (await pki()).leaf('p256');
  for (const [from, to] of [
    [keyPath, 'key.pem'],
    [chainPath, 'chain.pem'],
  ] as const) {
    cpSync(from, join(folder, to));
    chmodSync(join(folder, to), 0o644);
  }
  key = { key: join(folder, 'key.pem'), certificate: join(folder, 'chain.pem') };
});
beforeEach(() => {
  machine = new RunnerMachine(ACTION, process.geteuid?.() === 0 ? { user: OTHER } : {});
  layout = join(machine.temp, 'layout');
  cpSync(join(folder, 'original'), layout, { recursive: true });
  for (const path of [layout, ...readdirSync(layout, { recursive: true, encoding: 'utf8' })]) {
    chmodSync(path === layout ? path : join(layout, path), 0o777);
  }
});
afterEach(() => {
  chmodSync(machine.temp, 0o755);
  machine.remove();
});

function sign(env: Record<string, string>, more: Record<string, string> = {}): Promise<Ran> {
  return machine.run({ image: `oci:${layout}`, ...key, 'show-summary': 'true', ...more }, env);
}

function referrers(): string[] {
  const blobs = join(layout, 'blobs/sha256');
  return readdirSync(blobs).filter((name) => readFileSync(join(blobs, name)).includes('"subject"'));
}

/** A file of the runner that this user may read only. */
function foreign(name: string): string {
  const path = join(machine.folder, name);
  writeFileSync(path, '');
  chmodSync(path, 0o444);
  return path;
}

function summary(): string {
  const path = join(machine.folder, 'summary');
  writeFileSync(path, '');
  chmodSync(path, 0o666);
  return path;
}

describe('fault 98: before any work', () => {
  const cases: [string, () => string, RegExp][] = [
    ['belongs to another user', () => foreign('theirs'), /GITHUB_OUTPUT: the file .*theirs .*\(EACCES\)/],
    ['is missing', () => join(machine.folder, 'none'), /GITHUB_OUTPUT: the file .*none .*\(ENOENT\)/],
    ['is a folder', () => machine.bin, /GITHUB_OUTPUT: the file .*bin .*\(it is a folder\)/],
  ];
  test.each(cases)('a file for outputs that %s', async (_what, path, message) => {
    const GITHUB_STEP_SUMMARY = summary();
    const { status, errors } = await sign({ GITHUB_OUTPUT: path(), GITHUB_STEP_SUMMARY });
    expect([status, errors]).toEqual([1, [expect.stringMatching(message)]]);
    expect(errors[0]).toMatch(/\. Run the job's container as the user .*--user/);
    const page = readFileSync(join(import.meta.dirname, '../../docs/troubleshooting.md'), 'utf8');
    const row = /`(GITHUB_OUTPUT: the file )… ([^`(]*)\(…\)([^`]*)`/.exec(page)?.slice(1) ?? [
      'not on the page',
    ];
    for (const text of row) expect(errors[0]).toContain(text);
    expect(readFileSync(GITHUB_STEP_SUMMARY, 'utf8')).toContain('GITHUB&#95;OUTPUT');
    expect(referrers()).toEqual([]);
  });

  test('a temporary folder of the runner that is not writable, where the report would be', async () => {
    const theirs = join(machine.folder, 'their-temp');
    mkdirSync(theirs, { mode: 0o555 });
    const { status, errors } = await sign({ RUNNER_TEMP: theirs });
    expect([status, errors]).toEqual([
      1,
      [
        expect.stringMatching(
          /RUNNER_TEMP: the folder .*their-temp is not writable \(EACCES\).*or set report to/,
        ),
      ],
    ]);
    const page = readFileSync(join(import.meta.dirname, '../../docs/troubleshooting.md'), 'utf8');
    expect(page).toContain('| `RUNNER_TEMP: the folder … is not writable (…)` (the Action)');
    expect(referrers()).toEqual([]);
    const other = await sign({ RUNNER_TEMP: theirs }, { report: join(machine.temp, 'report.json') });
    expect([other.status, other.outputs['report-path']]).toEqual([0, join(machine.temp, 'report.json')]);
  });

  test('a report that cannot be written', async () => {
    const report = join(foreign('file'), 'report.json');
    const { status, errors } = await sign({}, { report });
    expect([status, errors]).toEqual([
      1,
      [expect.stringMatching(/input report: .*report\.json cannot be written/)],
    ]);
    expect(referrers()).toEqual([]);
    const { keyPath, chainPath } = (await pki()).leaf('p256');
    const args = ['--key', keyPath, '--certificate', chainPath, '--report', '/proc/none/report.json'];
    const run = await cli(['sign', `oci:${layout}`, ...args]);
    expect([run.status, run.stderr]).toEqual([
      4,
      expect.stringMatching(/^verity-sign: option --report: \/proc/),
    ]);
    expect(referrers()).toEqual([]);
  });

  test('a summary that cannot be written is a warning', async () => {
    const { status, stdout, outputs } = await sign({ GITHUB_STEP_SUMMARY: foreign('their-summary') });
    expect(status).toBe(0);
    const warning = stdout.indexOf('::warning::GITHUB_STEP_SUMMARY: the file ');
    expect(warning).toBeGreaterThan(-1);
    expect(warning).toBeLessThan(stdout.indexOf('root hash'));
    expect(stdout.match(/^::warning::.*summary/gm)).toHaveLength(1);
    expect(outputs.digest).toMatch(/^sha256:/);
    expect(referrers()).toHaveLength(1);
  });
});

describe('fault 98: a disk that is full after the work', () => {
  function reportIn(stdout: string): SignReport[] {
    const path = /[^ ]*verity-sign-report-[^ ]*\.json/.exec(stdout)?.[0] ?? '';
    return JSON.parse(readFileSync(path, 'utf8')) as SignReport[];
  }

  test('outputs that are not taken are a warning that names the report', async () => {
    const { status, stdout, errors } = await sign({
      GITHUB_OUTPUT: '/dev/full',
      GITHUB_STEP_SUMMARY: summary(),
    });
    expect([status, errors]).toEqual([0, []]);
    expect(stdout).toMatch(
      /^::warning::the outputs could not be set \(ENOSPC.*The report .*report\.json has all/m,
    );
    expect(reportIn(stdout)[0]?.artifacts[0]?.referrer?.digest).toBe(`sha256:${referrers()[0]}`);
  });

  test('a report that is not taken is written elsewhere', async () => {
    const { status, stdout, outputs } = await sign({}, { report: '/dev/full' });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^::warning::the report cannot be written to \/dev\/full \(ENOSPC\): it is in /m);
    expect(existsSync(outputs['report-path'] ?? '')).toBe(true);
    expect(reportIn(stdout)).toHaveLength(1);
  });

  test('standard output that is not taken: one line, and the report is written', async () => {
    const report = join(folder, 'cli.json');
    const prefix = ['sh', '-c', 'exec "$@" >/dev/full', 'sh'];
    const args = ['--dry-run', '--report', report];
    const run = await cli(['sign', `oci:${layout}`, ...args], { prefix });
    expect(run.status).toBe(4);
    const last = run.stderr.trimEnd().split('\n').at(-1);
    expect(last).toMatch(/^verity-sign: standard output cannot be written to \(ENOSPC\)\. [A-Z]/);
    expect(JSON.parse(readFileSync(report, 'utf8'))).toHaveLength(1);
    const hashes = await cli(['root-hash', `oci:${layout}`], { prefix });
    expect([hashes.status, hashes.stderr]).toEqual([4, expect.not.stringContaining('Internal error')]);
  });

  test('help that is not taken: a full disk is an error, a reader that has read enough is none', async () => {
    for (const argument of ['--help', '--version', 'sign']) {
      const args = argument === 'sign' ? ['sign', '--help'] : [argument];
      const full = await cli(args, { prefix: ['sh', '-c', 'exec "$@" >/dev/full', 'sh'] });
      expect([full.status, full.stdout]).toEqual([4, '']);
      expect(full.stderr).toMatch(/^verity-sign: standard output cannot be written to \(ENOSPC\)\. .*\n$/);
      const closed = await cli(args, {
        prefix: ['bash', '-c', 'set -o pipefail; "$@" | true', 'sh'],
      });
      expect(closed).toEqual({ status: 0, stdout: '', stderr: '' });
    }
  });
});
