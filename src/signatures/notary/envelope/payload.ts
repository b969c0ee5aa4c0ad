/** The payload of both formats: a JSON document with the descriptor of what is signed. */
import * as z from 'zod';
import { VeritySignError } from '../../../errors.ts';
import { descriptorFields, embedding } from '../../../formats/descriptor.ts';
import { parseStrictJson } from '../../../formats/strict-json.ts';
import { NOTARY_NAMESPACE } from '../../../model/annotations.ts';
import type { Descriptor } from '../../../model/index.ts';

const schema = z.looseObject({ targetArtifact: embedding(descriptorFields.loose()) });

/**
 * The bytes to sign. Of the descriptor only mediaType, digest, size and annotations are taken, as
 * notation does.
 * @throws VeritySignError 'usage' for an annotation in the prefix that Notary reserves for itself
 */
export function encodePayload({ mediaType, digest, size, annotations = {} }: Descriptor): Uint8Array {
  const reserved = Object.keys(annotations).find((key) => key.startsWith(NOTARY_NAMESPACE));
  if (reserved !== undefined) {
    throw new VeritySignError('usage', `the metadata ${JSON.stringify(reserved)} cannot be signed`, {
      remedy: `Choose a key that does not begin with ${NOTARY_NAMESPACE}`,
    });
  }
  const metadata = Object.keys(annotations).length === 0 ? {} : { annotations };
  return Buffer.from(JSON.stringify({ targetArtifact: { mediaType, digest, size, ...metadata } }));
}

/** @throws FormatError */
export function parsePayload(bytes: Uint8Array): Descriptor {
  const { targetArtifact } = parseStrictJson(schema, bytes, 'a payload');
  const { mediaType, digest, size, annotations } = targetArtifact;
  return { mediaType, digest, size, ...(annotations === undefined ? {} : { annotations }) };
}
