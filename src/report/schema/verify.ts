/** The report of `verify`. */
import * as z from 'zod';
import { builder, tools } from './builder.ts';
import {
  artifactFormat,
  count,
  digest,
  envelopeFormat,
  head,
  manifest,
  optional,
  platform,
  profileName,
  seconds,
  sha256,
  signer,
  skippedEntry,
  skippedLayer,
  text,
  time,
  uncovered,
} from './values.ts';

export const verdict = z
  .enum(['verified', 'invalid', 'not-trusted', 'not-signed', 'unchecked', 'skipped'])
  .meta({
    id: 'verdict',
    title: 'A verdict',
    description:
      '`not-signed`: there are no signatures, or none for the profile. `invalid`: the signatures are not valid for this image. `not-trusted`: they are valid, but no trusted certificate vouches for the signer. `unchecked`: the check was not possible. `skipped`: the trust policy says so',
  });

const reason = optional(text, 'why; absent if verified');
const notes = z.array(text).describe('explanations of the verdict');
const enforcement = z.enum(['enforce', 'log', 'skip']);

export const trustPolicy = z
  .object({
    path: text.describe('path of the trust policy'),
    statement: text.describe('name of the statement that applies to the image'),
    scope: text.describe('the repository that selected the statement'),
    level: z.enum(['strict', 'permissive', 'audit', 'skip']).describe('level of the statement'),
    enforcement: z
      .object({
        integrity: enforcement,
        authenticity: enforcement,
        authenticTimestamp: enforcement,
        expiry: enforcement,
        revocation: enforcement,
      })
      .describe(
        'what a failure of each check leads to (`integrity`, `authenticity`, `authenticTimestamp`, `expiry`, `revocation`), after overrides',
      ),
  })
  .meta({ id: 'trustPolicy', title: 'The trust policy' });

export const manifestVerdict = z
  .object({
    verdict: verdict.describe('the verdict over all Notary signatures of the manifest'),
    reason,
    referrer: optional(digest, 'digest of the referrer that verified'),
    byIndex: optional(
      z.literal(true),
      "true if the signature is that of the index, which covers the manifest's digest",
    ),
  })
  .meta({ id: 'manifestVerdict', title: 'The verdict over Notary signatures' });

export const notarySignature = z
  .object({
    referrer: digest.describe('digest of the signature manifest'),
    verdict: verdict.describe('the verdict over this signature'),
    reason,
    format: optional(envelopeFormat, 'the format of the envelope'),
    signer: optional(signer, 'the leaf certificate of the envelope'),
    signedAt: optional(time, "time of signing by the signer's clock, RFC 3339"),
    authenticTime: optional(
      time,
      'time of signing that a timestamp or signing authority vouches for, RFC 3339',
    ),
    expiry: optional(time, 'absent if the signature does not expire'),
    agent: optional(text, 'the program that signed, as the envelope names it; no signature covers it'),
    metadata: optional(z.record(text, text), "the user's metadata, which the signature covers"),
    notes,
  })
  .meta({ id: 'notarySignature', title: 'A Notary signature' });

export const profileVerdict = z
  .object({
    profile: profileName.describe('the requested profile'),
    verdict: verdict.describe('the verdict for this profile'),
    reason,
    referrer: optional(digest, 'digest of the signature manifest that verified'),
  })
  .meta({ id: 'profileVerdict', title: 'The verdict for a profile' });

export const layerVerdict = z
  .object({
    index: count.describe('position in the image manifest, from 0'),
    digest: text.describe('digest of the layer'),
    verdict: verdict.describe("the verdict over the layer's signature"),
    reason,
    rootHash: text.describe('the signed root hash'),
    signatureDigest: digest.describe('digest of the PKCS#7 blob'),
    recomputedRootHash: optional(sha256, 'the root hash of the rebuilt image; absent if none was rebuilt'),
    sharedFrom: optional(text, '`image.name` of an earlier image of this run, whose conversion was reused'),
  })
  .meta({ id: 'layerVerdict', title: 'The verdict over a layer' });

export const signatureSet = z
  .object({
    referrer: digest.describe('digest of the signature manifest'),
    verdict: verdict.describe('the verdict over this set of signatures'),
    reason,
    profile: optional(
      profileName,
      'the profile that the signer recorded, or that rebuilding found; absent if both are unknown',
    ),
    artifactFormat: optional(
      artifactFormat,
      '`tardev` for an artifact in the format of tardev-snapshotter; absent for the format of the Notary Project',
    ),
    mkfsOptions: optional(text, 'the mkfs options that the signer recorded; no signature covers them'),
    erofsUtils: optional(
      z.object({ version: text.exactOptional(), class: text.exactOptional() }),
      '`version` and `class` of the erofs-utils that the signer recorded; no signature covers them. A class may be one that this version does not know',
    ),
    signers: z.array(signer).describe('more than one only if layers have different signers'),
    layers: z.array(layerVerdict).describe('one for each layer'),
    notes,
  })
  .meta({ id: 'signatureSet', title: 'A set of layer signatures' });

export const platformVerdict = z
  .object({
    platform: optional(text, platform),
    manifest: manifest.describe('the image manifest'),
    verdict: verdict.describe('the most serious verdict of what is required of this image'),
    reason,
    profiles: z
      .array(profileVerdict)
      .describe('one for each requested profile, none if no layer signatures are required'),
    signatures: z.array(signatureSet).describe('every dm-verity referrer, in the order of the registry'),
    skippedLayers: z.array(skippedLayer).describe('layers that `allow-skip` excluded from the check'),
    layersLeftOut: optional(
      text,
      'why the layers were not checked: the image is for another system, or `layers` is `none`',
    ),
    manifestSignature: optional(
      manifestVerdict,
      'the verdict over its Notary signatures; absent if Notary signatures were not checked',
    ),
    manifestSignatures: z.array(notarySignature).describe('every Notary referrer'),
  })
  .meta({ id: 'platformVerdict', title: 'The verdict over an image manifest' });

const index = z
  .object({
    manifest: manifest.describe('the index'),
    verdict: verdict.describe('the verdict over the index'),
    reason,
    manifestSignature: manifestVerdict.describe('the verdict over its Notary signatures'),
    manifestSignatures: z.array(notarySignature).describe('every Notary referrer'),
  })
  .meta({ id: 'indexVerdict', title: 'The verdict over an index' });

const verifiedImage = z
  .object({
    reference: text.describe('the image as the user wrote it'),
    name: optional(text, 'the same without tag and with `@DIGEST`; absent if it cannot be resolved'),
    digest: optional(
      digest,
      'the manifest or index that the reference pointed to; absent if it cannot be resolved',
    ),
    mediaType: optional(text, 'media type of that manifest or index; absent if it cannot be resolved'),
  })
  .meta({ id: 'verifiedImage', title: 'The verified image' });

export const verifyReport = z
  .object({
    ...head,
    verdict: verdict.describe('the most serious verdict of the index and the platforms'),
    reason,
    image: verifiedImage.describe('what was verified'),
    recompute: z.boolean().describe('true if root hashes were compared with those of rebuilt images'),
    strict: z.boolean().describe('the value of the input'),
    validAt: time.describe('time at which certificates had to be valid, RFC 3339'),
    trustPolicy: optional(trustPolicy, 'the statement that applies; absent without a trust policy'),
    builder: optional(builder, 'what built the EROFS images; absent if no image was rebuilt'),
    tools: optional(tools, 'how outside programs were run; absent if mkfs.erofs was not used'),
    oras: optional(text, 'version of oras; absent for a layout or archive'),
    index: optional(
      index,
      'the index; absent for a single manifest, or if Notary signatures were not checked',
    ),
    platforms: z
      .array(platformVerdict)
      .describe(
        'one for each platform manifest; also an `invalid` one for each entry of `skipped` that a Linux node might run all the same',
      ),
    configurationCovered: z
      .boolean()
      .describe(
        'true if a manifest signature verified for each platform, so that entrypoint, user, environment and the list of layers are covered',
      ),
    uncovered: z
      .array(uncovered)
      .describe(
        'images of the index that no signature covers; with `layers: all`, each is also a `not-signed` entry of `platforms`',
      ),
    skipped: z.array(skippedEntry).describe('entries of the index that were skipped'),
    notes: z.array(text).describe("explanations of the verdict's scope"),
    seconds: z
      .object({ total: seconds, resolve: seconds, fetch: seconds, convert: seconds })
      .describe('`total`, `resolve`, `fetch`, `convert`'),
  })
  .meta({ id: 'verifyReport', title: 'The report of verify' });
