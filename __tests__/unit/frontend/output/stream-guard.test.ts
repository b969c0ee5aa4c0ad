import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ERASE_LINE, streamFilter, writePublicPem } from '../../../../src/frontend/output/stream-guard.ts';
import { problemsOf } from '../../../helpers/agents.ts';
import { hostileText } from '../../../helpers/hostile-text.ts';

const plain = { commands: false, terminal: false };
const filtered = (chunks: readonly string[], options = plain): string =>
  chunks.map(streamFilter(options)).join('');

test('ordinary lines pass, in chunks of any size', () => {
  const text = 'a: 1\n  b::c # d\n\nwithout an end';
  expect(filtered([text])).toBe(text);
  expect(filtered([...text])).toBe(text);
});

test('commands show no credentials of a URL, and keep all else; masks stay exact', () => {
  const actions = { commands: true, terminal: false };
  const url = 'https://user:secret@host/a?sig=secret';
  expect(filtered([`::debug::Downloading ${url}\n`], actions)).toBe(
    '::debug::Downloading https://***@host/a?***\n',
  );
  expect(filtered([`::warning::${url}%0Anext%0D%0Aline ?b=1\n`], actions)).toBe(
    '::warning::https://***@host/a?***%0Anext%0D%0Aline ?b=1\n',
  );
  expect(filtered([`::add-mask::${url}\n`], actions)).toBe(`::add-mask::${url}\n`);
});

test('a trigger is split, also one that comes in parts', () => {
  expect(filtered(['x #', '#v', 'so[task.complete]\n'])).toBe('x # #vso[task.complete]\n');
  expect(filtered(['x\n ', ':', ':error::e\n'])).toBe('x\n : :error::e\n');
  expect(filtered(['a:', ':b\n'])).toBe('a::b\n');
});

test('commands of the toolkit pass in the Actions, one to a chunk, without properties', () => {
  const actions = { commands: true, terminal: false };
  for (const line of ['::warning::a%0Ab\n', '::group::Sign\n', '::endgroup::\n', '::add-mask::##vso[\n']) {
    expect(filtered(['x\n', line], actions)).toBe(`x\n${line}`);
    expect(filtered([line])).toMatch(/^: :/);
    expect(filtered(['open', line], actions)).toMatch(/^open::/);
  }
  expect(filtered(['::debug::##[group]\u001b\n'], actions)).toBe('::debug::# #[group]\\u001b\n');
  for (const foreign of [
    '::set-output name=a::b\n',
    '::stop-commands::x\n',
    '::add-matcher::x.json\n',
    '::warning title=a::b\n',
    'a\n::warning::b\n',
    '::debug::a\n::warning::b\n',
  ]) {
    expect(filtered([foreign], actions)).not.toMatch(/^::/m);
  }
});

test('only a terminal gets the sequence that erases its line, and only at the start of a chunk', () => {
  const terminal = { commands: false, terminal: true };
  expect(filtered([`${ERASE_LINE}layer 0\u001b[2J`], terminal)).toBe(`${ERASE_LINE}layer 0\\u001b[2J`);
  expect(filtered([`a${ERASE_LINE}b`], terminal)).toBe('a\\u000d\\u001b[Kb');
  expect(filtered([`${ERASE_LINE}a`])).toBe('\\u000d\\u001b[Ka');
});

test('fault 78: whatever is written in whatever chunks, nothing is obeyed', () => {
  fc.assert(
    fc.property(fc.array(hostileText()), fc.boolean(), (chunks, commands) => {
      const text = filtered(chunks, { commands, terminal: false });
      expect(problemsOf(text, { commands: true })).toEqual([]);
      if (!commands) expect(problemsOf(text)).toEqual([]);
    }),
    { seed: 13_079, numRuns: 4000 },
  );
});

test('a certificate request passes as it is, and nothing else does', () => {
  const written: string[] = [];
  const stream = { write: (text: string) => written.push(text) > 0 } as unknown as NodeJS.WriteStream;
  const pem = (label: string, end = label) => `-----BEGIN ${label}-----\nQUJD\nQUI=\n-----END ${end}-----\n`;
  for (const label of ['CERTIFICATE', 'CERTIFICATE REQUEST']) writePublicPem(stream, pem(label));
  expect(written).toEqual([pem('CERTIFICATE'), pem('CERTIFICATE REQUEST')]);
  for (const other of [
    pem('PRIVATE KEY'),
    pem('CERTIFICATE', 'PRIVATE KEY'),
    `::error::x\n${pem('CERTIFICATE')}`,
    pem('CERTIFICATE').replace('QUJD', '##vso[x'),
    pem('CERTIFICATE') + pem('CERTIFICATE'),
    'text\n',
  ]) {
    expect(() => writePublicPem(stream, other)).toThrow(TypeError);
  }
  expect(written).toHaveLength(2);
});
