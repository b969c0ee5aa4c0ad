/**
 * `node crl-child.ts JOB`: looks a certificate up in a CRL in a process of its own, so that its processor
 * time and memory can be measured. Prints a CrlAnswer as JSON.
 */
import { readFileSync } from 'node:fs';
import { readCrl, stateIn } from '../../src/signatures/notary/revocation/crl.ts';
import { readCertificate } from '../../src/signatures/x509/certificate.ts';
import { readPem } from '../../src/signatures/x509/pem.ts';

export interface CrlJob {
  /** PEM file: the certificate, then its issuer. */
  chain: string;
  /** DER file. */
  list: string;
}

export interface CrlAnswer {
  state: string;
  /** User and system, milliseconds. */
  cpu: number;
  /** The most memory that the process had, KiB. */
  memory: number;
}

const job = JSON.parse(process.argv[2] ?? '') as CrlJob;
const blocks = readPem(readFileSync(job.chain), 'CERTIFICATE');
const [certificate, issuer] = blocks.map(({ bytes }) => readCertificate(bytes));
if (certificate === undefined || issuer === undefined) throw new TypeError('no chain');
const before = process.cpuUsage();
const crl = readCrl(readFileSync(job.list), issuer, { names: [], ca: false }, new Date());
const state = stateIn([crl], certificate);
const { user, system } = process.cpuUsage(before);
const { maxRSS: memory } = process.resourceUsage();
const answer: CrlAnswer = { state, cpu: (user + system) / 1000, memory };
console.log(JSON.stringify(answer));
