/** The values that several reports have. Descriptions go into the published schemas and into docs/report.md. */
import * as z from 'zod';
import { DIGEST } from '../../formats/digest-grammar.ts';
import { KNOWN_CLASSES, PROFILE_NAMES } from '../../model/profiles.ts';

/** A field that may be absent. It is never null. */
export function optional<T extends z.ZodType>(schema: T, description: string): z.ZodExactOptional<T> {
  return schema.exactOptional().describe(description);
}

export const text = z.string();
export const digest = z.string().regex(DIGEST);
/** RFC 3339, in UTC. */
export const time = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/)
  .meta({ format: 'date-time' });
/** SHA-256 in hex without prefix. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
export const count = z.int().nonnegative();
export const seconds = z.number().nonnegative();
export const profileName = z.enum(PROFILE_NAMES);
/** Absent for the form of the Notary Project. */
export const artifactFormat = z.literal('tardev');
export const mkfsClass = z.enum([...KNOWN_CLASSES, 'unknown']);
export const envelopeFormat = z.enum(['jws', 'cose']);

/** The fields with which every item of every report begins. */
export const head = {
  schemaVersion: z
    .literal(1)
    .describe('incremented when a field is removed or changes its meaning, not when a field is added'),
  tool: z.object({ name: text, version: text }).describe('this program: its `name` and `version`'),
};

export const manifest = z
  .object({
    mediaType: text.describe('media type of the manifest'),
    digest: digest.describe('digest of the manifest'),
    size: count.describe('bytes'),
  })
  .meta({ id: 'manifest', title: 'A manifest' });

export const platform = 'such as `linux/arm64/v8`; absent if it is not known';

export const image = z
  .object({
    reference: text.describe('the image as the user wrote it'),
    name: text.describe('the same without tag and with `@DIGEST`'),
    digest: digest.describe('the manifest or index that the reference pointed to'),
    mediaType: text.describe('media type of that manifest or index'),
  })
  .meta({ id: 'image', title: 'An image' });

export const error = z
  .object({
    code: z
      .enum([
        'usage',
        'image',
        'environment',
        'key',
        'registry',
        'not-signed',
        'invalid',
        'not-trusted',
        'unchecked',
        'not-enforced',
        'cancelled',
        'internal',
      ])
      .describe(
        'the kind of failure, or the verdict on an image that a command needs verified; `not-enforced`: a kernel would not enforce or run it; `cancelled` also for an image that was not started; `internal` is a defect of this program',
      ),
    message: text.describe('what is wrong'),
    remedy: optional(text, 'what to do; absent for `cancelled` and `internal`'),
    layer: optional(text, 'the layer at fault, such as `layer 3 (sha256:…)`'),
  })
  .meta({ id: 'error', title: 'An error' });

export const signerFields = {
  subject: text.describe('subject of the certificate'),
  issuer: text.describe('issuer of the certificate'),
  fingerprint: sha256.describe('SHA-256 of the certificate in DER'),
  keyType: text.describe("type and size of the certificate's key, such as `RSA-2048`"),
  notBefore: time.describe('start of the validity, RFC 3339'),
  notAfter: time.describe('end of the validity, RFC 3339'),
};

export const signer = z.object(signerFields).meta({ id: 'signer', title: 'The certificate of a signer' });

export const uncovered = z
  .object({
    platform: optional(text, platform),
    digest: digest.describe('digest of the image manifest'),
    reason: text.describe('why no signature covers it'),
  })
  .meta({ id: 'uncovered', title: 'An image that no signature covers' });

export const skippedEntry = z
  .object({
    digest: digest.describe('digest of the entry'),
    platform: optional(text, platform),
    mediaType: text.describe('media type of the entry'),
    reason: text.describe('why it was skipped'),
  })
  .meta({ id: 'skippedEntry', title: 'A skipped entry of an index' });

export const skippedLayer = z
  .object({
    index: count.describe('position in the image manifest, from 0'),
    digest: digest.describe('digest of the blob'),
    mediaType: text.describe('media type of the blob'),
    reason: text.describe('why it was skipped'),
  })
  .meta({ id: 'skippedLayer', title: 'A skipped layer' });
