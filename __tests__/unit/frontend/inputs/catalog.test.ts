import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { INPUTS, type InputName, type InputSpec } from '../../../../src/frontend/inputs/catalog.ts';
import { parseCommandLine } from '../../../helpers/command-line.ts';

const page = readFileSync(new URL('../../../../docs/inputs.md', import.meta.url), 'utf8');
const ALL: readonly InputSpec[] = INPUTS;
const namesOf = (kind: InputSpec['list']): string[] => [
  ...new Set(ALL.filter(({ list }) => list === kind).map(({ name }) => name)),
];

/** A command line for each list, and two items of it. */
const LISTS = {
  platform: ['inspect oci:x', 'linux/amd64', 'linux/arm64'],
  profile: ['root-hash oci:x', 'containerd', 'containerd-cache'],
  'erofs-utils-version': ['root-hash oci:x', 'A', 'C'],
  'allow-skip': ['inspect oci:x', 'application/x-one', 'nondistributable'],
  'trusted-certificate': ['verify oci:x', 'a.pem', 'b.pem'],
  'trust-store': ['verify oci:x', 'one', 'tsa:two'],
  'preflight-certificate': ['sign oci:x --key awskms:///alias/a --preflight', 'a.pem', 'b.pem'],
  'push-to': ['sign oci:x --dry-run', 'r.example/a:1', 'r.example/a:2'],
} as const satisfies Partial<Record<InputName, readonly [string, string, string]>>;

describe('lists', () => {
  test('every list of the CLI that commas separate is tried', () => {
    const onCli = new Set(
      ALL.filter(({ on }) => on.some((one) => !one.endsWith('action'))).map(({ name }) => name),
    );
    expect(
      namesOf(true)
        .filter((name) => onCli.has(name))
        .sort(),
    ).toEqual(Object.keys(LISTS).sort());
  });

  test.each(Object.entries(LISTS))('%s: by commas, by line ends, and repeated', (name, [line, one, two]) => {
    const parse = (...values: string[]) =>
      parseCommandLine([...line.split(' '), ...values.flatMap((value) => [`--${name}`, value])], {});
    const repeated = parse(one, two);
    expect(JSON.stringify(repeated)).not.toBe(JSON.stringify(parse(one)));
    for (const text of [`${one},${two}`, `${one}, ${two}`, `${one}\n${two}`, ` ${one} ,\n${two},`]) {
      expect(parse(text)).toEqual(repeated);
    }
  });

  test('a list that only line ends separate says so, also in docs/inputs.md', () => {
    for (const { name, description } of ALL.filter(({ list }) => list === 'lines')) {
      expect({ name, description }).toEqual({ name, description: expect.stringContaining('per line') });
    }
    const [, named = ''] = /separated by new lines only:\s([^.]*)\./.exec(page) ?? [];
    expect([...named.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name).sort()).toEqual(
      namesOf('lines').sort(),
    );
  });

  test('their commas are kept', () => {
    const line = ['verify', 'oci:x', '--trust-store', 's', '--signer-identity', 'CN=a,O=b'];
    expect(parseCommandLine(line, {})).toMatchObject({ verifying: { signerIdentities: ['CN=a,O=b'] } });
  });
});

test('choices contain the default, and the description names each of them', () => {
  const chosen = ALL.filter(({ choices }) => choices !== undefined);
  expect(chosen.length).toBeGreaterThan(6);
  for (const { name, choices = [], default: preset = '', description } of chosen) {
    expect({ name, choices }).toEqual({ name, choices: expect.arrayContaining([preset]) });
    expect({ name, missing: choices.filter((choice) => !description.includes(choice)) }).toEqual({
      name,
      missing: [],
    });
  }
});

test('booleans are true or false by default', () => {
  const booleans = ALL.filter(({ value }) => value === undefined);
  expect(booleans.filter((input) => !['true', 'false'].includes(input.default ?? ''))).toEqual([]);
});
