/**
 * Prepares signers and signs in a child process, with the environment (credentials, proxies, CAs) that the
 * caller gives it. The first argument has the jobs; the answers are one line of JSON each.
 */
import { readFileSync } from 'node:fs';
import { VeritySignError } from '../../../src/errors.ts';
import type { KeySpec, Purpose, RawSignature } from '../../../src/model/signing.ts';
import { prepareSigner } from '../../../src/signatures/signers/prepare-signer.ts';
import { readCertificateBundle } from '../../../src/signatures/x509/bundle.ts';

export interface SigningJob {
  key: string;
  /** PEM file: leaf first. */
  certificate?: string;
  purposes?: Purpose[];
  /** The contents to sign, concurrently. None: only prepare. */
  sign?: [text: string, purpose: Purpose][];
  timeout?: number;
  /** Milliseconds of signing until the run is cancelled. */
  cancelAfter?: number;
}

export interface SigningAnswer {
  holder?: string;
  spec?: KeySpec;
  /** Base64 of DER. */
  certificateChain?: string[];
  signatures?: (Omit<RawSignature, 'value'> & { value: string })[];
  /** `preparing` or `signing`, when something failed. */
  failedWhile?: string;
  error?: { name: string; code?: string; message: string; remedy?: string; hasCause: boolean };
}

for (const job of JSON.parse(process.argv[2] ?? '[]') as SigningJob[]) {
  process.stdout.write(`${JSON.stringify(await perform(job))}\n`);
}
// No process.exit(): the caller sees whether an open handle keeps the process.

async function perform(job: SigningJob): Promise<SigningAnswer> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const answer: SigningAnswer = { failedWhile: 'preparing' };
  try {
    const prepared = await prepareSigner(job.key, {
      certificates:
        job.certificate === undefined
          ? undefined
          : readCertificateBundle(readFileSync(job.certificate), 'certificate file', ''),
      purposes: job.purposes ?? ['layer'],
      pluginConfig: {},
      env: {},
      timeout: job.timeout ?? 60_000,
      signal: controller.signal,
    });
    answer.holder = prepared.holder;
    answer.spec = prepared.spec;
    answer.certificateChain = prepared.certificateChain.map((der) => Buffer.from(der).toString('base64'));
    answer.failedWhile = 'signing';
    if (job.sign !== undefined) {
      const signer = await prepared.open();
      if (job.cancelAfter !== undefined) {
        const stopped = new VeritySignError('cancelled', 'stopped by SIGTERM');
        timer = setTimeout(() => controller.abort(stopped), job.cancelAfter);
      }
      const signing = job.sign.map(([text, purpose]) => signer.sign(Buffer.from(text), purpose));
      const signatures = await Promise.all(signing);
      answer.signatures = signatures.map((one) => ({
        ...one,
        value: Buffer.from(one.value).toString('base64'),
      }));
    }
    delete answer.failedWhile;
  } catch (error) {
    const { name, message, cause } = error as Error;
    answer.error = { name, message, hasCause: cause !== undefined };
    if (error instanceof VeritySignError) {
      answer.error.code = error.code;
      if (error.remedy !== undefined) answer.error.remedy = error.remedy;
    }
  } finally {
    clearTimeout(timer);
  }
  return answer;
}
