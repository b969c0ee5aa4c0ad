import { expect, test } from '@jest/globals';
import {
  dnsBase,
  dnsName,
  isInDomain,
  mailbox,
  mailboxBase,
  reachesDomain,
  uriHost,
} from '../../../../../src/signatures/x509/constraints/hosts.ts';

test.each([
  ['example.org', 'example.org'],
  ['*.EXAMPLE.org', '*.example.org'],
  ['a_b-c.example', 'a_b-c.example'],
  ['', undefined],
  ['*', undefined],
  ['*.', undefined],
  ['a.*.org', undefined],
  ['a..org', undefined],
  ['.org', undefined],
  ['org.', undefined],
  ['a b', undefined],
  ['a\n', undefined],
  ['a\nb', undefined],
  ['é.org', undefined],
])('dNSName %j', (text, expected) => {
  expect(dnsName(text)).toBe(expected);
});

test.each([
  ['', ''],
  ['.ORG', '.org'],
  ['a.org', 'a.org'],
  ['.', undefined],
  ['..org', undefined],
  ['*.org', undefined],
])('base of a dNSName %j', (text, expected) => {
  expect(dnsBase(text)).toBe(expected);
});

test.each<[string, string, contains: boolean, reaches: boolean]>([
  ['b.org', '*.b.org', true, true],
  ['a.b.org', '*.b.org', false, true],
  ['.a.b.org', '*.b.org', false, true],
  ['x.a.b.org', '*.b.org', false, false],
  ['ab.org', '*.b.org', false, false],
  ['b.org', 'ab.org', false, false],
  ['b.org', 'org', false, false],
  ['', 'org', true, true],
])('the domain %j and the name %s', (base, name, contains, reaches) => {
  expect([isInDomain(base, name), reachesDomain(base, name)]).toEqual([contains, reaches]);
});

test.each([
  ['A.b+c@EXAMPLE.org', { local: 'A.b+c', host: 'example.org' }],
  ['a@b@c.org', undefined],
  ['"a"@c.org', undefined],
  ['@c.org', undefined],
  ['a@', undefined],
  ['a', undefined],
  ['a@[10.0.0.1]', undefined],
  ['a@c.org\n', undefined],
  ['ä@c.org', undefined],
])('mailbox %j', (text, expected) => {
  expect(mailbox(text)).toEqual(expected);
});

test('bases of mailboxes', () => {
  expect(mailboxBase('a@B.org')).toEqual({ local: 'a', host: 'b.org' });
  expect(mailboxBase('.B.org')).toBe('.b.org');
  expect(mailboxBase('B.org')).toBe('b.org');
  for (const text of ['', '@b.org', '*.b.org', 'a@', '.']) expect(mailboxBase(text)).toBeUndefined();
});

test.each([
  ['https://A.example/x', 'a.example'],
  ['spiffe://a.example', 'a.example'],
  ['x+y://user:pw@a.example:80?q', 'a.example'],
  ['https://a.example#f', 'a.example'],
  ['https:/a.example', undefined],
  ['//a.example', undefined],
  ['urn:a.example', undefined],
  ['https://', undefined],
  ['https://10.0.0.1/', undefined],
  ['https://0x7f.1/', undefined],
  ['https://[::1]/', undefined],
  ['https://a.example:x/', undefined],
  ['https://a.example\\b/', undefined],
  ['https://b\\@a.example/', undefined],
  ['https://a%2eexample/', undefined],
  ['https://a.example./', undefined],
  ['https://a@b@c.example/', undefined],
  ['https://a.example\n', undefined],
])('host of %j', (text, expected) => {
  expect(uriHost(text)).toBe(expected);
});
