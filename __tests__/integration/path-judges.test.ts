/**
 * Purposes and name constraints against two outside judges, openssl verify and Go's crypto/x509. Where a judge
 * differs, the case says so and why.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { goBuild } from '../../scripts/tools/go-module.ts';
import { VeritySignError } from '../../src/errors.ts';
import { checkSigningChain } from '../../src/signatures/notary/certificates/signing-chain.ts';
import { chainFromDer } from '../../src/signatures/pkcs7/signing-chain.ts';
import { buildTrustPath } from '../../src/signatures/pkcs7/trust.ts';
import { pemOf, type Wanted, writeChain } from '../helpers/chain-writer.ts';
import type { Written } from '../helpers/der-pki.ts';
import { type Judge, PATH_CASES } from '../helpers/path-cases.ts';
import { openssl } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';

const NOW = new Date('2026-06-01T00:00:00Z');
const folder = testFolder();

const chains = new Map<string, Written[]>();
const goErrors = new Map<string, string>();

beforeAll(async () => {
  for (const { name, leaf, authorities } of PATH_CASES) chains.set(name, writeChain(leaf, ...authorities));
  const program = join(folder, 'go-verify');
  const source = join(import.meta.dirname, '../helpers/go-verify');
  await goBuild(source, '.', program);
  const input = PATH_CASES.map(({ name }) => dersOf(name).map((der) => Buffer.from(der).toString('base64')));
  const output = execFileSync(program, { input: JSON.stringify(input), maxBuffer: 1 << 26 });
  for (const [index, error] of (JSON.parse(output.toString()) as string[]).entries()) {
    goErrors.set(PATH_CASES[index]?.name ?? '', error);
  }
});

function dersOf(name: string): Uint8Array[] {
  return (chains.get(name) ?? []).map(({ certificate }) => certificate.der);
}

async function opensslError(name: string): Promise<string> {
  const [leaf, ...issuers] = (chains.get(name) ?? []).map(({ certificate }) => certificate);
  const root = issuers.pop();
  if (leaf === undefined || root === undefined) throw new Error('no chain');
  writeFileSync(join(folder, 'leaf.pem'), pemOf(leaf));
  writeFileSync(join(folder, 'others.pem'), pemOf(...issuers));
  writeFileSync(join(folder, 'root.pem'), pemOf(root));
  const others = issuers.length === 0 ? [] : ['-untrusted', 'others.pem'];
  const time = ['-attime', String(NOW.getTime() / 1000)];
  const args = ['verify', '-no-CApath', '-no-CAstore', '-CAfile', 'root.pem', ...others, ...time, 'leaf.pem'];
  return openssl(args, folder).then(
    () => '',
    (error: unknown) => String(error),
  );
}

/** The message of a refusal; empty if there is none. */
function refusal(work: () => void): string {
  try {
    work();
    return '';
  } catch (error) {
    if (!(error instanceof VeritySignError)) throw error;
    expect(error).toMatchObject({ code: 'key', remedy: expect.any(String) });
    return error.message;
  }
}

describe('chains of the same names and purposes', () => {
  test.each(PATH_CASES)('$name', async ({ name, accepted, differ }) => {
    const ders = dersOf(name);
    const certificates = (chains.get(name) ?? []).map(({ certificate }) => certificate);
    const own = {
      sign: refusal(() => chainFromDer(ders)),
      verify: refusal(() => buildTrustPath(certificates.slice(0, -1), ders.slice(-1), NOW)),
      manifest: refusal(() => checkSigningChain(ders, NOW)),
    };
    const judges = { openssl: await opensslError(name), go: goErrors.get(name) ?? 'none' };
    const expected = (judge: Judge): boolean => (judge in differ ? !accepted : accepted);
    expect({ own, judges, accepted: Object.values(own).map((error) => error === '') }).toEqual({
      own,
      judges,
      accepted: [expected('kernel'), expected('kernel'), accepted],
    });
    expect({ judges, openssl: judges.openssl === '', go: judges.go === '' }).toEqual({
      judges,
      openssl: expected('openssl'),
      go: expected('go'),
    });
  });
});

test('a self-issued CA does not count towards a path length, for openssl too', async () => {
  const lengths: [accepted: boolean, authorities: [Wanted, ...Wanted[]]][] = [
    [true, [{ pathLength: 0 }, { subject: 'CA 0' }]],
    [false, [{ pathLength: 0 }, {}]],
    [false, [{ pathLength: 0 }, { subject: 'CA 0' }, {}]],
    [true, [{ pathLength: 1 }, { subject: 'CA 0' }, {}]],
  ];
  for (const [index, [accepted, authorities]] of lengths.entries()) {
    const name = `path length ${index}`;
    chains.set(name, writeChain({}, ...authorities));
    const own = refusal(() => chainFromDer(dersOf(name)));
    const opensslSays = await opensslError(name);
    expect([name, own === '', opensslSays === '']).toEqual([name, accepted, accepted]);
    if (!accepted) expect(opensslSays).toContain('path length constraint exceeded');
  }
});
