import { VeritySignError } from '../../errors.ts';
import { FormatError } from '../../formats/format-error.ts';
import { parsePolicy } from '../../formats/ipe/parse.ts';
import { versionText } from '../../formats/ipe/version.ts';
import { readRegular } from '../../lib/read-regular.ts';
import { MAX_PKCS7_WITH_CONTENT_BYTES } from '../../signatures/pkcs7/kernel-rules.ts';
import { parsePkcs7WithContent } from '../../signatures/pkcs7/with-content.ts';

/** A signed policy that the VM loads and activates. */
export interface SignedPolicy {
  name: string;
  version: string;
  pkcs7: Uint8Array;
}

/**
 * Reads a signed IPE policy. Whether its signer is trusted, the kernel says.
 * @throws VeritySignError 'usage' if it cannot be read, 'not-enforced' for one that a kernel would refuse
 */
export async function readPolicyFile(path: string): Promise<SignedPolicy> {
  let pkcs7: Buffer;
  try {
    pkcs7 = await readRegular(path, MAX_PKCS7_WITH_CONTENT_BYTES);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new VeritySignError('usage', `ipe-policy: ${path} cannot be read (${reason})`, {
      remedy: 'Give the signed policy NAME.p7b that ipe-policy has made',
      cause,
    });
  }
  try {
    const { content } = parsePkcs7WithContent(pkcs7);
    const { name, version } = parsePolicy(content);
    return { name, version: versionText(version), pkcs7 };
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new VeritySignError(
      'not-enforced',
      `ipe-policy: a kernel would refuse ${path}: it ${cause.message}`,
      {
        remedy: 'Give the signed policy NAME.p7b that ipe-policy has made',
        cause,
      },
    );
  }
}
