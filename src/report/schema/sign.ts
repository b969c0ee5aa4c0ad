/** The report of `sign`. */
import * as z from 'zod';
import { builder, tools } from './builder.ts';
import { exportedLayer } from './node/export.ts';
import { preflightReport } from './node/preflight.ts';
import {
  artifactFormat,
  count,
  digest,
  envelopeFormat,
  error,
  head,
  image,
  manifest,
  mkfsClass,
  optional,
  platform,
  profileName,
  seconds,
  sha256,
  signerFields,
  skippedEntry,
  skippedLayer,
  text,
  time,
  uncovered,
} from './values.ts';

const referrer = z
  .object({
    digest: digest.describe('digest of the signature manifest'),
    size: count.describe('bytes'),
    reused: z.boolean().describe('true if it was there already, and nothing was attached'),
  })
  .meta({ id: 'referrer', title: 'A signature manifest' });

export const layer = z
  .object({
    index: count.describe('position in the image manifest, from 0'),
    digest: digest.describe('digest of the blob'),
    diffId: digest.describe('digest of the uncompressed tar or EROFS image'),
    mediaType: text.describe('media type of the blob'),
    size: count.describe('bytes of the blob'),
    tarSize: count.describe('bytes of the uncompressed tar or EROFS image'),
    erofsSize: count.describe('bytes of the EROFS image before it is padded to whole blocks'),
    uuid: text.describe('UUID of the EROFS file system'),
    rootHash: sha256.describe('the signed root hash: 64 lowercase hex digits'),
    signatureDigest: optional(digest, 'digest of the PKCS#7 blob; absent in a dry run'),
    seconds: z
      .object({ build: seconds, verity: seconds })
      .describe(
        'time to create the EROFS image (`build`), and to hash it (`verity`: 0 with the native builder, which does both at once)',
      ),
    dropped: z
      .object({ count, examples: z.array(text) })
      .describe(
        'tar entries that mkfs.erofs omits or alters, on the node as well: their `count`, and some of them as `examples`',
      ),
    fractionalTimes: z
      .object({ count, differing: count })
      .describe(
        'tar entries whose time has a fraction of a second: their `count`, and how many of them give another root hash in class A than in B and C (`differing`)',
      ),
    sameAs: optional(count, 'index of an earlier layer with the same blob, whose conversion was reused'),
    sharedFrom: optional(
      text,
      '`image.name` of an earlier image of this run with the same layer, whose conversion was reused with its `seconds`',
    ),
  })
  .meta({ id: 'signedLayer', title: 'A layer' });

export const artifact = z
  .object({
    platform: optional(text, platform),
    manifest: manifest.describe('the image manifest that the artifact refers to'),
    profile: profileName.describe('how the node turns layers into images'),
    artifactFormat: optional(
      artifactFormat,
      '`tardev` for an artifact in the format of tardev-snapshotter; absent for the format of the Notary Project',
    ),
    containerd: optional(
      text,
      'the first release of containerd that makes images with these root hashes; absent for `tardev`',
    ),
    class: optional(
      mkfsClass,
      'the class of erofs-utils that produces images with these root hashes; absent if all layers are EROFS images',
    ),
    mkfsOptions: z
      .array(text)
      .describe("the `mkfs_options` that a node's differ needs for these root hashes"),
    blockSize: count.describe(
      'block size of dm-verity: 4096, or 512 for `containerd-tar-index` and `tardev`',
    ),
    referrer: optional(referrer, 'the attached signature manifest; absent in a dry run'),
    layers: z.array(layer).describe('signed layers in image order'),
    skippedLayers: z.array(skippedLayer).describe('layers that stay unsigned because of `allow-skip`'),
  })
  .meta({ id: 'artifact', title: 'An artifact' });

export const manifestSignature = z
  .object({
    platform: optional(text, 'the platform of an image manifest, if known; absent for an index'),
    manifest: manifest.describe('the image manifest, or the index'),
    format: envelopeFormat.describe('the format of the envelope'),
    referrer: optional(referrer, 'the manifest that contains the envelope; absent in a dry run'),
    signedAt: optional(time, 'time of signing, RFC 3339'),
    expiry: optional(time, 'absent if the signature does not expire'),
    timestamped: z.boolean().exactOptional().describe('true if the envelope contains an RFC 3161 timestamp'),
  })
  .meta({ id: 'manifestSignature', title: 'A manifest signature' });

export const pushedTag = z
  .object({
    reference: text.describe('`REGISTRY/REPOSITORY:TAG`'),
    digest: digest.describe('the digest that it pointed to when it was read back'),
  })
  .meta({ id: 'pushedTag', title: 'A pushed tag' });

const signer = z
  .object({
    ...signerFields,
    holder: optional(
      z.enum(['pem', 'pkcs12', 'aws-kms', 'azure-key-vault', 'google-kms', 'vault', 'notation-plugin']),
      'the key holder',
    ),
  })
  .meta({ id: 'keySigner', title: 'The signer' });

const leftOut = z
  .object({
    platform: optional(text, platform),
    manifest: manifest.describe('the image manifest'),
    reason: text.describe('why its layers are not signed'),
  })
  .meta({ id: 'leftOut', title: 'An image whose layers are not signed' });

export const signReport = z
  .object({
    ...head,
    dryRun: z.boolean().describe('true if nothing was signed or attached'),
    image: image.describe('what was signed'),
    builder: optional(
      builder,
      'what built the EROFS images; absent if no layer was converted, or all of them are EROFS images',
    ),
    tools: optional(tools, 'how outside programs were run; absent if mkfs.erofs was not used'),
    oras: optional(text, 'version of oras; absent for a layout or archive that is not pushed'),
    signer: optional(signer, 'the leaf certificate, and where its key is; absent in a dry run'),
    artifacts: z
      .array(artifact)
      .describe(
        'signatures of layers: one for each platform manifest with signed layers, each profile, and each class of the native builder',
      ),
    layersLeftOut: z.array(leftOut).describe('image manifests whose layers are not signed'),
    manifestSignatures: z
      .array(manifestSignature)
      .describe(
        'Notary signatures: one for each image manifest, then one for the index unless images in it were excluded',
      ),
    exported: optional(
      z.object({
        folder: text.describe('path of the layer cache'),
        layers: z.array(exportedLayer).describe('each layer once'),
      }),
      'with `export-dir`: the `folder` of the layer cache, and the `layers` that it has',
    ),
    preflight: optional(
      preflightReport,
      'with `preflight`: what a kernel that enforces the signatures did with the image',
    ),
    configurationCovered: z
      .boolean()
      .describe(
        'true if a manifest signature of each image covers entrypoint, user, environment and the list of layers; in a dry run, if it would',
      ),
    uncovered: z.array(uncovered).describe('images of the index that get no signature of any kind'),
    skipped: z.array(skippedEntry).describe('entries of the index that are not signed'),
    pushed: optional(pushedTag, 'with `push-to`: the first of `pushedTo`'),
    pushedTo: optional(z.array(pushedTag), 'with `push-to`: each tag that was set'),
    seconds: z
      .object({
        total: seconds,
        resolve: seconds,
        convert: seconds,
        sign: seconds,
        attach: seconds,
        push: seconds,
      })
      .describe('`total`, `resolve`, `convert`, `sign`, `attach`, `push`'),
    error: optional(
      error,
      'why the rest was not done: the image is signed, but did not pass preflight or is not pushed to every tag',
    ),
  })
  .meta({ id: 'signReport', title: 'The report of sign' });
