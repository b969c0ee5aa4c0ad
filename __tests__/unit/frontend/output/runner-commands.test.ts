import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import {
  debug,
  failWith,
  infoGroup,
  maskSecret,
  setOutputs,
  warn,
} from '../../../../src/frontend/output/runner-commands.ts';
import { problemsOf } from '../../../helpers/agents.ts';
import { everything } from '../../../helpers/hostile-text.ts';
import { testFolder } from '../../../helpers/temp.ts';

const folder = testFolder();
let printed: string;
beforeEach(() => {
  printed = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
});

test('fault 78: every command carries hostile text without obeying it', () => {
  debug(everything());
  warn(everything());
  infoGroup(everything(), [everything(), everything()]);
  infoGroup(everything(), []);
  expect(failWith(new Error(everything()))).toBe(1);
  expect(process.exitCode).toBe(1);
  expect(printed.match(/^::(?:debug|warning|group|endgroup|error)::/gm)?.length).toBeGreaterThan(5);
  expect(problemsOf(printed, { commands: true })).toEqual([]);
});

test('a secret is hidden as it is, and as the log would show it', () => {
  maskSecret('plain');
  maskSecret('a##b');
  expect(printed).toBe('::add-mask::plain\n::add-mask::a##b\n::add-mask::a# #b\n');
});

test('outputs stay exact', () => {
  const file = join(folder, 'output');
  writeFileSync(file, '');
  const before = process.env.GITHUB_OUTPUT;
  process.env.GITHUB_OUTPUT = file;
  try {
    setOutputs({ 'report-path': '/a\nreport-path=/evil\n##vso[x]' });
  } finally {
    if (before === undefined) delete process.env.GITHUB_OUTPUT;
    else process.env.GITHUB_OUTPUT = before;
  }
  const [, delimiter = ''] = /^report-path<<(\S+)\n/.exec(readFileSync(file, 'utf8')) ?? [];
  expect(readFileSync(file, 'utf8')).toBe(
    `report-path<<${delimiter}\n/a\nreport-path=/evil\n##vso[x]\n${delimiter}\n`,
  );
  expect(printed).toBe('');
});
