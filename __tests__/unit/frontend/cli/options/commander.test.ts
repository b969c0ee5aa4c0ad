import { describe, expect, test } from '@jest/globals';
import { INPUTS, inputGroups, inputsOf, type Surface } from '../../../../../src/frontend/inputs/catalog.ts';
import { parseCommandLine } from '../../../../helpers/command-line.ts';

/** The options of a command by the title above them, as the help prints them. */
function helpOf(command: string): Map<string, string[]> {
  const invocation = parseCommandLine([command, '--help'], {});
  if (invocation.command !== 'show') throw new Error('no help');
  const groups = new Map<string, string[]>();
  let title = '';
  for (const line of invocation.text.split('\n')) {
    if (/^[A-Z].*:$/.test(line)) title = line.slice(0, -1);
    const [, option] = /^ {2}(?:-h, )?(--[\w-]+)/.exec(line) ?? [];
    if (option !== undefined) groups.set(title, [...(groups.get(title) ?? []), option]);
  }
  return groups;
}

const ESSENTIAL = {
  sign: ['--key', '--certificate', '--manifest-signature', '--profile'],
  verify: ['--trusted-certificate', '--manifest-signature', '--signer-identity', '--profile'],
};
const TITLES = {
  sign: [
    'Essential',
    'Image',
    'Key and signatures',
    'Registry',
    'EROFS images',
    'Preflight',
    'Output and limits',
  ],
  preflight: ['Essential', 'Image', 'Trust', 'Registry', 'EROFS images', 'Preflight', 'Output and limits'],
  verify: ['Essential', 'Image', 'Trust', 'Registry', 'EROFS images', 'Output and limits'],
  'root-hash': ['Essential', 'Image', 'Registry', 'EROFS images', 'Output and limits'],
  inspect: ['Image', 'Registry', 'Output and limits'],
};

describe.each(Object.entries(TITLES))('help of %s', (command, titles) => {
  test('has its own groups, in order, and no option outside of them', () => {
    expect([...helpOf(command).keys()]).toEqual(titles);
    const listed = [...helpOf(command).values()].flat();
    const known = inputsOf(command as keyof typeof TITLES).map(({ name }) => `--${name}`);
    expect(listed.filter((option) => option !== '--help').sort()).toEqual(known.sort());
  });
});

test.each(Object.entries(ESSENTIAL))('the four essential options of %s come first', (command, options) => {
  expect(helpOf(command).get('Essential')).toEqual(options);
});

test('every input is in one group', () => {
  const grouped = inputGroups(INPUTS).flatMap(([, inputs]) => inputs);
  expect(new Set(grouped)).toEqual(new Set(INPUTS));
  expect(grouped).toHaveLength(INPUTS.length);
});

describe('an option that is given and empty is refused', () => {
  const commands = [...new Set(INPUTS.flatMap(({ on }) => on as readonly Surface[]))].filter(
    (surface) => surface !== 'action' && !surface.endsWith('-action'),
  );

  test.each(commands)('%s', (command) => {
    const inputs = inputsOf(command);
    expect(inputs.length).toBeGreaterThan(0);
    for (const { name, value, list } of inputs) {
      const values = list === true ? ['', ' ', ',', ' , '] : ['', ' '];
      for (const empty of values) {
        const given = value === undefined ? [`--${name}=${empty}`] : [`--${name}`, empty];
        for (const args of [given, ...(list === undefined ? [] : [[`--${name}`, 'a', ...given]])]) {
          expect(() => parseCommandLine([command, 'x', ...args], {})).toThrow(
            expect.objectContaining({ code: 'usage', message: `option --${name} is empty` }),
          );
        }
      }
    }
  });
});
