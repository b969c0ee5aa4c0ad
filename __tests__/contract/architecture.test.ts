import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const depcruise = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

interface Cruised {
  summary: { violations: { rule: { name: string }; from: string }[]; totalCruised: number };
}

/** The rules that the sources under `cwd` break, with the file that breaks them. */
async function violations(cwd: string): Promise<string[]> {
  const args = [depcruise, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, maxBuffer: 64 * 1024 * 1024 });
  const { summary } = JSON.parse(stdout) as Cruised;
  expect(summary.totalCruised).toBeGreaterThan(1);
  return [...new Set(summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`))].sort();
}

describe('a tree that breaks the rules', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'architecture-'));
    await cp(join(root, '.dependency-cruiser.cjs'), join(folder, '.dependency-cruiser.cjs'));
    await cp(join(root, 'package.json'), join(folder, 'package.json'));
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function tree(files: Record<string, string>): Promise<string[]> {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    return violations(folder);
  }

  const a = 'export interface A { a: string }\nexport const a: A = { a: "" };\n';

  test.each<[string, Record<string, string>, string[]]>([
    [
      'a stage that imports another, even only a type',
      {
        'src/image/x.ts': `import type { A } from '../layers/y.ts';\nexport type B = A;\n`,
        'src/layers/y.ts': a,
      },
      ['stages-apart: src/image/x.ts'],
    ],
    [
      'a stage that imports the pipeline',
      {
        'src/erofs/x.ts': `import { a } from '../pipeline/y.ts';\nexport const b = a;\n`,
        'src/pipeline/y.ts': a,
      },
      ['pipeline-above-stages: src/erofs/x.ts'],
    ],
    [
      'a tool that imports a stage',
      { 'src/tools/x.ts': `export { a } from '../image/y.ts';\n`, 'src/image/y.ts': a },
      ['tools-below-stages: src/tools/x.ts'],
    ],
    [
      'a pipeline that imports a front end',
      {
        'src/pipeline/x.ts': `import { a } from '../frontend/y.ts';\nexport const b = a;\n`,
        'src/frontend/y.ts': a,
      },
      ['frontend-below-entry: src/pipeline/x.ts'],
    ],
    [
      'a front end that imports a stage',
      {
        'src/frontend/x.ts': `import { a } from '../pkcs7/y.ts';\nexport const b = a;\n`,
        'src/pkcs7/y.ts': a,
      },
      ['frontend-not-into-stages: src/frontend/x.ts'],
    ],
    [
      'the Actions toolkit in the core',
      { 'src/pipeline/x.ts': `import * as core from '@actions/core';\ncore.info('');\n`, 'src/errors.ts': a },
      ['actions-toolkit: src/pipeline/x.ts'],
    ],
    [
      'node-forge outside of PKCS#7 and signers',
      { 'src/attach/x.ts': `import forge from 'node-forge';\nexport const b = forge;\n`, 'src/errors.ts': a },
      ['forge: src/attach/x.ts'],
    ],
    [
      'a pure module that reads files',
      {
        'src/frontend/summary.ts': `import { readFileSync } from 'node:fs';\nreadFileSync('x');\n`,
        'src/errors.ts': a,
      },
      ['pure-modules: src/frontend/summary.ts'],
    ],
    [
      'a development dependency in the sources',
      { 'src/tools/x.ts': `import fc from 'fast-check';\nexport const b = fc;\n`, 'src/errors.ts': a },
      ['no-dev-dependency: src/tools/x.ts'],
    ],
    [
      'a circle',
      {
        'src/image/x.ts': `import { b } from './y.ts';\nexport const a = () => b;\n`,
        'src/image/y.ts': `import { a } from './x.ts';\nexport const b = () => a;\n`,
      },
      ['no-cycle: src/image/x.ts'],
    ],
    [
      'nothing: a stage may use the shared types and the tools',
      {
        'src/attach/x.ts': `import type { A } from '../pipeline/stages.ts';\nimport { a } from '../tools/y.ts';\nexport const b: A = a;\n`,
        'src/pipeline/stages.ts': 'export interface A { a: string }\n',
        'src/tools/y.ts': a,
      },
      [],
    ],
  ])('%s', async (_name, files, expected) => {
    expect(await tree(files)).toEqual(expected);
  });
});

test('the sources keep the rules', async () => {
  expect(await violations(root)).toEqual([]);
});
