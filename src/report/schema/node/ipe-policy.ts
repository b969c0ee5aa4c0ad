/** The reports of `ipe-policy`: a policy that was made, and what one that exists allows and lacks. */
import * as z from 'zod';
import { pushedTag } from '../sign.ts';
import { count, digest, error, head, image, optional, platform, sha256, signer, text } from '../values.ts';

export const policyLayer = z
  .object({
    image: text.describe('the image, with `@DIGEST`'),
    platform: optional(text, platform),
    manifest: digest.describe('digest of the image manifest'),
    index: count.describe('position of the layer in the image manifest, from 0'),
    digest: digest.describe('digest of the layer'),
    profile: optional(text, 'the profile by which the root hash was computed; absent if it is not known'),
    class: optional(text, 'the version class of erofs-utils, as the signer recorded it'),
  })
  .meta({ id: 'policyLayer', title: 'A layer that has a root hash' });

const layers = z.array(policyLayer).describe('the layers with this root hash');

export const policyRootHash = z
  .object({
    rootHash: sha256.describe('64 lowercase hex digits'),
    inBase: z.boolean().describe('true if a rule of `base` allows it, so that no rule was added'),
    layers,
  })
  .meta({ id: 'policyRootHash', title: 'A root hash of a policy' });

export const ipePolicyReport = z
  .object({
    ...head,
    policy: z
      .object({ name: text, version: text, bytes: count, sha256, base: optional(text, 'file') })
      .describe(
        "the policy: its `name` and `version`, the `bytes` and `sha256` of its text, and the file of the node's own rules, `base`, if one was given",
      ),
    signer: signer.describe('the certificate of the signer of the policy'),
    images: z.array(image).describe('the images, in the order of the input'),
    rootHashes: z.array(policyRootHash).describe('the distinct root hashes, sorted'),
    files: optional(
      z.object({ policy: text, signed: text, mapping: text }),
      'paths of the files: the text (`policy`), PKCS#7 with the text (`signed`), and this report without `files` and `pushedTo` (`mapping`)',
    ),
    pushedTo: optional(z.array(pushedTag), 'with `push-to`: each tag that was set'),
    error: optional(error, 'why the rest was not done: the files are written, but not pushed to every tag'),
  })
  .meta({ id: 'ipePolicyReport', title: 'A policy that was made' });

export const checkedRootHash = z
  .object({
    rootHash: sha256.describe('64 lowercase hex digits'),
    verdict: z
      .enum(['allowed', 'signed-only', 'denied'])
      .describe(
        '`allowed`: programs of the layer run; `signed-only`: only from a device that was opened with a signature, which containerd does not do; `denied`: they do not run',
      ),
    rule: optional(text, 'the rule that decides; absent for a default'),
    line: optional(count, 'line of that rule'),
    layers,
  })
  .meta({ id: 'checkedRootHash', title: 'A root hash that a policy decides about' });

export const ipePolicyCheck = z
  .object({
    ...head,
    checked: z
      .object({ file: text, name: text, version: text })
      .describe('the checked policy: its `file`, `name` and `version`'),
    signer: optional(signer, 'the certificate of its signer; absent for a policy without signature'),
    defaults: z
      .record(text, z.enum(['ALLOW', 'DENY']))
      .describe('what happens where no rule matches, by operation'),
    rules: z.array(text).describe('its rules, but for those that allow one root hash each'),
    allowedRootHashes: count.describe('number of root hashes that it allows one by one'),
    images: z.array(image).describe('the images, in the order of the input'),
    rootHashes: z.array(checkedRootHash).describe('the distinct root hashes of the images, sorted'),
    lacking: count.describe('number of these root hashes that are not allowed'),
    error: optional(error, 'the policy lacks root hashes'),
  })
  .meta({ id: 'ipePolicyCheck', title: 'A policy that was checked' });
