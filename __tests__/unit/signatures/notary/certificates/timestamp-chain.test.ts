import { describe, expect, test } from '@jest/globals';
import {
  requireTimestampingChain,
  timestampingViolation,
} from '../../../../../src/signatures/notary/certificates/timestamp-chain.ts';
import {
  alternativeNames,
  caExtensions,
  dns,
  LEAF,
  nameConstraints,
  newKeys,
  purposes,
  type Wanted,
  writeChain,
} from '../../../../helpers/chain-writer.ts';
import { extension, type Written, writeCertificate } from '../../../../helpers/der-pki.ts';

const AT = new Date('2026-06-01T00:00:00Z');
const AUTHORITY = purposes(['timeStamping'], true);
const UNKNOWN = extension('1.2.3.4.5', Buffer.of(5, 0), true);
const leaf = (...extensions: Uint8Array[]): Wanted => ({ extensions: [AUTHORITY, ...extensions] });
const issuer = (...names: string[]): Wanted => ({ extensions: [purposes(names)] });
const constrained: Wanted = { extensions: [nameConstraints({ excluded: [dns('example.org')] }, false)] };

test.each<[string, Wanted, [Wanted, ...Wanted[]], RegExp | undefined]>([
  ['plain CAs', leaf(), [{}, {}], undefined],
  ['CAs for timeStamping', leaf(), [issuer('anyExtendedKeyUsage'), issuer('timeStamping')], undefined],
  [
    'a CA for codeSigning',
    leaf(),
    [{}, issuer('codeSigning')],
    /must not issue certificates for timeStamping/,
  ],
  [
    'a root for serverAuth',
    leaf(),
    [issuer('serverAuth'), {}],
    /must not issue certificates for timeStamping/,
  ],
  ['a name that is not excluded', leaf(alternativeNames(dns('example.net'))), [constrained], undefined],
  ['a name that is excluded', leaf(alternativeNames(dns('example.org'))), [constrained], /"CN=CA 0" exclude/],
  ['a critical extension that is not understood', leaf(UNKNOWN), [{}], /not understood \(1\.2\.3\.4\.5\)/],
  ['a root with such an extension', leaf(), [{ extensions: [UNKNOWN] }, {}], /"CN=CA 0" has a critical ext/],
  [
    'an authority that also signs code',
    { extensions: [purposes(['timeStamping', 'codeSigning'], true)] },
    [{}],
    /is not for timeStamping only/,
  ],
])('a timestamping chain with %s', (_what, authority, authorities, reason) => {
  const chain = writeChain(authority, ...authorities).map(({ certificate }) => certificate);
  const violation = timestampingViolation(chain, AT);
  if (reason === undefined) expect(violation).toBeUndefined();
  else
    expect(violation).toEqual({
      what: expect.stringMatching(reason),
      remedy: 'Use another timestamping authority',
    });
});

describe('of certificates with one name and key', () => {
  const OLD: [string, string] = ['150101000000Z', '200101000000Z'];
  const [rootKeys, middleKeys] = [newKeys(), newKeys()];
  const extensions = caExtensions();
  const root = writeCertificate({ subject: 'root', keys: rootKeys, extensions });
  const oldRoot = writeCertificate({ subject: 'root', keys: rootKeys, extensions, dates: OLD });
  const below = { subject: 'middle', issuer: root, keys: middleKeys, extensions };
  const middle = writeCertificate(below);
  const oldMiddle = writeCertificate({ ...below, dates: OLD });
  const authority = writeCertificate({
    subject: 'tsa',
    issuer: middle,
    extensions: [...LEAF, AUTHORITY],
  });
  const chain = (others: readonly Written[], roots: readonly Written[]) =>
    requireTimestampingChain(authority.certificate, certificates(others), certificates(roots), AT);
  const certificates = (all: readonly Written[]) => all.map(({ certificate }) => certificate);

  test.each([
    ['the renewed root last', [middle], [oldRoot, root]],
    ['the renewed root first', [middle], [root, oldRoot]],
    ['the renewed issuer last', [oldMiddle, middle], [root]],
    ['the renewed issuer first', [middle, oldMiddle], [root]],
    ['both renewed ones last', [oldMiddle, middle], [oldRoot, root]],
  ])('the valid one counts: %s', (_what, others, roots) => {
    expect(chain(others, roots)).toEqual(certificates([authority, middle, root]));
  });

  test('the first reason is given where none is valid', () => {
    const refused = { code: 'key', message: 'the certificate "CN=root" expired on 2020-01-01T00:00:00.000Z' };
    expect(() => chain([middle], [oldRoot, oldRoot])).toThrow(expect.objectContaining(refused));
    expect(() => chain([], [root])).toThrow('"CN=tsa" does not lead to a trusted root');
  });
});
