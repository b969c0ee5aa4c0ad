import { describe, expect, test } from '@jest/globals';
import { encodeSubject } from '../../../../src/signatures/csr/subject.ts';
import { readRdns } from '../../../../src/signatures/x509/name.ts';

const read = (text: string) => readRdns(encodeSubject(text)).map(([only]) => [only?.type, only?.value]);

describe('a subject', () => {
  test('is in the order of X.509: the most general attribute first', () => {
    expect(read('CN=release,O=Example,C=DE')).toEqual([
      ['2.5.4.6', 'DE'],
      ['2.5.4.10', 'Example'],
      ['2.5.4.3', 'release'],
    ]);
  });

  test('has the string types that RFC 5280 asks for', () => {
    const der = encodeSubject('CN=ö,C=DE,emailAddress=a@example.org,DC=org').toString('hex');
    expect(der).toContain('0c02c3b6');
    expect(der).toContain('13024445');
    expect(der).toContain(`160d${Buffer.from('a@example.org').toString('hex')}`);
    expect(der).toContain(`1603${Buffer.from('org').toString('hex')}`);
  });

  test('may have escapes, blanks around its parts, and other names of attributes', () => {
    expect(read('CN=a\\, b\\+c\\2C , S = Bavaria,E=a@b')).toEqual([
      ['1.2.840.113549.1.9.1', 'a@b'],
      ['2.5.4.8', 'Bavaria'],
      ['2.5.4.3', 'a, b+c,'],
    ]);
  });

  test('may have several parts of a domain', () => {
    expect(read('DC=example,DC=org').map(([, value]) => value)).toEqual(['org', 'example']);
  });

  test.each([
    ['', 'is not a list of attributes'],
    ['release', 'is not a list of attributes'],
    ['CN=', 'is not a list of attributes'],
    ['CN=a,,O=b', 'is not a list of attributes'],
    ['CN=a\\', 'is not a list of attributes'],
    ['/CN=a/O=b', 'is not a list of attributes'],
    ['CN=a,CN=b', 'has CN twice'],
    ['S=a,ST=b', 'has ST twice'],
    ['X=a', 'has the unknown attribute X'],
    ['1.2.3=a', 'has the unknown attribute 1.2.3'],
    ['CONSTRUCTOR=a', 'has the unknown attribute CONSTRUCTOR'],
    ['CN=a,C=Germany', 'has a C with characters that it must not have'],
    ['CN=a,C=de', 'has a C with characters that it must not have'],
    ['CN=a\\00', 'has a CN with characters that it must not have'],
    ['serialNumber=a_b', 'has a SERIALNUMBER with characters that it must not have'],
    [`CN=${'a'.repeat(65)}`, 'has a CN of 65 characters, at most 64'],
  ])('%p is refused', (text, reason) => {
    expect(() => encodeSubject(text)).toThrow(expect.objectContaining({ code: 'usage' }));
    expect(() => encodeSubject(text)).toThrow(reason);
  });

  test('counts characters, not bytes', () => {
    expect(() => encodeSubject(`CN=${'ö'.repeat(64)}`)).not.toThrow();
  });
});
