import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { testFolder } from '../helpers/temp.ts';

const root = join(import.meta.dirname, '../..');
const depcruise = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const FOLDERS = ['src', 'scripts', '__tests__'];

interface Cruised {
  summary: { violations: { rule: { name: string }; from: string }[]; totalCruised: number };
}

/** The rules that the tree at `cwd` breaks, as `rule: file that breaks it`. */
async function violations(cwd: string): Promise<string[]> {
  const args = [depcruise, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...FOLDERS];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, maxBuffer: 64 * 1024 * 1024 });
  const { summary } = JSON.parse(stdout) as Cruised;
  expect(summary.totalCruised).toBeGreaterThan(1);
  return [...new Set(summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`))].sort();
}

/** A file of a sample tree that imports other files or packages. */
type Sample = [what: string, file: string, imports: readonly string[], rule: string | undefined];

/** One violation for each rule, and the imports that the rules allow. Files belong to one sample each. */
const SAMPLES: readonly Sample[] = [
  ['a front end that imports an entry', 'src/frontend/a1.ts', ['src/entry/b1.ts'], 'below-entry'],
  ['a command that imports a front end', 'src/commands/sign/a2.ts', ['src/frontend/b2.ts'], 'below-frontend'],
  ['an engine that imports a command', 'src/oci/image/a3.ts', ['src/commands/sign/b3.ts'], 'below-commands'],
  [
    'a tool that imports an engine',
    'src/tools/a4.ts',
    ['src/oci/oras/b4.ts'],
    'below-oci-convert-signatures',
  ],
  ['a report that imports a tool', 'src/report/a5.ts', ['src/tools/b5.ts'], 'below-tools'],
  ['a format that imports a report', 'src/formats/a6.ts', ['src/report/b6.ts'], 'below-report'],
  ['a library that imports a format', 'src/lib/process/a7.ts', ['src/formats/b7.ts'], 'below-formats'],
  ['a model that imports a library', 'src/model/a8.ts', ['src/lib/b8.ts'], 'base-imports-nothing'],
  [
    'an engine that imports another engine',
    'src/convert/blob/a9.ts',
    ['src/signatures/x509/b9.ts'],
    'engines-apart',
  ],
  [
    'a verb that imports another verb',
    'src/commands/verify/a10.ts',
    ['src/commands/sign/b10.ts'],
    'verbs-one-way',
  ],
  [
    'the shared folder that imports a verb',
    'src/commands/shared/a11.ts',
    ['src/commands/verify/b11.ts'],
    'verbs-one-way',
  ],
  ['gate that imports inspect', 'src/commands/gate/a12.ts', ['src/commands/inspect/b12.ts'], 'gate-one-way'],
  ['sign that imports gate', 'src/commands/sign/a13.ts', ['src/commands/gate/b13.ts'], 'sign-one-way'],
  [
    'preflight that imports sign',
    'src/commands/preflight/a94.ts',
    ['src/commands/sign/b94.ts'],
    'preflight-one-way',
  ],
  [
    'remove that imports inspect',
    'src/commands/remove/a99.ts',
    ['src/commands/inspect/b99.ts'],
    'remove-one-way',
  ],
  ['export that imports sign', 'src/commands/export/a98.ts', ['src/commands/sign/b98.ts'], 'export-one-way'],
  [
    'doctor that imports export',
    'src/commands/doctor/a96.ts',
    ['src/commands/export/b96.ts'],
    'doctor-one-way',
  ],
  [
    'node-kit that imports sign',
    'src/commands/node-kit/a95.ts',
    ['src/commands/sign/b95.ts'],
    'node-kit-one-way',
  ],
  ['fetch that imports export', 'src/commands/fetch/a97.ts', ['src/commands/export/b97.ts'], 'fetch-one-way'],
  [
    'ipe-policy that imports sign',
    'src/commands/ipe-policy/a98.ts',
    ['src/commands/sign/b98.ts'],
    'ipe-policy-one-way',
  ],
  [
    'inspect that imports sign',
    'src/commands/inspect/a14.ts',
    ['src/commands/sign/b14.ts'],
    'inspect-one-way',
  ],
  ['an entry that imports a command', 'src/entry/a15.ts', ['src/commands/sign/b15.ts'], 'entry-stays-thin'],
  [
    'a renderer that knows the Action',
    'src/frontend/render/sign/a16.ts',
    ['src/frontend/action/b16.ts'],
    'render-is-text',
  ],
  [
    'the CLI that imports the Action',
    'src/frontend/cli/a17.ts',
    ['src/frontend/action/b17.ts'],
    'surfaces-apart',
  ],
  ['the logger that imports a library', 'src/logger.ts', ['src/lib/b18.ts'], 'base-imports-nothing'],
  [
    'an import of a room that has no place',
    'src/commands/sign/a37.ts',
    ['src/pipeline/b37.ts'],
    'known-rooms',
  ],
  [
    'an import of a file at the root of src, by which a room could reach upwards',
    'src/lib/a38.ts',
    ['src/b38.ts'],
    'known-rooms',
  ],
  ['the Actions toolkit in the core', 'src/commands/sign/a19.ts', ['@actions/core'], 'actions-toolkit'],
  ['node-forge outside of signatures', 'src/oci/attach/a20.ts', ['node-forge'], 'cryptography'],
  ['a pure module that reads files', 'src/frontend/render/a21.ts', ['node:fs'], 'pure-modules'],
  ['a package that is only for tests', 'src/tools/a22.ts', ['fast-check'], 'bundled-packages'],
  ['an import of a missing file', 'src/tools/a23.ts', ['src/tools/missing.ts'], 'resolvable'],
  ['a source that imports a script', 'src/tools/a24.ts', ['scripts/b24.ts'], 'src-alone'],
  ['a source that imports a test', 'src/tools/a25.ts', ['__tests__/helpers/b25.ts'], 'src-alone'],
  [
    'a script that imports a test helper',
    'scripts/bench/a26.ts',
    ['__tests__/helpers/b26.ts'],
    'scripts-without-tests',
  ],
  [
    'the installer that imports a script',
    'scripts/tools/a27.ts',
    ['scripts/kernel/b27.ts'],
    'tools-below-scripts',
  ],
  [
    'a unit test that starts tools, through a helper',
    '__tests__/unit/a28.test.ts',
    ['__tests__/helpers/b28.ts'],
    'unit-without-tools',
  ],
  [
    'a helper that imports a test',
    '__tests__/helpers/a29.ts',
    ['__tests__/faults/b29.test.ts'],
    'helpers-below-tests',
  ],
  [
    'a helper that imports a script',
    '__tests__/helpers/a30.ts',
    ['scripts/bench/b30.ts'],
    'scripts-of-helpers',
  ],
  [
    'a fault test that imports a script',
    '__tests__/faults/a31.test.ts',
    ['scripts/docs.ts'],
    'scripts-of-faults',
  ],
  [
    'a fuzz program that imports a script',
    '__tests__/fuzz/a32.ts',
    ['scripts/demo-image.ts'],
    'scripts-of-fuzz',
  ],
  [
    'a contract test of a benchmark',
    '__tests__/contract/a33.test.ts',
    ['scripts/bench/b33.ts'],
    'scripts-of-contract',
  ],
  [
    'an integration test of a build',
    '__tests__/integration/a34.test.ts',
    ['scripts/build/b34.ts'],
    'scripts-of-integration',
  ],
  [
    'a kernel test of a benchmark',
    '__tests__/kernel/a35.test.ts',
    ['scripts/bench/b35.ts'],
    'scripts-of-kernel',
  ],
  [
    'the test of one script that imports another',
    '__tests__/scripts/bench/a36.test.ts',
    ['scripts/build/b36.ts'],
    'scripts-of-scripts',
  ],
  [
    'an engine that imports all below it',
    'src/oci/a50.ts',
    [
      'src/tools/b50.ts',
      'src/report/b50.ts',
      'src/formats/b50.ts',
      'src/lib/b50.ts',
      'src/model/b50.ts',
      'src/errors.ts',
      'zod',
    ],
    undefined,
  ],
  [
    'a room that imports a room of its engine',
    'src/convert/worker/a51.ts',
    ['src/convert/tar/b51.ts'],
    undefined,
  ],
  [
    'a command that imports all engines',
    'src/commands/sign/a52.ts',
    [
      'src/oci/b52.ts',
      'src/convert/b52.ts',
      'src/signatures/b52.ts',
      'src/commands/verify/b52.ts',
      'src/commands/shared/b52.ts',
    ],
    undefined,
  ],
  [
    'a helper that starts a pinned tool',
    '__tests__/helpers/a53.ts',
    ['scripts/tools/b53.ts', 'src/oci/b53.ts'],
    undefined,
  ],
  ['the test of a script', '__tests__/scripts/build/a54.test.ts', ['scripts/build/b54.ts'], undefined],
  [
    'the contract test of a script',
    '__tests__/contract/a55.test.ts',
    ['scripts/docs.ts', 'scripts/build/b55.ts'],
    undefined,
  ],
];

const CYCLES = ['src/convert/tar/one.ts', 'scripts/bench/one.ts', '__tests__/helpers/one.ts'];

describe('a tree that breaks the rules', () => {
  const folder = testFolder();
  let found: string[];

  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };

  beforeAll(async () => {
    for (const file of ['.dependency-cruiser.cjs', 'package.json'])
      await cp(join(root, file), join(folder, file));
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    const imported = SAMPLES.flatMap(([, , imports]) => imports).filter((to) => /\.ts$/.test(to));
    for (const path of imported)
      if (!path.endsWith('missing.ts')) await write(path, 'export interface A {}\n');
    await write('scripts/tools/b28.ts', 'export interface A {}\n');
    await write('__tests__/helpers/b28.ts', "export type { A } from '../../scripts/tools/b28.ts';\n");
    // A type alone is an import too.
    for (const [, file, imports] of SAMPLES)
      await write(file, imports.map((to) => importing(file, to)).join(''));
    for (const file of CYCLES) {
      await write(file, "import type { A } from './two.ts';\nexport type B = A;\n");
      await write(file.replace('one', 'two'), "import type { B } from './one.ts';\nexport type A = B;\n");
    }
    found = await violations(folder);
  });

  test.each(SAMPLES)('%s', (_what, file, _imports, rule) => {
    const own = found.filter((violation) => violation.endsWith(`: ${file}`));
    expect(own).toEqual(rule === undefined ? [] : [`${rule}: ${file}`]);
  });

  test.each(CYCLES)('a cycle at %s', (file) => {
    expect(found.filter((violation) => violation.startsWith('no-cycle: '))).toContain(`no-cycle: ${file}`);
  });

  test('breaks every rule of the configuration', () => {
    const { forbidden } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as {
      forbidden: { name: string }[];
    };
    const broken = new Set(found.map((violation) => violation.split(':')[0]));
    expect([...broken].sort()).toEqual(forbidden.map(({ name }) => name).sort());
  });
});

function importing(file: string, to: string): string {
  const up = '../'.repeat(file.split('/').length - 1);
  return `export type * from '${to.endsWith('.ts') ? `${up}${to}` : to}';\n`;
}

test('the sources, scripts and tests keep the rules', async () => {
  expect(await violations(root)).toEqual([]);
});

test('no type is imported inline, where dependency-cruiser does not see it', () => {
  const inline = /(?:typeof |[:=<|&(,] ?)import\('\.[^']*'\)\s*\.(?!then\b)/;
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const found = files.filter(
    (name) => name.endsWith('.ts') && inline.test(readFileSync(join(root, 'src', name), 'utf8')),
  );
  expect(inline.test("type A = import('./b.ts').B")).toBe(true);
  expect(found).toEqual([]);
});

test('one file finds the folders of the user: elsewhere an empty HOME would be the working folder', () => {
  const reads = /\b(?:env\.|env\[')(?:HOME|XDG_CONFIG_HOME)\b|\b(?:homedir|userInfo)\(/;
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const found = files.filter(
    (name) => name.endsWith('.ts') && reads.test(readFileSync(join(root, 'src', name), 'utf8')),
  );
  expect(found.sort()).toEqual(['frontend/settle-home.ts', 'lib/process/environment.ts']);
});

test('one file listens to signals: elsewhere one that has aborted before would be missed', () => {
  const listens = /EventListener\(\s*'abort'|\.onabort\b|addAbortListener/;
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const found = files.filter(
    (name) => name.endsWith('.ts') && listens.test(readFileSync(join(root, 'src', name), 'utf8')),
  );
  expect(found).toEqual(['lib/concurrent.ts']);
});
