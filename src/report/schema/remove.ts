/** The report of `remove`: what was found, and what was done with it. */
import * as z from 'zod';
import {
  artifactFormat,
  digest,
  error,
  head,
  image,
  manifest,
  optional,
  platform,
  sha256,
  signer,
  text,
} from './values.ts';

const attachedSignature = {
  kind: z
    .enum(['layers', 'manifest'])
    .describe('`layers`: a set of dm-verity signatures; `manifest`: a Notary signature'),
  referrer: digest.describe('digest of the signature manifest'),
  platform: optional(text, platform),
  manifest: manifest.describe('the image manifest, or the index, that is signed'),
  artifactFormat: optional(
    artifactFormat,
    '`tardev` for a set in the format of tardev-snapshotter; absent for the format of the Notary Project',
  ),
  profile: optional(text, 'the recorded profile of a set, unverified'),
  signers: z.array(signer).describe('without duplicates; empty if no signature could be read'),
};

export const removedSignature = z
  .object({
    ...attachedSignature,
    lastGood: z
      .boolean()
      .describe('true if nothing that stays could take its place: it is removed with `force` only'),
    fate: z
      .enum(['kept', 'unlisted', 'deleted', 'unknown'])
      .describe(
        '`kept`: nothing was changed; `unlisted`: it is stored, but no longer listed; `deleted`, in an archive only if the archive has been replaced; `unknown`: the registry has not said whether it is deleted',
      ),
  })
  .meta({ id: 'removedSignature', title: 'A removed signature' });

export const stayingSignature = z
  .object({
    ...attachedSignature,
    good: z
      .boolean()
      .describe('true if it is valid now, by certificates that are valid now. Says nothing about trust'),
    reason: optional(text, 'why it is not'),
  })
  .meta({ id: 'stayingSignature', title: 'A signature that stays' });

export const removeReport = z
  .object({
    ...head,
    image: image.describe('the image whose signatures were looked at'),
    removedSigner: sha256.describe('fingerprint of the certificate whose signatures are to be removed'),
    profiles: z
      .array(text)
      .describe('the profiles whose signatures are to be removed; empty for all signatures of the signer'),
    confirmed: z
      .boolean()
      .describe('true with `yes`: the run was to remove the signatures, not only to list them'),
    oras: optional(text, 'version of oras; absent for a layout or archive'),
    signatures: z.array(removedSignature).describe('the signatures of that signer'),
    staying: z.array(stayingSignature).describe('the other signatures of the image, which stay'),
    error: optional(error, 'why the rest was not done'),
  })
  .meta({ id: 'removeReport', title: 'What was removed from an image' });
