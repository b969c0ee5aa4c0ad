import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { VeritySignError } from '../../../errors.ts';
import { firstErrorInOrder } from '../../../lib/concurrent.ts';
import { lstatIfThere, unreadable } from '../../../lib/if-there.ts';
import { isPemText } from '../../../lib/pem-text.ts';
import { configFolder } from '../../../lib/process/environment.ts';
import { readGiven } from '../../../lib/read-given.ts';
import { storeViolation } from '../../../signatures/notary/certificates/store-rules.ts';
import { isStoreName, type StoreType } from '../../../signatures/notary/trust-policy/trust-policy.ts';
import { loadTrustAnchors } from '../../../signatures/pkcs7/trust.ts';
import { readPemInput } from '../../shared/pem/pem-input.ts';

/** Trusted certificates are few; a store with more is a mistake. */
const MAX_FILES = 1000;
const MAX_FILE_SIZE = 1024 * 1024;

/** Where notation keeps its configuration. [notation-go dir/path.go] */
export function notationFolder(): string {
  return join(configFolder(), 'notation');
}

/**
 * The certificates of one of notation's trust stores, DER. Like notation, symbolic links and folders
 * in it are refused. [notaryproject/specifications trust-store-trust-policy.md; notation-go verifier/truststore]
 * @throws VeritySignError 'usage'
 */
export async function loadTrustStore(type: StoreType, name: string): Promise<Uint8Array[]> {
  if (!isStoreName(name)) {
    throw new VeritySignError('usage', `${JSON.stringify(name)} is not the name of a trust store`, {
      remedy: `Give the name of a folder in notation's truststore/x509/${type}`,
    });
  }
  const folder = join(notationFolder(), 'truststore/x509', type, name);
  const found = await lstatIfThere(folder, 'usage');
  if (found !== undefined && !found.isDirectory()) {
    throw unfit(folder, 'is not a folder (symbolic links are not followed)', 'Replace it by a folder');
  }
  const entries =
    found === undefined
      ? []
      : await readdir(folder, { withFileTypes: true }).catch((cause) => {
          throw unreadable(folder, cause, 'usage');
        });
  if (entries.length === 0) {
    const remedy = `Add one with notation cert add --type ${type} --store ${name} FILE`;
    throw unfit(folder, 'contains no certificate', remedy);
  }
  if (entries.length > MAX_FILES)
    throw unfit(
      folder,
      `contains ${entries.length} files, more than ${MAX_FILES}`,
      'Remove files that are not needed',
    );
  const irregular = entries.find((entry) => !entry.isFile());
  if (irregular !== undefined) {
    const remedy = 'Remove it, or put the certificate itself there';
    throw unfit(folder, `contains ${irregular.name}, which is not a regular file`, remedy);
  }
  const files = entries.map((entry) => join(folder, entry.name)).sort();
  const certificates = (await firstErrorInOrder(files.map(readTrustedCertificates))).flat();
  for (const der of certificates) {
    const violation = storeViolation(der, type);
    if (violation !== undefined)
      throw unfit(folder, `cannot be used: ${violation}`, 'Put the root certificate there');
  }
  return certificates;
}

/**
 * The certificates of a file, PEM or DER.
 * @throws VeritySignError 'usage'
 */
export async function readTrustedCertificates(path: string): Promise<Uint8Array[]> {
  try {
    const bytes = await readGiven(path, MAX_FILE_SIZE);
    if (bytes.length === 0) throw new VeritySignError('usage', 'it is empty');
    return loadTrustAnchors(bytes.includes('-----BEGIN') ? bytes : asPem(bytes));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = error instanceof VeritySignError ? message : `it cannot be read (${code ?? message})`;
    throw new VeritySignError('usage', `trusted certificate ${path}: ${why}`, {
      remedy: 'Give the path of X.509 certificates in PEM',
      cause: error,
    });
  }
}

/**
 * The certificates that an item of `trusted-certificate` gives: the path of a file, `env://NAME` or PEM.
 * @throws VeritySignError 'usage'
 */
export async function readTrustedInput(
  given: string,
  variables: Readonly<Record<string, string>>,
): Promise<Uint8Array[]> {
  if (!isPemText(given) && !given.startsWith('env://')) return readTrustedCertificates(given);
  const { content, name } = await readPemInput(given, 'trusted-certificate', variables, 'usage');
  try {
    return loadTrustAnchors(content);
  } catch (error) {
    if (!(error instanceof VeritySignError)) throw error;
    throw new VeritySignError('usage', `${name}: ${error.message}`, {
      remedy: 'Give X.509 certificates in PEM',
      cause: error,
    });
  }
}

function asPem(der: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
}

function unfit(folder: string, what: string, remedy: string): VeritySignError {
  return new VeritySignError('usage', `the trust store ${folder} ${what}`, { remedy });
}
