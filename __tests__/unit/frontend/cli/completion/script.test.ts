import { expect, test } from '@jest/globals';
import { SHELLS, type Shell } from '../../../../../src/frontend/cli/completion/shells.ts';
import { parseCommandLine } from '../../../../helpers/command-line.ts';

function script(shell: Shell): string {
  const invocation = parseCommandLine(['completion', shell], {});
  if (invocation.command !== 'show') throw new Error('not shown');
  return invocation.text;
}

test('every command that the help lists is completed in every shell', () => {
  const help = parseCommandLine(['--help'], {});
  const commands =
    help.command === 'show' ? [...help.text.matchAll(/^ {2}([a-z-]+) /gm)].map(([, name]) => name) : [];
  expect(commands).toEqual(expect.arrayContaining(['sign', 'verify', 'completion', 'help']));
  for (const shell of SHELLS) {
    for (const name of commands) expect(script(shell)).toMatch(new RegExp(`\\b${name}\\b`));
  }
});

test('an unknown shell is a usage error that names the shells', () => {
  expect(() => parseCommandLine(['completion', 'csh'], {})).toThrow(/Allowed choices are bash, zsh, fish/);
});
