import { describe, expect, test } from '@jest/globals';
import { wantedOutput, withExplicitBooleans } from '../../../../../src/frontend/cli/options/booleans.ts';
import { INPUTS, type InputSpec } from '../../../../../src/frontend/inputs/catalog.ts';
import { parseCommandLine } from '../../../../helpers/command-line.ts';

const booleans = INPUTS.filter((input: InputSpec) => input.value === undefined).map(({ name }) => name);

describe('booleans of the command line', () => {
  test.each<[string, string]>([
    ['verify --strict image', 'verify --strict=true image'],
    ['verify image --strict --json', 'verify image --strict=true --json=true'],
    ['verify --strict=false image', 'verify --strict=false image'],
    ['sign --plain-http -- --strict', 'sign --plain-http=true -- --strict'],
    // Values of other options are not booleans, whatever they look like.
    ['verify --report --strict image', 'verify --report --strict image'],
    ['sign --registry-username true --dry-run', 'sign --registry-username true --dry-run=true'],
    ['sign --registry-username=true x', 'sign --registry-username=true x'],
  ])('%s', (line, expected) => {
    expect(withExplicitBooleans(line.split(' '))).toEqual(expected.split(' '));
  });

  test.each([
    ['true', 'true'],
    ['false', 'false'],
    ['False', 'false'],
    ['yes', 'true'],
    ['0', 'false'],
  ])('%s as the next word is a usage error that says how to write it', (word, meant) => {
    expect(booleans.length).toBeGreaterThan(8);
    for (const name of booleans) {
      expect(() => withExplicitBooleans(['verify', `--${name}`, word])).toThrow(
        expect.objectContaining({
          code: 'usage',
          message: `option --${name}: the word "${word}" after it is not its value`,
          remedy: `Write --${name}=${meant}`,
        }),
      );
    }
  });

  test('they never take the next word, and the last one counts', () => {
    const trust = ['--trusted-certificate', 'r.pem'];
    const parse = (...args: string[]) => parseCommandLine(['verify', ...args, ...trust], {});
    expect(parse('--strict', 'image', '--allow-expired')).toMatchObject({
      images: ['image'],
      verifying: { strict: true, allowExpired: true, recompute: true },
    });
    expect(parse('image', '--recompute=false', '--strict', '--strict=false')).toMatchObject({
      verifying: { recompute: false, strict: false },
    });
  });
});

test.each<[string, string | undefined, boolean, string | undefined]>([
  ['sign x --json --bogus', 'sign', true, undefined],
  ['--json', undefined, true, undefined],
  ['root-hash --output json', 'root-hash', true, undefined],
  ['verify --output=json', 'verify', true, undefined],
  ['verify --report - x', 'verify', true, undefined],
  ['verify --report json x', 'verify', false, 'json'],
  ['verify --report=a --json --report b', 'verify', true, 'b'],
  ['verify --report - --report=r.json', 'verify', false, 'r.json'],
  ['verify --report r.json --report -', 'verify', true, undefined],
  ['verify --report= x', 'verify', false, undefined],
  ['verify --json=false x', 'verify', false, undefined],
  ['verify -- --json --report x', 'verify', false, undefined],
])('what an invalid command line says about its output: %s', (line, command, json, report) => {
  expect(wantedOutput(line.split(' '))).toEqual({ command, json, report });
});
