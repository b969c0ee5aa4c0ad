import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { OPTION_TYPES, renderOptionTypes } from '../../scripts/docs/library-options.ts';
import { ACTIONS, PAGES, renderAction, renderPage, SIGN_COPY } from '../../scripts/docs.ts';
import { ipePolicyOutputsOf } from '../../src/frontend/action/ipe-policy-outputs.ts';
import { OUTPUTS, outputsFor } from '../../src/frontend/action/output-list.ts';
import { outputsOf } from '../../src/frontend/action/sign-outputs.ts';
import { verifyOutputsOf } from '../../src/frontend/action/verify-outputs.ts';
import { type ActionSurface, INPUTS, inputGroups, inputsOf } from '../../src/frontend/inputs/catalog.ts';
import { TOOL } from '../../src/report/tool.ts';
import { parseCommandLine } from '../helpers/command-line.ts';
import { noWarning } from '../helpers/reports.ts';

const root = join(import.meta.dirname, '../..');
const file = (name: string): string => readFileSync(join(root, name), 'utf8');

/** Keys at the indentation of two blanks in a section of an action.yml, with what is below them. */
function entries(action: string, section: string): Map<string, string> {
  const text = new RegExp(`^${section}:\\n((?: .*\\n)+)`, 'm').exec(file(action))?.[1] ?? '';
  const parts = text.split(/^ {2}(?! )/m).filter((part) => part !== '');
  return new Map(
    parts.map((part) => [part.slice(0, part.indexOf(':')), part.slice(part.indexOf(':') + 1)] as const),
  );
}

test("the types of the library's options are what the list of inputs makes", () => {
  expect(file(OPTION_TYPES)).toBe(renderOptionTypes());
});

/** The outputs that each Action sets if nothing was done. */
const SET: Record<ActionSurface, () => object> = {
  action: () => outputsOf([], '', noWarning, undefined),
  'verify-action': () => verifyOutputsOf([], '', noWarning, true),
  'ipe-policy-action': () => ipePolicyOutputsOf(undefined, '', noWarning),
};

describe.each(Object.keys(ACTIONS) as ActionSurface[])('action.yml of %s', (surface) => {
  const { path, main } = ACTIONS[surface];

  test('is what the list of inputs makes', () => {
    expect(file(path)).toBe(renderAction(surface));
  });

  test('has the inputs of the code, each with a description and the default of the code', () => {
    const inputs = entries(path, 'inputs');
    expect([...inputs.keys()]).toEqual(inputsOf(surface).map(({ name }) => name));
    for (const spec of inputsOf(surface)) {
      const text = inputs.get(spec.name) ?? '';
      expect(text).toMatch(/description: >-\n {6}\S/);
      const preset = /default: (".*")/.exec(text)?.[1];
      expect(preset === undefined ? undefined : JSON.parse(preset)).toBe(spec.default);
    }
  });

  test('has the outputs that the code sets', () => {
    const names = outputsFor(surface).map(({ name }) => name);
    expect([...entries(path, 'outputs').keys()]).toEqual(names);
    expect(Object.keys(SET[surface]()).sort()).toEqual([...names].sort());
  });

  test('runs a bundle on Node 24', () => {
    expect(file(path).endsWith(`\nruns:\n  using: node24\n  main: ${main}\n`)).toBe(true);
    expect(file(join(dirname(path), main)).length).toBeGreaterThan(1000);
  });
});

test('sign/action.yml is the Action of the root with a path', () => {
  expect(file(SIGN_COPY.path)).toBe(renderAction('action', SIGN_COPY.main));
  expect(join(dirname(SIGN_COPY.path), SIGN_COPY.main)).toBe(ACTIONS.action.main);
});

describe('the documents', () => {
  test.each(Object.keys(PAGES) as (keyof typeof PAGES)[])('%s has the tables that the lists make', (page) => {
    expect(renderPage(page, file(page))).toBe(file(page));
  });

  test('docs/inputs.md names every input and output, once for each meaning', () => {
    const all: { name: string }[] = [...INPUTS, ...OUTPUTS];
    for (const { name } of all) {
      const rows = file('docs/inputs.md')
        .split('\n')
        .filter((line) => new RegExp(`^\\| \`${name}\` *\\|`).test(line));
      const meanings = all.filter((other) => other.name === name).length;
      expect({ name, rows: rows.length }).toEqual({ name, rows: meanings });
    }
  });
});

describe("the CLI's help", () => {
  test.each([
    'sign',
    'root-hash',
    'verify',
    'inspect',
    'remove',
    'export',
    'fetch',
    'ipe-policy',
    'node-kit',
    'preflight',
    'doctor',
    'csr',
    'version',
  ] as const)('%s has the options of the list and no others', (command) => {
    const invocation = parseCommandLine([command, '--help'], {});
    const help = invocation.command === 'show' ? invocation.text : '';
    const options = [...help.matchAll(/^ {2}(?:-\w, )?--([a-z-]+)/gm)].map(([, name]) => name);
    const listed = inputGroups(inputsOf(command)).flatMap(([, inputs]) => inputs.map(({ name }) => name));
    expect(options).toEqual([...listed, 'help']);
  });

  const github = ['github-token', 'github-check', 'github-comment', 'base-image'];
  test.each([
    ['action', 'sign', github],
    ['verify-action', 'verify', github],
    ['ipe-policy-action', 'ipe-policy', []],
  ] as const)(
    'every input of %s that is no matter of the runner is an option of %s',
    (action, command, own) => {
      const options = inputsOf(command).map(({ name }) => name as string);
      const missing = inputsOf(action).filter(({ name }) => !options.includes(name));
      const installing = ['install', 'oras-version', 'oras-sha256', 'oras-download-url'];
      const building = ['erofs-utils-url', 'erofs-utils-sha256', 'runner-cache'];
      const names = ['image', ...installing, ...building, 'show-summary', ...own];
      expect(missing.map(({ name }) => name)).toEqual(names);
    },
  );
});

test('name and version are those of package.json', () => {
  expect(JSON.parse(file('package.json'))).toMatchObject(TOOL);
});

test('workflows pin every action by a full commit and ask for least permissions', () => {
  const workflow = file('.github/workflows/ci.yml');
  const uses = [...workflow.matchAll(/uses: (\S+)(.*)/g)].filter(([, action]) => action !== './');
  expect(uses.length).toBeGreaterThan(3);
  for (const [line] of uses) expect(line).toMatch(/^uses: [\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  expect(workflow).toMatch(/^permissions:\n {2}contents: read$/m);
});

test('the gate of the workflow needs every other job', () => {
  const workflow = file('.github/workflows/ci.yml');
  const jobs = [...(workflow.split(/^jobs:$/m)[1] ?? '').matchAll(/^ {2}([\w-]+):$/gm)].map(([, job]) => job);
  const needs = /needs: \[(.*)\]/.exec(workflow)?.[1]?.split(', ');
  expect(jobs.filter((job) => job !== 'gate').sort()).toEqual(needs?.sort());
});
