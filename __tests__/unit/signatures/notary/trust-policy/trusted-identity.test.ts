import { describe, expect, test } from '@jest/globals';
import {
  isSubset,
  parseDistinguishedName,
} from '../../../../../src/signatures/notary/trust-policy/distinguished-name.ts';
import { certificateSubject } from '../../../../../src/signatures/notary/trust-policy/trusted-identity.ts';
import { type Attribute, dn } from '../../../../helpers/chain-writer.ts';
import { writeCertificate } from '../../../../helpers/der-pki.ts';

const parse = (text: string): Record<string, string> => Object.fromEntries(parseDistinguishedName(text));

describe('a name', () => {
  test.each([
    ['C=US,ST=WA,O=A', { C: 'US', ST: 'WA', O: 'A' }],
    ['  C = US ;  S = WA , O = A  ', { C: 'US', ST: 'WA', O: 'A' }],
    ['C=US,ST=WA,O=a\\,b\\;c\\+d\\\\e\\"f\\<g\\>h\\#i\\=j', { C: 'US', ST: 'WA', O: 'a,b;c+d\\e"f<g>h#i=j' }],
    ['C=US,ST=WA,O=\\ a\\  ', { C: 'US', ST: 'WA', O: ' a ' }],
    ['C=US,ST=WA,O=Caf\\c3\\A9 é', { C: 'US', ST: 'WA', O: 'Café é' }],
    ['C=US,ST=WA,O=a=b=c', { C: 'US', ST: 'WA', O: 'a=b=c' }],
    ['C=US,ST=WA,O="A"', { C: 'US', ST: 'WA', O: '"A"' }],
    ['1.2.3=x,C=US,ST=WA,O=A', { '1.2.3': 'x', C: 'US', ST: 'WA', O: 'A' }],
  ])('%s', (text, name) => {
    expect(parse(text)).toEqual(name);
  });

  test.each(['O=\\', 'O=\\x', 'O=\\1', 'O=\\ff', 'O=\\é0', '=A', 'O', 'O=A,', 'O=A,,L=b'])(
    '%s is refused',
    (text) => {
      expect(() => parse(`C=US,ST=WA,${text}`)).toThrow(expect.objectContaining({ code: 'usage' }));
    },
  );

  test('is part of another if that has all its values', () => {
    const full = parseDistinguishedName('C=US,ST=WA,O=A,CN=b');
    expect(isSubset(parseDistinguishedName('O=A,C=US,S=WA'), full)).toBe(true);
    expect(isSubset(full, parseDistinguishedName('C=US,ST=WA,O=A'))).toBe(false);
    expect(isSubset(parseDistinguishedName('C=US,ST=WA,O=a'), full)).toBe(false);
    expect(isSubset(parseDistinguishedName('C=US,ST=WA,O=A,L='), full)).toBe(true);
    expect(isSubset(parseDistinguishedName('C=US,ST=WA,O=A,CN='), full)).toBe(false);
  });
});

describe('an attribute twice', () => {
  test.each([
    'OU=a, OU=b',
    'OU=a, OU=a',
    'OU=a; OU=b',
    'O=A',
    'S=WA',
    'ST=WA',
    'CN=a, CN=',
    '1.2.3=a, 1.2.3=b',
  ])('a name with %s is refused', (more) => {
    expect(() => parseDistinguishedName(`C=US, ST=WA, O=A, ${more}`)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining('twice') }),
    );
  });

  test('an empty one before it does not count, as for notation', () => {
    expect(parse('C=US, ST=WA, O=A, OU=, OU=b')).toEqual({ C: 'US', ST: 'WA', O: 'A', OU: 'b' });
  });

  const SUBJECT: Attribute[] = [
    ['C', 'US'],
    ['ST', 'WA'],
    ['O', 'A'],
  ];
  const subjectOf = (...more: Attribute[]) =>
    certificateSubject(writeCertificate({ subject: dn(...SUBJECT, ...more) }).certificate.der);

  test('a subject with one has no identity', () => {
    expect(Object.fromEntries(subjectOf(['CN', 'a'], ['OU', 'b']))).toMatchObject({ CN: 'a', OU: 'b' });
    for (const [name, ...values] of [
      ['CN', 'a', 'b'],
      ['CN', 'a', 'a'],
      ['CN', '', 'a'],
      ['OU', 'a', 'b'],
      ['O', 'A'],
    ] as const) {
      expect(() => subjectOf(...values.map((value): Attribute => [name, value]))).toThrow(
        expect.objectContaining({ code: 'key', message: `the signer's subject has ${name} twice` }),
      );
    }
  });
});

test('what is no certificate has no subject', () => {
  expect(() => certificateSubject(Buffer.from('garbage'))).toThrow(expect.objectContaining({ code: 'key' }));
});
