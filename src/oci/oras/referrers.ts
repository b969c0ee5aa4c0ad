import * as z from 'zod';
import { descriptorSchema, toDescriptor } from '../../formats/descriptor.ts';
import { parseMetadata } from '../../formats/metadata.ts';
import type { Descriptor } from '../../model/index.ts';

const list = z.array(descriptorSchema).nullish();

/** oras 1.2 prints a list `manifests`, 1.3 a tree under `referrers`. */
const schema = z.object({ manifests: list, referrers: list });

/** The direct referrers in the output of `oras discover --format json`. */
export function parseReferrers(bytes: Uint8Array): Descriptor[] {
  const { manifests, referrers } = parseMetadata(schema, bytes, 'the list of referrers');
  return (referrers ?? manifests ?? []).map(toDescriptor);
}
