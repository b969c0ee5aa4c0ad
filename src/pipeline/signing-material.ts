import { readFile } from 'node:fs/promises';
import { VeritySignError } from '../errors.ts';
import {
  type CertificateChain,
  checkValidity,
  embeddedCertificates,
  loadCertificateChain,
} from '../pkcs7/chain.ts';
import { checkKeyReference, openSigner } from '../signers/create.ts';
import type { Signer } from '../signers/signer.ts';
import type { RunContext, SignOptions } from './options.ts';

/** What a run signs with. The key stays closed until `open` is called. */
export interface SigningMaterial {
  chain: CertificateChain;
  open(): Promise<Signer>;
}

/**
 * Checks all that the certificate chain alone tells (order, algorithms, dates) and the form of the
 * key reference, so that a chain that no kernel takes is refused before the first conversion.
 * @returns undefined for a dry run without a certificate.
 */
export async function loadSigningMaterial(
  options: SignOptions,
  context: RunContext,
): Promise<SigningMaterial | undefined> {
  if (options.certificate === undefined) {
    if (options.dryRun) return undefined;
    throw new VeritySignError('usage', '`certificate` is missing', {
      remedy: 'Name the PEM file of the signer',
    });
  }
  const chain = loadCertificateChain(await readCertificateFile(options.certificate));
  checkValidity(chain, context.now);
  for (const warning of chain.warnings) context.log.warn(warning);
  const { key } = options;
  if (key !== undefined) checkKeyReference(key, options.keyPassphrase);
  else if (!options.dryRun) {
    throw new VeritySignError('usage', '`key` is missing', { remedy: 'Name a PEM file or env://NAME' });
  }
  return { chain, open: () => openKey(key, chain, options, context) };
}

function openKey(
  key: string | undefined,
  chain: CertificateChain,
  options: SignOptions,
  context: RunContext,
): Promise<Signer> {
  if (key === undefined) throw new TypeError('a dry run does not sign');
  return openSigner(key, {
    certificateChain: embeddedCertificates(chain).map(({ der }) => der),
    ...(options.keyPassphrase === undefined ? {} : { passphrase: options.keyPassphrase }),
    env: context.secrets,
  });
}

async function readCertificateFile(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new VeritySignError('key', `the certificate file ${path} cannot be read (${reason})`, {
      remedy: 'Give the path of a PEM file: leaf first, then its issuers',
      cause,
    });
  }
}
