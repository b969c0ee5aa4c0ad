import { access, constants, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { VeritySignError } from '../../errors.ts';
import { readGiven } from '../../lib/read-given.ts';
import type { OrasOptions } from '../../oci/oras/oras.ts';
import { readCertificateBundle } from '../../signatures/x509/bundle.ts';
import type { RegistryOptions } from './options.ts';
import { readPemInput } from './pem/pem-input.ts';

type Files = Pick<OrasOptions, 'caFile' | 'certificates' | 'clientCertificate'>;

const REMEDY = 'Give X.509 certificates in PEM; convert DER with openssl x509 -inform DER';

/**
 * The certificates of connections to registries as files, which is how oras takes them. Those that are not
 * in a file are written to `folder`.
 * @throws VeritySignError 'usage' for certificates that cannot be read
 */
export async function connectionFiles(
  { caFile, clientCertificate, clientKey }: RegistryOptions,
  folder: string,
  variables: Readonly<Record<string, string>>,
): Promise<Files> {
  const file = async (given: string, option: string): Promise<string> => {
    const { content, name, path } = await readPemInput(given, option, variables, 'usage');
    certificatesIn(content, name);
    if (path !== undefined) return resolve(path);
    const written = join(folder, `${option}.pem`);
    await writeFile(written, content, { mode: 0o600 });
    return written;
  };
  return {
    ...(caFile === undefined ? await extraCertificates(folder) : { caFile: await file(caFile, 'ca-file') }),
    ...(clientCertificate === undefined || clientKey === undefined
      ? {}
      : {
          clientCertificate: {
            certificate: await file(clientCertificate, 'client-certificate'),
            key: await readable(clientKey, 'client-key'),
          },
        }),
  };
}

async function readable(path: string, option: string): Promise<string> {
  try {
    await access(path, constants.R_OK);
    return resolve(path);
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    throw new VeritySignError('usage', `the file ${path} of ${option} cannot be read (${code})`, {
      remedy: 'Check the path and its permissions',
      cause,
    });
  }
}

function certificatesIn(content: Buffer, name: string): void {
  try {
    readCertificateBundle(content, name, REMEDY);
  } catch (error) {
    if (!(error instanceof VeritySignError)) throw error;
    throw new VeritySignError('usage', error.message, { remedy: REMEDY });
  }
}

/**
 * Node trusts the authorities in NODE_EXTRA_CA_CERTS in addition to its own. Go has only SSL_CERT_FILE, in
 * addition to the certificates in the system's folders, so both files become one.
 */
async function extraCertificates(folder: string): Promise<Files> {
  const { NODE_EXTRA_CA_CERTS: extra, SSL_CERT_FILE: file } = process.env;
  if (!extra) return {};
  if (!file || resolve(file) === resolve(extra)) return { certificates: resolve(extra) };
  const texts = await Promise.all([file, extra].map((path) => readGiven(path).then(String, () => '')));
  const written = join(folder, 'certificates.pem');
  await writeFile(written, texts.join('\n'), { mode: 0o600 });
  return { certificates: written };
}
