import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { FormatError } from '../../src/formats/format-error.ts';
import { readCrl, stateIn } from '../../src/signatures/notary/revocation/crl.ts';
import { readOcspAnswer } from '../../src/signatures/notary/revocation/ocsp.ts';
import { type OcspQuestion, ocspQuestion } from '../../src/signatures/notary/revocation/ocsp-request.ts';
import { type Certificate, readCertificate } from '../../src/signatures/x509/certificate.ts';
import { CA, CertificateMaker, SIGNER } from '../helpers/made-certificates.ts';
import { openssl } from '../helpers/pki.ts';
import { processorTime } from '../helpers/processor-time.ts';
import { random } from '../helpers/random.ts';
import { revocationList } from '../helpers/revocation-server.ts';
import { testFolder } from '../helpers/temp.ts';

const MUTANTS = 1000;
const folder = testFolder();
/** Taken when the certificates are there: none of them begins later. */
let now: Date;
let certificate: Certificate;
let issuer: Certificate;
let question: OcspQuestion;
let answer: Buffer;
let list: Buffer;

beforeAll(async () => {
  const builder = new CertificateMaker(folder);
  await builder.make({ name: 'ca', extensions: CA });
  await builder.make({
    name: 'responder',
    issuer: 'ca',
    extensions: [...SIGNER, 'extendedKeyUsage=OCSPSigning'],
  });
  await builder.make({ name: 'leaf', issuer: 'ca', extensions: SIGNER });
  const [leaf, ca] = (await builder.chain('leaf')).map((der) => readCertificate(der));
  if (leaf === undefined || ca === undefined) throw new TypeError('no chain');
  [certificate, issuer] = [leaf, ca];
  question = ocspQuestion(leaf, ca);
  await writeFile(join(folder, 'question'), question.bytes);
  const row = ['R', '400101000000Z', '250101000000Z', leaf.x509.serialNumber, 'unknown', '/CN=leaf'];
  await writeFile(join(folder, 'index'), `${row.join('\t')}\n`);
  const by = ['-index', 'index', '-CA', 'ca.pem', '-rsigner', 'responder.pem', '-rkey', 'responder.key'];
  await openssl(['ocsp', '-reqin', 'question', '-respout', 'answer', '-ndays', '1', ...by], folder);
  answer = await readFile(join(folder, 'answer'));
  list = await revocationList(builder, { revoked: [['leaf', ',keyCompromise']], issuer: 'ca', number: 1 });
  now = new Date();
});

function mutate(original: Buffer, next: (below: number) => number): Buffer {
  const bytes = Buffer.from(original);
  const [at, from, length] = [next(bytes.length), next(bytes.length), 1 + next(60)];
  switch (next(4)) {
    case 0:
      return Buffer.from(bytes.with(at, (bytes[at] ?? 0) ^ (1 << next(8))));
    case 1:
      return bytes.subarray(0, at);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(from, from + length), bytes.subarray(at)]);
    default:
      bytes.copyWithin(at, from, from + length);
      return bytes;
  }
}

/** What a mutant comes to: a state, or `refused`. Anything that is thrown besides fails the test. */
function outcome(read: () => string): string {
  const started = processorTime();
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return 'refused';
  } finally {
    expect(processorTime() - started).toBeLessThan(2000);
  }
}

test.each([
  ['answers of a responder', () => answer, (bytes: Buffer) => readOcspAnswer(bytes, question, now)],
  [
    'revocation lists',
    () => list,
    (bytes: Buffer) => stateIn([readCrl(bytes, issuer, { names: [], ca: false }, now)], certificate),
  ],
])(`${MUTANTS} mutants of %s: a revoked certificate is never a good one`, (_what, original, read) => {
  expect(read(original())).toBe('revoked');
  const next = random(20261124);
  const outcomes = Array.from({ length: MUTANTS }, () => outcome(() => read(mutate(original(), next))));
  expect(outcomes.filter((one) => one !== 'refused' && one !== 'revoked')).toEqual([]);
  expect(outcomes.filter((one) => one === 'refused').length).toBeGreaterThan(MUTANTS * 0.6);
});
