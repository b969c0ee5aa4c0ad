/**
 * `node scripts/bench/crl.ts [ENTRIES…]`: processor time and memory for looking up a certificate in CRLs
 * of 1,000 and 100,000 entries, made by openssl. The certificate is in the last entry. Each lookup runs in a
 * process of its own; the figures are medians.
 */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readCrl, stateIn } from '../../src/signatures/notary/revocation/crl.ts';
import { readCertificate } from '../../src/signatures/x509/certificate.ts';
import { readPem } from '../../src/signatures/x509/pem.ts';
import { median } from './measure/statistics.ts';

const ROUNDS = 5;
const SIZES = [1_000, 100_000];
const DATES = ['-crl_lastupdate', '250101000000Z', '-crl_nextupdate', '400101000000Z'];

interface Measured {
  state: string;
  /** User and system, milliseconds. */
  cpu: number;
  /** The most memory that the process had, KiB. */
  memory: number;
}

const [first, ...others] = process.argv.slice(2);
if (first === '--look-up') console.log(JSON.stringify(lookUp(others[0] ?? '', others[1] ?? '')));
else await compare(first === undefined ? SIZES : [first, ...others].map(Number));

function lookUp(folder: string, list: string): Measured {
  const [certificate, issuer] = ['leaf.pem', 'ca.pem'].map((name) => {
    const [block] = readPem(readFileSync(join(folder, name)), 'CERTIFICATE');
    return readCertificate(block?.bytes ?? new Uint8Array());
  });
  if (certificate === undefined || issuer === undefined) throw new TypeError('no certificates');
  const before = process.cpuUsage();
  const crl = readCrl(readFileSync(list), issuer, { names: [], ca: false }, new Date());
  const state = stateIn([crl], certificate);
  const { user, system } = process.cpuUsage(before);
  return { state, cpu: (user + system) / 1000, memory: process.resourceUsage().maxRSS };
}

async function compare(sizes: readonly number[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'crl-bench-'));
  try {
    makeCertificates(folder);
    console.log('entries    bytes      state    ms of processor  MiB of memory');
    for (const size of sizes) {
      const list = makeList(folder, size);
      const found: Measured[] = [];
      for (let round = 0; round < ROUNDS; round++) found.push(await inProcess(folder, list));
      const row = [
        String(size).padEnd(10),
        String(readFileSync(list).length).padEnd(10),
        (found[0]?.state ?? '').padEnd(8),
        median(found.map(({ cpu }) => cpu))
          .toFixed(1)
          .padStart(15),
        (median(found.map(({ memory }) => memory)) / 1024).toFixed(1).padStart(14),
      ];
      console.log(row.join(' '));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function inProcess(folder: string, list: string): Promise<Measured> {
  const argv = [import.meta.filename, '--look-up', folder, list];
  const { stdout } = await promisify(execFile)(process.execPath, argv);
  return JSON.parse(stdout) as Measured;
}

function openssl(folder: string, ...args: string[]): void {
  execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
}

function makeCertificates(folder: string): void {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl(folder, 'req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=ca');
  openssl(folder, 'req', '-new', ...key, '-keyout', 'leaf.key', '-out', 'leaf.csr', '-subj', '/CN=leaf');
  const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-set_serial', `0x40${'00'.repeat(19)}`];
  openssl(folder, 'x509', '-req', '-in', 'leaf.csr', ...by, '-out', 'leaf.pem');
}

/** openssl sorts the entries by serial number: that of the leaf is the largest. */
function makeList(folder: string, size: number): string {
  const row = (serial: string): string =>
    `${['R', '400101000000Z', '250101000000Z,keyCompromise', serial, 'unknown', '/CN=x'].join('\t')}\n`;
  const serials = Array.from({ length: size - 1 }, (_, index) =>
    (0x11n * 2n ** 120n + BigInt(index)).toString(16).toUpperCase(),
  );
  writeFileSync(join(folder, 'crl.txt'), [...serials, `40${'00'.repeat(19)}`].map(row).join(''));
  writeFileSync(join(folder, 'crl.num'), '01\n');
  const config = [
    '[ca]',
    'default_ca=d',
    '[d]',
    'database=crl.txt',
    'crlnumber=crl.num',
    'default_md=sha256',
  ];
  writeFileSync(join(folder, 'crl.cnf'), [...config, 'crl_extensions=e', '[e]', ''].join('\n'));
  const by = ['-config', 'crl.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key'];
  openssl(folder, 'ca', '-gencrl', ...by, ...DATES, '-out', 'crl.pem');
  const list = join(folder, `${size}.crl`);
  openssl(folder, 'crl', '-in', 'crl.pem', '-outform', 'DER', '-out', list);
  return list;
}
