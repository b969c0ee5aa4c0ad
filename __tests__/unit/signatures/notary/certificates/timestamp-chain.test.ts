import { expect, test } from '@jest/globals';
import { timestampingViolation } from '../../../../../src/signatures/notary/certificates/timestamp-chain.ts';
import {
  alternativeNames,
  dns,
  nameConstraints,
  purposes,
  type Wanted,
  writeChain,
} from '../../../../helpers/chain-writer.ts';
import { extension } from '../../../../helpers/der-pki.ts';

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
  const violation = timestampingViolation(chain, new Date('2026-06-01T00:00:00Z'));
  if (reason === undefined) expect(violation).toBeUndefined();
  else
    expect(violation).toEqual({
      what: expect.stringMatching(reason),
      remedy: 'Use another timestamping authority',
    });
});
