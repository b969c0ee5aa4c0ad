import { lstat, readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { VeritySignError } from '../errors.ts';
import { parseSignerIdentity, type SignerIdentity } from '../pkcs7/identity.ts';
import { loadTrustAnchors } from '../pkcs7/trust.ts';
import type { RunContext, VerifyOptions } from './options.ts';

/** Whom to believe, and when. */
export interface Trust {
  /** DER certificates. */
  anchors: readonly Uint8Array[];
  /** One of them the signer must have; empty: any signer that the anchors vouch for. */
  identities: readonly SignerIdentity[];
  at: Date;
  allowExpired: boolean;
}

/**
 * Reads the trusted certificates. Without any, nothing is trusted by itself.
 * @throws VeritySignError 'usage'
 */
export async function loadTrust(options: VerifyOptions, { now }: RunContext): Promise<Trust> {
  const { trustedCertificates, trustStores, allowExpired, at = now } = options;
  if (trustedCertificates.length + trustStores.length === 0) {
    throw new VeritySignError('usage', 'there is nobody to trust', {
      remedy: "Give trusted-certificate (PEM files) or trust-store (the name of one of notation's stores)",
    });
  }
  const identities = options.signerIdentities.map(parseSignerIdentity);
  const files = [...trustedCertificates, ...(await Promise.all(trustStores.map(storeFiles))).flat()];
  const anchors = (await Promise.all(files.map(readAnchors))).flat();
  return { anchors, identities, at, allowExpired };
}

/** Certificates in DER are common in notation's stores, so both forms are read. */
async function readAnchors(path: string): Promise<Uint8Array[]> {
  try {
    const bytes = await readFile(path);
    const pem = bytes.includes('-----BEGIN') ? bytes : asPem(bytes);
    return loadTrustAnchors(pem);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = error instanceof VeritySignError ? message : `it cannot be read (${code ?? message})`;
    throw new VeritySignError('usage', `trusted certificate ${path}: ${why}`, {
      remedy: 'Give the path of X.509 certificates in PEM',
      cause: error,
    });
  }
}

function asPem(der: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
}

/**
 * The certificate files of notation's trust store `x509/ca/NAME`. Like notation, no symbolic links
 * are followed. [notaryproject/specifications, trust-store-trust-policy.md]
 */
async function storeFiles(name: string): Promise<string[]> {
  if (!/^[\w.-]+$/.test(name) || /^\.+$/.test(name)) {
    throw new VeritySignError('usage', `trust-store: ${JSON.stringify(name)} is not the name of a store`, {
      remedy: "Give the name of a folder in notation's truststore/x509/ca",
    });
  }
  const base = process.env.XDG_CONFIG_HOME || join(homedir(), '.config');
  const folder = join(base, 'notation/truststore/x509/ca', name);
  const found = await lstat(folder).catch(() => undefined);
  const entries = found?.isDirectory() === true ? await readdir(folder, { withFileTypes: true }) : [];
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(folder, entry.name));
  if (files.length === 0) {
    throw new VeritySignError('usage', `the trust store ${folder} holds no certificate`, {
      remedy: `Add one with notation cert add --type ca --store ${name} FILE`,
    });
  }
  return files.sort();
}
