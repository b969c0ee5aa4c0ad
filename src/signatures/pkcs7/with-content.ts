import { FormatError } from '../../formats/format-error.ts';
import { MAX_PKCS7_WITH_CONTENT_BYTES } from './kernel-rules.ts';
import { type ParsedPkcs7, parseMessage } from './parse.ts';
import { holdsOver } from './verify.ts';

/**
 * Reads a PKCS#7 message with content, such as a signed IPE policy, as strictly as that of a layer. It checks the
 * signature, but not whether the signer is trusted.
 * @throws FormatError
 */
export function parsePkcs7WithContent(der: Uint8Array): ParsedPkcs7 & { content: Uint8Array } {
  const { content, ...parsed } = parseMessage(der, MAX_PKCS7_WITH_CONTENT_BYTES);
  if (content === undefined) throw new FormatError('has no content');
  if (!holdsOver(parsed.signer.key, parsed.digest, parsed.signature, content)) {
    throw new FormatError('has a signature that is not one over its content');
  }
  return { ...parsed, content };
}
