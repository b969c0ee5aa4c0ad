import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openssl, pki } from '../helpers/pki.ts';
import { makeOddSigners, type OddSigner } from './odd-signers.ts';
import type { Signer } from './signer.ts';

export type { Signer } from './signer.ts';

/** The CAs that the test kernel trusts, and one signing certificate that it trusts directly. */
const FIXTURES = fileURLToPath(new URL('../fixtures/kernel-pki', import.meta.url));
export const TRUSTED = join(FIXTURES, 'trusted.pem');

interface Recipe {
  /** Name of a key of the tests' own PKI: making RSA keys takes seconds, so they are used again. */
  key: string;
  issuer?: string;
  role?: 'ca';
  digest?: string;
  notAfter?: string;
}

const RECIPES = {
  rsa2048: { key: 'rsa2048', issuer: 'rsa-root' },
  rsa3072: { key: 'rsa3072', issuer: 'rsa-root', digest: 'sha384' },
  rsa4096: { key: 'rsa4096', issuer: 'rsa-root', digest: 'sha512' },
  p256: { key: 'p256', issuer: 'rsa-root' },
  p384: { key: 'p384', issuer: 'ec-root', digest: 'sha384' },
  p521: { key: 'p521', issuer: 'ec-root', digest: 'sha512' },
  intermediate: { key: 'intermediate', issuer: 'rsa-root', role: 'ca' },
  issuing: { key: 'issuing', issuer: 'intermediate', role: 'ca' },
  chained: { key: 'chained', issuer: 'issuing' },
  expired: { key: 'expired', issuer: 'rsa-root', notAfter: '20210101000000Z' },
  rsa2560: { key: 'rsa2560', issuer: 'rsa-root' },
  noCa: { key: 'noCa', issuer: 'rsa-root' },
  underNoCa: { key: 'underNoCa', issuer: 'noCa' },
  rogue: { key: 'rogue' },
} satisfies Record<string, Recipe>;

export type SignerName = keyof typeof RECIPES | 'pinned' | OddSigner;

const CONFIG = `
[ca]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
[leaf]
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
[issue]
database=index.txt
new_certs_dir=.
rand_serial=yes
policy=any
[any]
organizationName=supplied
commonName=supplied
`;

/** Issues all signing certificates into `dir`. */
export async function makeSigners(dir: string): Promise<Record<SignerName, Signer>> {
  await writeFile(join(dir, 'openssl.cnf'), CONFIG);
  await writeFile(join(dir, 'index.txt'), '');
  for (const name of ['rsa-root', 'ec-root', 'pinned']) {
    await copyFile(join(FIXTURES, `${name}.pem`), join(dir, `${name}.pem`));
    await copyFile(join(FIXTURES, `${name}.test-only.key`), join(dir, `${name}.key`));
  }
  const { leaf } = await pki();
  const recipes: Record<string, Recipe> = RECIPES;
  for (const [name, recipe] of Object.entries(recipes)) {
    await copyFile(leaf(recipe.key).keyPath, join(dir, `${name}.key`));
    await issue(dir, name, recipe);
  }
  const signers: Partial<Record<string, Signer>> = {};
  for (const name of [...Object.keys(recipes), 'pinned']) {
    const issuers = issuersOf(name, recipes);
    const text = (one: string) => readFile(join(dir, `${one}.pem`), 'utf8');
    const texts = await Promise.all([name, ...issuers].map(text));
    await writeFile(join(dir, `${name}.chain.pem`), issuers.length === 0 ? texts : texts.slice(0, -1));
    await writeFile(join(dir, `${name}.issuers.pem`), texts.slice(1));
    const path = (suffix: string) => join(dir, `${name}${suffix}`);
    signers[name] = {
      key: path('.key'),
      certificate: path('.pem'),
      chain: path('.chain.pem'),
      issuers: path('.issuers.pem'),
    };
  }
  Object.assign(signers, await makeOddSigners(dir, join(dir, 'ec-root')));
  return signers as Record<SignerName, Signer>;
}

/** Issuer first, root last. */
function issuersOf(name: string, recipes: Readonly<Record<string, Recipe>>): string[] {
  const issuer = recipes[name]?.issuer;
  return issuer === undefined ? [] : [issuer, ...issuersOf(issuer, recipes)];
}

async function issue(dir: string, name: string, recipe: Recipe): Promise<void> {
  const { issuer, role = 'leaf', digest = 'sha256', notAfter = '20990101000000Z' } = recipe;
  const subject = `/O=verity-sign kernel test/CN=${name}`;
  await openssl(['req', '-new', '-key', `${name}.key`, '-subj', subject, '-out', `${name}.csr`], dir);
  const by =
    issuer === undefined
      ? ['-selfsign', '-keyfile', `${name}.key`]
      : ['-cert', `${issuer}.pem`, '-keyfile', `${issuer}.key`];
  await openssl(
    [
      ...['ca', '-batch', '-notext', '-config', 'openssl.cnf', '-name', 'issue', '-extensions', role],
      ...[...by, '-md', digest, '-startdate', '20200101000000Z', '-enddate', notAfter],
      ...['-in', `${name}.csr`, '-out', `${name}.pem`],
    ],
    dir,
  );
}
