import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { FormatError } from '../../src/formats/format-error.ts';
import { run } from '../../src/lib/process/run.ts';
import { readCertificateList } from '../../src/signatures/notary/revocation/crl-list.ts';
import { encode } from '../../src/signatures/x509/asn1/encode.ts';
import type { CrlAnswer, CrlJob } from '../helpers/crl-child.ts';
import { CA, CertificateMaker, SIGNER } from '../helpers/made-certificates.ts';
import { openssl } from '../helpers/pki.ts';
import { processorTime } from '../helpers/processor-time.ts';
import { revocationList } from '../helpers/revocation-server.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment } from '../helpers/tools.ts';

/** Milliseconds of processor time, and KiB of memory above a list of 1,000 entries. */
const MOST_TIME = 500;
const MOST_MEMORY = 32 * 1024;
const CHILD = join(import.meta.dirname, '../helpers/crl-child.ts');
const folder = testFolder();

beforeAll(async () => {
  const builder = new CertificateMaker(folder);
  await builder.make({ name: 'ca', extensions: CA });
  for (const name of ['revoked', 'good']) await builder.make({ name, issuer: 'ca', extensions: SIGNER });
  for (const size of [1_000, 100_000]) {
    const wish = { revoked: [['revoked']] as [string][], others: size - 1, issuer: 'ca', number: 1 };
    await writeFile(join(folder, `${size}.crl`), await revocationList(builder, wish));
  }
});

async function lookUp(name: string, size: number): Promise<CrlAnswer> {
  const job: CrlJob = { chain: join(folder, `${name}.full.pem`), list: join(folder, `${size}.crl`) };
  const argv = [process.execPath, CHILD, JSON.stringify(job)];
  const { stdout } = await run(argv, { env: toolEnvironment(), timeout: 300_000 });
  return JSON.parse(stdout.toString()) as CrlAnswer;
}

test.each([
  ['good', 'good'],
  ['revoked', 'revoked'],
])(
  'fault 97: a CRL of 100,000 entries is read to its end in little time and memory: %s',
  async (name, state) => {
    const small = await lookUp(name, 1_000);
    const large = await lookUp(name, 100_000);
    expect([small.state, large.state]).toEqual([state, state]);
    expect(large.cpu).toBeLessThan(MOST_TIME);
    expect(large.memory - small.memory).toBeLessThan(MOST_MEMORY);
  },
);

test.each(['0500', '3000', '020101'])(
  '16 MiB of small elements (%s) are refused in little time and memory',
  async (element) => {
    const size = element.length / 2;
    const elements = Buffer.alloc(16 * 1024 * 1024, Buffer.from(element, 'hex'));
    const list = encode(0x30, elements.subarray(0, elements.length - (elements.length % size)));
    const memory = process.memoryUsage().rss;
    const started = processorTime();
    expect(() => readCertificateList(list)).toThrow(FormatError);
    expect(processorTime() - started).toBeLessThan(2000);
    expect(process.memoryUsage().rss - memory).toBeLessThan(64 * 1024 * 1024);
  },
);

test('openssl finds 100,000 entries in it, and the revoked certificate in the last one', async () => {
  const text = await openssl(['crl', '-inform', 'DER', '-in', '100000.crl', '-noout', '-text'], folder);
  const serials = [...text.toString().matchAll(/Serial Number: ([0-9A-F]+)/g)].map(([, serial]) => serial);
  expect(serials).toHaveLength(100_000);
  const own = await openssl(['x509', '-in', 'revoked.pem', '-noout', '-serial'], folder);
  expect(own.toString()).toBe(`serial=${serials.at(-1)}\n`);
});
