import { describe, expect, test } from '@jest/globals';
import { nameConstraintViolation } from '../../../../../src/signatures/x509/constraints/check-path.ts';
import {
  alternativeNames,
  directory,
  dn,
  dns,
  nameConstraints,
  type Wanted,
  writeChain,
} from '../../../../helpers/chain-writer.ts';
import { extension, sequence } from '../../../../helpers/der-pki.ts';

function violation(leaf: Wanted, ...authorities: [Wanted, ...Wanted[]]): string | undefined {
  const chain = writeChain(leaf, ...authorities).map(({ certificate }) => certificate);
  const found = nameConstraintViolation(chain);
  return found && `${found.certificate.subject} ${found.reason}`;
}

const names = (...all: Uint8Array[]): Wanted => ({ extensions: [alternativeNames(...all)] });
const permits = (...permitted: Uint8Array[]): Wanted => ({ extensions: [nameConstraints({ permitted })] });

describe('self-issued certificates', () => {
  const ACME = directory(['O', 'Acme']);
  const OTHER = { subject: dn(['O', 'Other']) };

  test('above the leaf are exempt, the others are not', () => {
    const root = { ...OTHER, ...permits(ACME) };
    const leaf = { subject: dn(['O', 'Acme'], ['CN', 'x']) };
    expect(violation(leaf, root)).toBeUndefined();
    // The same name as its issuer: a CA with a new key.
    expect(violation(leaf, root, OTHER)).toBeUndefined();
    expect(violation(leaf, root, { subject: dn(['O', 'Third']) })).toMatch(/^O=Third has a subject, which/);
  });

  test('that sign are not exempt', () => {
    expect(violation(OTHER, { ...OTHER, ...permits(ACME) })).toMatch(/^O=Other has a subject, which/);
  });
});

test('a leaf has no constraints on itself', () => {
  const leaf = {
    extensions: [alternativeNames(dns('a.org')), nameConstraints({ excluded: [dns('a.org')] })],
  };
  expect(violation(leaf, {})).toBeUndefined();
});

describe('extensions that are not written as they must be', () => {
  const CA = permits(dns('a.org'));
  const raw = (oid: string, value: Uint8Array): Wanted => ({ extensions: [extension(oid, value)] });

  test.each<[string, Uint8Array, RegExp]>([
    ['nothing in it', sequence(), /^CN=CA 0 has nameConstraints that cannot be read: it has empty/],
    ['no SEQUENCE', Uint8Array.of(5, 0), /no SEQUENCE where nameConstraints belongs/],
    ['an empty list', sequence(Uint8Array.of(0xa0, 0)), /has an empty list in nameConstraints/],
    ['the lists in another order', sequence(Uint8Array.of(0xa1, 0), Uint8Array.of(0xa0, 0)), /more fields/],
    [
      'a subtree that is no SEQUENCE',
      sequence(Uint8Array.of(0xa0, 2, 5, 0)),
      /subtree that is not a SEQUENCE/,
    ],
    ['a subtree without a base', sequence(Uint8Array.of(0xa0, 2, 0x30, 0)), /a subtree without a base/],
    [
      'a base of an unknown kind',
      sequence(Uint8Array.of(0xa0, 4, 0x30, 2, 0x89, 0)),
      /a GeneralName of an unknown kind/,
    ],
    ['bytes behind it', Buffer.concat([sequence(), Uint8Array.of(0)]), /trailing byte/],
  ])('nameConstraints: %s', (_what, value, reason) => {
    expect(violation({}, raw('2.5.29.30', value), {})).toMatch(reason);
  });

  test.each<[string, Uint8Array, RegExp]>([
    ['no SEQUENCE', Uint8Array.of(5, 0), /^CN=leaf has names that cannot be read: .*not a SEQUENCE/],
    ['a name of an unknown kind', sequence(Uint8Array.of(0x89, 0)), /unknown kind/],
    [
      'a directoryName that is no name',
      sequence(Uint8Array.of(0xa4, 2, 5, 0)),
      /a name that is not a SEQUENCE/,
    ],
  ])('subjectAltName: %s', (_what, value, reason) => {
    expect(violation(raw('2.5.29.17', value), CA)).toMatch(reason);
    // Without constraints the extension is not read.
    expect(violation(raw('2.5.29.17', value), {})).toBeUndefined();
  });
});

test('more names and subtrees than are compared, in bounded time', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => dns(`h${index}.org`));
  expect(violation(names(...many(400)), permits(...many(400)))).toBeUndefined();
  const started = performance.now();
  expect(violation(names(...many(700)), permits(...many(700)))).toMatch(/names, too many to compare/);
  expect(performance.now() - started).toBeLessThan(2000);
});
