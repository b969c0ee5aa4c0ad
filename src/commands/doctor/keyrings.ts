import type { Certificate } from '../../signatures/x509/certificate.ts';
import { type Node, type NodeCheck, ok, unknown, type Wanted, wrong } from './check.ts';

/** A key in `/proc/keys`: its description ends with the key's identifier. [Linux security/keys/proc.c] */
const KEY = /\sasymmetri\s+(.*):\s+X509\.\S+/;
const WHICH = 'keyctl show %:.builtin_trusted_keys lists a keyring';

/**
 * Whether the kernel has a certificate of each signer's path. `/proc/keys` shows keys, not which keyring holds
 * them: dm-verity asks the built-in keyring, and others only where the kernel is built for it.
 */
export async function checkKeyrings({ files }: Node, { signers }: Wanted): Promise<NodeCheck> {
  if (signers.length === 0) {
    return unknown(
      'keyrings',
      'no signer is known',
      'Give an image, or the certificates of its signers with --trusted-certificate',
    );
  }
  const file = await files.read('/proc/keys');
  const text = file.state === 'read' ? file.bytes.toString('utf8') : '';
  if (!text.includes('.builtin_trusted_keys')) {
    return unknown('keyrings', 'the keyrings of the kernel cannot be seen', `Run as root; ${WHICH}`);
  }
  const keys = text.split('\n').flatMap((line) => KEY.exec(line)?.[1] ?? []);
  const missing = signers.filter((path) => !path.some((certificate) => isAmong(certificate, keys)));
  const [first] = missing;
  if (first !== undefined) {
    return wrong(
      'keyrings',
      `the kernel has none of the certificates that vouch for ${names(first)}`,
      'Add the certificate, or that of its issuer, to a keyring that dm-verity and IPE ask: see docs/kernel.md',
    );
  }
  const trusted = signers.map((path) => names(path.filter((certificate) => isAmong(certificate, keys))));
  return ok('keyrings', `the kernel has ${[...new Set(trusted)].join('; ')} (${WHICH})`);
}

function names(path: readonly Certificate[]): string {
  return path.map(({ subject }) => JSON.stringify(subject)).join(', ');
}

/** The kernel names a key by its subject key identifier, else by the serial number. [Linux x509_public_key.c] */
function isAmong({ extensions, x509 }: Certificate, keys: readonly string[]): boolean {
  const { subjectKeyId } = extensions;
  const id =
    subjectKeyId === undefined ? x509.serialNumber.toLowerCase() : Buffer.from(subjectKeyId).toString('hex');
  return keys.some((key) => key.endsWith(`: ${id}`));
}
