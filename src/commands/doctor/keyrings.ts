import type { Certificate } from '../../signatures/x509/certificate.ts';
import { type Node, type NodeCheck, ok, unknown, type Wanted, type WantedLayer, wrong } from './check.ts';
import { REQUIRE_SIGNATURES } from './kernel-state.ts';
import { layerVerdicts } from './layer-verdicts.ts';

/** What `/proc/keys` has before and after the description of a certificate. [Linux security/keys/proc.c] */
const TYPE = ' asymmetri ';
const SUBTYPE = ': X509.';
const WHICH = 'keyctl show %:.builtin_trusted_keys lists a keyring';

/** Said where `needsSignatures` is undefined. */
export const ONLY_FOR_SIGNATURES =
  'Only a node that demands signatures of layers needs this, and it cannot be seen that this one does';

/**
 * Whether layers need signatures on their devices, so that the kernel must be able to check these. A policy of root
 * hashes needs none, and the kernel itself has checked the policy's signer. Undefined if it cannot be told.
 * @param layers empty if none are known: the rules then tell
 */
export async function needsSignatures(
  { files, activePolicy, erofsUtils }: Node,
  layers: readonly WantedLayer[],
): Promise<boolean | undefined> {
  if (['Y', '1'].includes((await files.text(REQUIRE_SIGNATURES)) ?? '')) return true;
  if (activePolicy.state !== 'active') return undefined;
  const { policy } = activePolicy;
  if (layers.length > 0) {
    const demanding = layers
      .map((layer) => layerVerdicts(policy, layer, erofsUtils))
      .filter((verdicts) => verdicts.has('signed-only'));
    if (demanding.length === 0) return false;
    return demanding.some((verdicts) => verdicts.size === 1) || undefined;
  }
  const have = (property: string): boolean =>
    policy.rules.some(
      ({ operation, properties }) =>
        operation === 'EXECUTE' && properties.some((one) => one.startsWith(`${property}=`)),
    );
  if (!have('dmverity_signature')) return false;
  return have('dmverity_roothash') ? undefined : true;
}

/**
 * Whether the kernel has a certificate of each signer's path, if it needs one. `/proc/keys` shows keys, not which
 * keyring holds them: dm-verity asks the built-in keyring, and others only where the kernel is built for it.
 */
export async function checkKeyrings(node: Node, { layers, signers }: Wanted): Promise<NodeCheck> {
  const isNeeded = await needsSignatures(node, layers);
  if (isNeeded === false)
    return ok(
      'keyrings',
      'not needed: the node demands no signatures of layers, and the kernel has accepted its policy',
    );
  if (signers.length === 0) {
    return unknown(
      'keyrings',
      'no signer is known',
      'Give an image, or the certificates of its signers with --trusted-certificate',
    );
  }
  const file = await node.files.read('/proc/keys');
  const text = file.state === 'read' ? file.bytes.toString('utf8') : '';
  if (!text.includes('.builtin_trusted_keys')) {
    return unknown('keyrings', 'the keyrings of the kernel cannot be seen', `Run as root; ${WHICH}`);
  }
  const keys = text.split('\n').flatMap((line) => keyIn(line) ?? []);
  const missing = signers.filter((path) => !path.some((certificate) => isAmong(certificate, keys)));
  const [first] = missing;
  if (first !== undefined) {
    const found = `the kernel has none of the certificates that vouch for ${names(first)}`;
    const remedy =
      'Add the certificate, or that of its issuer, to a keyring that dm-verity and IPE ask: see docs/kernel.md';
    if (isNeeded) return wrong('keyrings', found, remedy);
    return unknown('keyrings', `${found}. ${ONLY_FOR_SIGNATURES}`, remedy);
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

/** The description of the certificate in a line of `/proc/keys`, which ends with the identifier of its key. */
function keyIn(line: string): string | undefined {
  const [start, end] = [line.indexOf(TYPE), line.lastIndexOf(SUBTYPE)];
  return start === -1 || end < start ? undefined : line.slice(start + TYPE.length, end).trim();
}
