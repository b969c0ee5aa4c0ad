/**
 * Throw-away keys and certificates for tests, made by openssl once per checkout and recipe (RSA keys
 * take seconds) and kept under node_modules/.cache.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fixedEnvironment } from '../../src/lib/process/environment.ts';
import { run } from '../../src/lib/process/run.ts';

/** The six kinds of key that layers can be signed with. */
export const KEY_TYPES = ['rsa2048', 'rsa3072', 'rsa4096', 'p256', 'p384', 'p521'] as const;

/** RFC 5280 roles; `odd` is a leaf with an unknown critical extension. */
type Role = 'ca' | 'ca0' | 'leaf' | 'cipher' | 'noakid' | 'odd';

interface Recipe {
  name: string;
  key: string;
  role: Role;
  /** Without it the certificate is self-signed. */
  issuer?: string;
  /** Digest of the certificate's signature; default sha256. */
  digest?: string;
  /** notBefore and notAfter as openssl ca takes them. */
  dates?: [string, string];
  /** Sign the certificate with RSASSA-PSS. */
  pss?: boolean;
}

const RECIPES: Recipe[] = [
  { name: 'root', key: 'RSA:2048', role: 'ca' },
  { name: 'ecroot', key: 'EC:P-384', role: 'ca', digest: 'sha384' },
  { name: 'rsa2048', key: 'RSA:2048', role: 'leaf', issuer: 'root' },
  { name: 'rsa3072', key: 'RSA:3072', role: 'leaf', issuer: 'root', digest: 'sha384' },
  { name: 'rsa4096', key: 'RSA:4096', role: 'leaf', issuer: 'root', digest: 'sha512' },
  { name: 'p256', key: 'EC:P-256', role: 'leaf', issuer: 'root' },
  { name: 'p384', key: 'EC:P-384', role: 'leaf', issuer: 'ecroot', digest: 'sha384' },
  { name: 'p521', key: 'EC:P-521', role: 'leaf', issuer: 'ecroot', digest: 'sha512' },
  { name: 'intermediate', key: 'EC:P-256', role: 'ca', issuer: 'root' },
  { name: 'issuing', key: 'RSA:2048', role: 'ca0', issuer: 'intermediate' },
  /** Two intermediates between it and the root. */
  { name: 'chained', key: 'RSA:2048', role: 'leaf', issuer: 'issuing' },
  { name: 'chainedEc', key: 'EC:P-256', role: 'leaf', issuer: 'intermediate' },
  { name: 'selfSigned', key: 'EC:P-256', role: 'leaf' },
  { name: 'rogue', key: 'EC:P-256', role: 'leaf' },
  {
    name: 'expired',
    key: 'EC:P-256',
    role: 'leaf',
    issuer: 'root',
    dates: ['20200101000000Z', '20210101000000Z'],
  },
  {
    name: 'notYetValid',
    key: 'EC:P-256',
    role: 'leaf',
    issuer: 'root',
    dates: ['20600101000000Z', '20610101000000Z'],
  },
  { name: 'sha1', key: 'RSA:2048', role: 'leaf', issuer: 'root', digest: 'sha1' },
  { name: 'sha1Ca', key: 'EC:P-256', role: 'ca', issuer: 'root', digest: 'sha1' },
  { name: 'underSha1', key: 'EC:P-256', role: 'leaf', issuer: 'sha1Ca' },
  { name: 'pssSigned', key: 'RSA:2048', role: 'leaf', issuer: 'root', pss: true },
  { name: 'pssKey', key: 'RSA-PSS:2048', role: 'leaf', issuer: 'root' },
  { name: 'ed25519', key: 'ED25519', role: 'leaf', issuer: 'root' },
  { name: 'ed25519Ca', key: 'ED25519', role: 'ca' },
  { name: 'underEd25519', key: 'EC:P-256', role: 'leaf', issuer: 'ed25519Ca' },
  { name: 'rsa1024', key: 'RSA:1024', role: 'leaf', issuer: 'root' },
  { name: 'rsa2560', key: 'RSA:2560', role: 'leaf', issuer: 'root' },
  { name: 'secp256k1', key: 'EC:secp256k1', role: 'leaf', issuer: 'root' },
  { name: 'noCa', key: 'EC:P-256', role: 'leaf', issuer: 'root' },
  /** Issued by a certificate that is not a CA. */
  { name: 'underNoCa', key: 'EC:P-256', role: 'leaf', issuer: 'noCa' },
  /** A CA below one that allows none below it. */
  { name: 'tooDeep', key: 'EC:P-256', role: 'ca', issuer: 'issuing' },
  { name: 'underTooDeep', key: 'EC:P-256', role: 'leaf', issuer: 'tooDeep' },
  { name: 'encipherOnly', key: 'RSA:2048', role: 'cipher', issuer: 'root' },
  { name: 'noAuthorityKeyId', key: 'EC:P-256', role: 'noakid', issuer: 'root' },
  { name: 'oddCritical', key: 'EC:P-256', role: 'odd', issuer: 'root' },
];

const CONFIG = `
[ca]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
[ca0]
basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
[leaf]
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
[cipher]
basicConstraints=critical,CA:FALSE
keyUsage=critical,keyEncipherment
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
[noakid]
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
authorityKeyIdentifier=none
[odd]
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
1.3.6.1.4.1.55555.1=critical,DER:0500
[authority]
default_ca=issue
[issue]
database=index.txt
new_certs_dir=.
rand_serial=yes
unique_subject=no
policy=any
[any]
organizationName=supplied
commonName=supplied
`;

export interface LeafFiles {
  name: string;
  keyPath: string;
  /** The certificate alone. */
  certPath: string;
  /** The certificate and its intermediates, without the root. */
  chainPath: string;
  /** The same with the root at the end. */
  fullChainPath: string;
  /** The certificate to trust: the root, or the certificate itself if it is self-signed. */
  caPath: string;
}

export interface Pki {
  dir: string;
  leaf(name: string): LeafFiles;
}

let made: Promise<Pki> | undefined;

/** The test PKI. It is made on first use and shared by all tests. */
export function pki(): Promise<Pki> {
  made ??= make();
  return made;
}

/** Runs openssl in a folder; rejects with its messages if it fails. */
export async function openssl(args: readonly string[], cwd: string): Promise<Buffer> {
  const { stdout } = await run(['openssl', ...args], { cwd, env: fixedEnvironment(), timeout: 300_000 });
  return stdout;
}

async function make(): Promise<Pki> {
  const version = createHash('sha256')
    .update(readFileSync(import.meta.filename))
    .digest('hex')
    .slice(0, 12);
  const cache = join(import.meta.dirname, '../../node_modules/.cache/verity-sign');
  const dir = join(cache, `pki-${version}`);
  if (!existsSync(dir)) {
    await mkdir(cache, { recursive: true });
    const work = await mkdtemp(join(cache, 'making-'));
    try {
      await writeFile(join(work, 'openssl.cnf'), CONFIG);
      await writeFile(join(work, 'index.txt'), '');
      for (const recipe of RECIPES) await makeOne(work, recipe);
      await rename(work, dir);
    } catch (error) {
      // If another test worker was faster, its files are used.
      if (!existsSync(dir)) throw error;
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
  const leaf = (name: string): LeafFiles => {
    const path = (suffix: string) => join(dir, `${name}${suffix}`);
    const root = lineOf(name).at(-1) ?? name;
    return {
      name,
      keyPath: path('.key'),
      certPath: path('.pem'),
      chainPath: path('.chain.pem'),
      fullChainPath: path('.full.pem'),
      caPath: join(dir, `${root}.pem`),
    };
  };
  return { dir, leaf };
}

/** A certificate and its issuers up to the root, by name. */
function lineOf(name: string): string[] {
  const recipe = RECIPES.find((one) => one.name === name);
  if (recipe === undefined) throw new Error(`no recipe for ${name}`);
  return recipe.issuer === undefined ? [name] : [name, ...lineOf(recipe.issuer)];
}

async function makeOne(dir: string, recipe: Recipe): Promise<void> {
  const { name, role, issuer, digest = 'sha256', dates, pss } = recipe;
  const [algorithm = '', parameter] = recipe.key.split(':');
  const option = algorithm === 'EC' ? 'ec_paramgen_curve' : 'rsa_keygen_bits';
  const sized = parameter === undefined ? [] : ['-pkeyopt', `${option}:${parameter}`];
  await openssl(['genpkey', '-algorithm', algorithm, ...sized, '-out', `${name}.key`], dir);
  const subject = `/O=Layer signing test/CN=${name}`;
  await openssl(['req', '-new', '-key', `${name}.key`, '-subj', subject, '-out', `${name}.csr`], dir);
  const issuerKey =
    issuer === undefined
      ? ['-selfsign', '-keyfile', `${name}.key`]
      : ['-cert', `${issuer}.pem`, '-keyfile', `${issuer}.key`];
  const [from, to] = dates ?? ['20250101000000Z', '20550101000000Z'];
  await openssl(
    [
      ...['ca', '-batch', '-notext', '-config', 'openssl.cnf', '-name', 'issue', '-extensions', role],
      ...[...issuerKey, '-md', digest, '-startdate', from, '-enddate', to],
      ...(pss === true ? ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:-1'] : []),
      ...['-in', `${name}.csr`, '-out', `${name}.pem`],
    ],
    dir,
  );
  const line = lineOf(name);
  const texts = await Promise.all(line.map((one) => readFile(join(dir, `${one}.pem`), 'utf8')));
  const intermediates = issuer === undefined ? texts : texts.slice(0, -1);
  await writeFile(join(dir, `${name}.chain.pem`), intermediates.join(''));
  await writeFile(join(dir, `${name}.full.pem`), texts.join(''));
}
