/** The report of `inspect`. Nothing in it is verified, so what signers recorded may be any text. */
import * as z from 'zod';
import {
  artifactFormat,
  count,
  digest,
  envelopeFormat,
  head,
  image,
  manifest,
  optional,
  platform,
  signer,
  skippedEntry,
  text,
  time,
} from './values.ts';

export const inspectedLayer = z
  .object({
    layerDigest: optional(text, 'the layer that the signature names'),
    rootHash: optional(text, 'the root hash that the signature names'),
    signatureDigest: digest.describe('digest of the PKCS#7 blob'),
    signer: optional(text, "fingerprint of the signer's certificate"),
    broken: optional(text, 'why the signature cannot be read'),
  })
  .meta({ id: 'inspectedLayer', title: 'The signature of a layer' });

export const inspectedReferrer = z
  .object({
    referrer: digest.describe('digest of the signature manifest'),
    broken: optional(text, 'why it cannot be read as a set of signatures, or only in part'),
    artifactFormat: optional(
      artifactFormat,
      '`tardev` for an artifact in the format of tardev-snapshotter; absent for the format of the Notary Project',
    ),
    profile: optional(text, 'the recorded profile'),
    mkfsOptions: optional(text, 'the recorded mkfs options'),
    erofsUtils: optional(
      z.object({ version: text.exactOptional(), class: text.exactOptional() }),
      'the recorded `version` and `class` of erofs-utils',
    ),
    created: optional(text, 'the recorded time of signing'),
    signers: z.array(signer).describe('without duplicates'),
    layers: z.array(inspectedLayer).describe('one for each signature'),
  })
  .meta({ id: 'inspectedReferrer', title: 'An inspected set of layer signatures' });

export const inspectedNotary = z
  .object({
    referrer: digest.describe('digest of the signature manifest'),
    broken: optional(text, 'why the signature cannot be read'),
    format: optional(envelopeFormat, 'the format of the envelope'),
    signer: optional(signer, 'the leaf certificate of the envelope'),
    target: optional(text, 'digest of the signed manifest'),
    signedAt: optional(time, "time of signing by the signer's clock, RFC 3339"),
    expiry: optional(time, 'absent if the signature does not expire'),
    agent: optional(text, 'the program that signed, as the envelope names it'),
    timestamped: z.boolean().exactOptional().describe('true if the envelope contains an RFC 3161 timestamp'),
    metadata: optional(z.record(text, text), "the user's metadata"),
  })
  .meta({ id: 'inspectedNotary', title: 'An inspected Notary signature' });

const inspectedPlatform = z
  .object({
    platform: optional(text, platform),
    manifest: manifest.describe('the image manifest'),
    layers: count.describe('number of layers'),
    signatures: z.array(inspectedReferrer).describe('every dm-verity referrer'),
    manifestSignatures: z.array(inspectedNotary).describe('every Notary referrer'),
  })
  .meta({ id: 'inspectedPlatform', title: 'An inspected image manifest' });

export const inspectReport = z
  .object({
    ...head,
    image: image.describe('what was inspected'),
    manifestSignatures: optional(
      z.array(inspectedNotary),
      'Notary signatures of the index; absent for a single manifest',
    ),
    platforms: z.array(inspectedPlatform).describe('one for each platform manifest'),
    skipped: z.array(skippedEntry).describe('entries of the index that were skipped'),
  })
  .meta({ id: 'inspectReport', title: 'The report of inspect' });
