import { z } from 'zod';
import type { Descriptor } from '../../pipeline/stages.ts';
import { descriptorSchema, parseJson, toDescriptor } from '../content.ts';

// oras 1.2 prints a list `manifests`, 1.3 a tree under `referrers`.
const schema = z.union([
  z.object({ manifests: z.array(descriptorSchema).nullable() }).transform(({ manifests }) => manifests),
  z.object({ referrers: z.array(descriptorSchema).nullish() }).transform(({ referrers }) => referrers),
]);

/** The direct referrers in the output of `oras discover --format json`. */
export function parseReferrers(bytes: Uint8Array): Descriptor[] {
  const found = parseJson(schema, bytes, 'the list of referrers') ?? [];
  return found.map(toDescriptor);
}
