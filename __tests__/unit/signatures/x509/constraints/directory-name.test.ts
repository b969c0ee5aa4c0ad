import { expect, test } from '@jest/globals';
import {
  comparableRdns,
  isBelow,
  sameName,
} from '../../../../../src/signatures/x509/constraints/directory-name.ts';
import { type Attribute, dn } from '../../../../helpers/chain-writer.ts';

const organisation = (value: string, tag?: number) => comparableRdns(dn(['O', value, tag]));

test.each<[string, string, string]>([
  ['case', 'ACME gmbh', 'Acme GmbH'],
  ['blanks around and inside', '  Acme \t  GmbH ', 'Acme GmbH'],
  ['a no-break space', 'Acme\u00a0GmbH', 'Acme GmbH'],
  ['a soft hyphen and a zero-width joiner', 'Ac\u00adme\u200d', 'Acme'],
  ['a variation selector', 'Acme\ufe0f', 'Acme'],
  ['a zero byte', 'Ac\0me', 'Acme'],
  ['composed and decomposed letters', 'Caf\u00e9', 'Cafe\u0301'],
  ['fullwidth letters', '\uff21cme', 'Acme'],
  ['the letter without an uppercase', 'Straße', 'STRASSE'],
  ['the final sigma', 'ΟΔΟΣ', 'οδος'],
])('%s makes no difference', (_what, one, other) => {
  expect(organisation(one)).toEqual(organisation(other));
});

test('the kind of string makes no difference', () => {
  const all = [0x0c, 0x13, 0x14, 0x16, 0x1e].map((tag) => organisation('Acme 1', tag));
  for (const one of all) expect(one).toEqual(all[0]);
});

test.each<[string, string, string]>([
  ['a letter', 'Acme', 'Acne'],
  ['a blank between letters', 'Ac me', 'Acme'],
  ['an accent', 'Café', 'Cafe'],
])('%s makes a difference', (_what, one, other) => {
  expect(organisation(one)).not.toEqual(organisation(other));
});

test('the order within an RDN makes no difference, its number of attributes does', () => {
  const both: Attribute[] = [
    ['O', 'a'],
    ['OU', 'b'],
  ];
  const pair = comparableRdns(dn(both));
  expect(comparableRdns(dn(both.toReversed()))).toEqual(pair);
  expect(comparableRdns(dn(...both))).not.toEqual(pair);
  expect(isBelow(comparableRdns(dn(['O', 'a'])), pair)).toBe(false);
});

test('a value cannot pass for two attributes', () => {
  const both: Attribute[] = [
    ['O', 'a'],
    ['OU', 'b'],
  ];
  const [pair] = comparableRdns(dn(both));
  for (const value of ['a","2.5.4.11=b', 'a,2.5.4.11=b', 'a"]["2.5.4.11=b']) {
    expect(comparableRdns(dn(['O', value]))).not.toContain(pair);
  }
});

test('equal names have the same RDNs, and as many', () => {
  const name = dn(['O', 'Acme', 0x13], ['CN', 'ca']);
  expect(sameName(name, dn(['O', 'acme', 0x0c], ['CN', 'ca']))).toBe(true);
  for (const other of [dn(['O', 'Acme']), dn(['O', 'Acme'], ['CN', 'cb']), dn(['CN', 'ca'], ['O', 'Acme'])]) {
    expect(sameName(name, other)).toBe(false);
    expect(sameName(other, name)).toBe(false);
  }
});
