import { VeritySignError } from '../../errors.ts';
import { FormatError } from '../../formats/format-error.ts';
import type { KeyHolder, KeySpec, PreparedSigner, Purpose, Signer } from '../../model/signing.ts';
import type { TimestampOptions } from '../../signatures/notary/timestamp/timestamp.ts';
import { type CertificateChain, chainFromDer, checkValidity } from '../../signatures/pkcs7/signing-chain.ts';
import { checkKeyReference, prepareSigner } from '../../signatures/signers/prepare-signer.ts';
import { CHAIN_REMEDY } from '../../signatures/x509/bundle.ts';
import { type Certificate, readCertificate } from '../../signatures/x509/certificate.ts';
import { sameChain } from '../../signatures/x509/chain.ts';
import type { RunContext, SignOptions } from '../shared/options.ts';
import { readCertificates } from '../shared/pem/read-certificates.ts';

/** Who signs, with certificates that were checked for all that is signed. */
export interface SigningContext {
  leaf: Certificate;
  /** DER, leaf first, the root included where there is one. */
  certificates: readonly Uint8Array[];
  /** Checked for the kernel; undefined where no layers are signed. */
  chain: CertificateChain | undefined;
  /** Undefined in a dry run. */
  key: OpenableKey | undefined;
}

/** A key that stays closed until `open` is called. */
export interface OpenableKey {
  holder: KeyHolder;
  spec: KeySpec;
  /** The same signer each time. */
  open(): Promise<Signer>;
}

/**
 * Prepares the key and checks its certificates for everything that it is to sign (order, algorithms,
 * dates, what a kernel and notation ask for), so that what no verifier would accept is refused before the
 * first conversion. A dry run asks no key holder: only a certificate file is checked, if one is given.
 * @param layers whether any layers are signed
 * @returns undefined for a dry run without a certificate.
 * @throws VeritySignError 'usage' or 'key'
 */
export async function loadSigningContext(
  options: SignOptions,
  layers: boolean,
  context: RunContext,
): Promise<SigningContext | undefined> {
  const { key, keyPassphrase, certificate } = options;
  const purposes = purposesOf(options, layers);
  const given =
    certificate === undefined ? undefined : await readCertificates(certificate, 'certificate', context);
  if (options.dryRun) {
    if (key !== undefined) checkKeyReference(key, keyPassphrase);
    return given && { ...(await checkChain(given, purposes, context)), key: undefined };
  }
  if (key === undefined) {
    throw new VeritySignError('usage', '`key` is missing', {
      remedy: 'Give a key file, env://NAME or a KMS key',
    });
  }
  // The certificates can be checked before the holder of the key is asked; but a plugin may have more of
  // the chain than the file.
  const complete = !key.startsWith('notation-plugin://');
  const early = complete && given ? await checkChain(given, purposes, context) : undefined;
  const prepared = await prepareSigner(key, {
    certificates: given,
    purposes,
    ...(keyPassphrase === undefined ? {} : { passphrase: keyPassphrase }),
    pluginConfig: options.pluginConfig,
    ...(options.pluginSecrets === undefined ? {} : { secrets: options.pluginSecrets }),
    env: context.secrets,
    timeout: options.timeout,
    signal: context.signal,
  });
  for (const warning of prepared.warnings ?? []) context.log.warn(warning);
  const { certificateChain } = prepared;
  const chain =
    early !== undefined && sameChain(early.certificates, certificateChain)
      ? early
      : await checkChain(certificateChain, purposes, context);
  return { ...chain, key: openable(prepared) };
}

/** The authority that dates manifest signatures; its root certificate is read before any work. */
export async function loadTimestampAuthority(
  { timestampUrl: url, timestampCertificate, timeout }: SignOptions,
  context: RunContext,
): Promise<TimestampOptions | undefined> {
  if (url === undefined || timestampCertificate === undefined) return undefined;
  const certificates = await readCertificates(timestampCertificate, 'timestamp-certificate', context);
  return { url, certificates, signal: context.signal, timeout };
}

function purposesOf({ manifestSignature }: SignOptions, layers: boolean): Purpose[] {
  return [
    ...(layers ? (['layer'] as const) : []),
    ...(manifestSignature === 'none' ? [] : (['manifest'] as const)),
  ];
}

function openable(prepared: PreparedSigner): OpenableKey {
  let opened: Promise<Signer> | undefined;
  const open = (): Promise<Signer> => {
    opened ??= prepared.open();
    return opened;
  };
  return { holder: prepared.holder, spec: prepared.spec, open };
}

/** @param certificates DER, leaf first */
async function checkChain(
  certificates: readonly Uint8Array[],
  purposes: readonly Purpose[],
  { now, log }: RunContext,
): Promise<Omit<SigningContext, 'key'>> {
  const chain = purposes.includes('layer') ? chainFromDer(certificates) : undefined;
  if (chain !== undefined) {
    checkValidity(chain, now);
    for (const warning of chain.warnings) log.warn(warning);
  }
  if (purposes.includes('manifest')) {
    // Lazy import: large and rarely needed, like all of notary.
    const { checkSigningChain } = await import('../../signatures/notary/certificates/signing-chain.ts');
    checkSigningChain(certificates, now);
  }
  return { leaf: chain?.leaf ?? leafOf(certificates), certificates, chain };
}

function leafOf([leaf]: readonly Uint8Array[]): Certificate {
  try {
    return readCertificate(leaf ?? new Uint8Array());
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new VeritySignError('key', `the signing certificate cannot be read: it ${error.message}`, {
      remedy: CHAIN_REMEDY,
      cause: error,
    });
  }
}
