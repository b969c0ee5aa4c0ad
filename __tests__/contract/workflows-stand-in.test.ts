import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { artifactAction, checkout, ownAction } from '../helpers/workflow/actions.ts';
import { evaluate, interpolate, open, type Scope } from '../helpers/workflow/expression.ts';

const root = join(import.meta.dirname, '../..');
const scope: Scope = {
  contexts: {
    inputs: { 'dry-run': false, key: 'a', none: '' },
    needs: { plan: { result: 'success' }, sign: { result: 'skipped' } },
    steps: { one: { outputs: open({ set: 'x' }) } },
  },
  status: 'failure',
};

describe('expressions mean what they mean on GitHub', () => {
  test.each([
    ["inputs.key == 'a' && 'yes' || 'no'", 'yes'],
    ["inputs.none && 'yes' || ''", ''],
    ["inputs.key != '' || inputs.none != ''", true],
    ['!inputs.dry-run', true],
    ['steps.one.outputs.set', 'x'],
    ['steps.one.outputs.unset', ''],
    ['needs.*.result', ['success', 'skipped']],
    ["fromJSON('[1]')", [1]],
    ["contains('ABC', 'bc')", true],
    ["contains(inputs.none, 'b')", false],
    ["startsWith('Refs/tags/v1', 'refs/TAGS/')", true],
    ["startsWith('', 'a')", false],
    ["'it''s'", "it's"],
    ['always()', true],
    ['success()', false],
    ['failure()', true],
  ])('%s', (text, value) => {
    expect(evaluate(text, scope)).toEqual(value);
  });

  test('a string with one in it, and one alone', () => {
    const braces = (text: string): string => `\${{ ${text} }}`;
    expect(interpolate(`key: ${braces('inputs.key')}!`, scope)).toBe('key: a!');
    expect(interpolate(braces('inputs.dry-run'), scope)).toBe(false);
  });
});

describe('the stand-in refuses what it does not know', () => {
  test.each([
    'github.token',
    'inputs.other',
    'steps.two.outputs.x',
    "endsWith('a', 'b')",
    'inputs.key ==',
    'a b',
    '#',
  ])('%s', (text) => {
    expect(() => evaluate(text, scope)).toThrow(/unknown|nothing has the name|cannot read/);
  });

  test('actions and inputs', () => {
    expect(() => artifactAction('actions/cache@1', {}, '')).toThrow('no stand-in for actions/cache@1');
    expect(() => artifactAction('actions/download-artifact@1', { 'run-id': '1' }, '')).toThrow('run-id');
    expect(() => checkout({ 'persist-credentials': 'true' }, root, '')).toThrow('persist-credentials');
    expect(() => checkout({}, undefined, '')).toThrow('no repository');
    expect(() => ownAction('$/sign', { imgae: 'a' }, root)).toThrow('no inputs imgae');
    expect(() => ownAction('$/other', {}, root)).toThrow('ENOENT');
    for (const others of ['actions/checkout@1', 'verity-sign/verity-sign@v0', '$/', './sign']) {
      expect(ownAction(others, {}, root)).toBeUndefined();
    }
  });
});
