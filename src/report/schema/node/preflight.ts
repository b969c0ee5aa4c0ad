/** The report of `preflight`: what a kernel that enforces signatures did with an image. */
import * as z from 'zod';
import {
  count,
  digest,
  head,
  image,
  manifest,
  optional,
  platform,
  profileName,
  seconds,
  sha256,
  text,
} from '../values.ts';

const OUTCOME = '`OK`, or the name of the errno, such as `ENOKEY`';
const file = z.object({
  path: text.describe('path in the merged tree'),
  layer: count.describe('the layer that the file is from'),
});

export const preflightLayer = z
  .object({
    index: count.describe('position in the image manifest, from 0'),
    digest: digest.describe('digest of the blob'),
    diffId: digest.describe('digest of the uncompressed layer'),
    rootHash: sha256.describe('root hash of the image that the kernel opened'),
    signedRootHash: optional(sha256, 'the signed root hash, if it is another one'),
    signed: z.boolean().describe('whether a signature for the layer is attached'),
    accepted: z.boolean().describe('the kernel opened and mounted it'),
    step: z
      .enum(['disk', 'open', 'mount', 'none'])
      .describe('where it was refused; `mount` if it was accepted; `none`: the guest did not get that far'),
    outcome: text.describe(OUTCOME),
    reason: optional(text, 'the errno in words; absent if the layer is accepted'),
  })
  .meta({ id: 'preflightLayer', title: 'A layer as the kernel judged it' });

export const preflightFile = file
  .extend({
    kind: z.enum(['program', 'library', 'script', 'other']).describe('`other`: it has an execute bit only'),
    executable: z.boolean().describe('whether the kernel maps it for execution under the policy'),
    outcome: text.describe(OUTCOME),
    interpreter: optional(text, 'what the kernel starts for a script, or the loader of a program'),
    setuid: optional(z.literal(true), 'it has a setuid or setgid bit in the merged tree'),
    capability: optional(text, '`security.capability` of the file in the merged tree, in hexadecimal'),
  })
  .meta({ id: 'preflightFile', title: 'A file that a kernel could be asked to execute' });

export const preflightDenial = z
  .object({
    count: count.describe('how often it was denied'),
    program: text.describe('the program that asked'),
    command: optional(text, 'name of its thread'),
    what: z
      .enum(['file', 'anonymous memory', 'memory file', 'unknown'])
      .describe('`anonymous memory`: code that a JIT compiler made; `memory file`: a memfd'),
    path: optional(text, 'the file as the kernel names it'),
    layer: optional(count, 'the layer that has the file'),
    source: z
      .enum(['layer', 'written at run time', 'temporary file system', 'memory', 'other'])
      .describe('where the code is from'),
    hook: text.describe('hook of IPE: `BPRM_CHECK` starts a program, `MMAP` and `MPROTECT` map code'),
    rule: optional(text, 'rule of the policy that denied it'),
    advice: text.describe('what to do'),
  })
  .meta({ id: 'preflightDenial', title: 'An execution that was denied' });

export const preflightAttack = z
  .object({
    name: z.enum(['dropped', 'changed-byte']).describe('what was tried'),
    layer: optional(count, 'of `changed-byte`: the layer'),
    refused: z.boolean().describe('the kernel refused it, as it must'),
    outcome: text.describe(OUTCOME),
    result: text.describe('the result in words'),
  })
  .meta({ id: 'preflightAttack', title: 'An attack on the image' });

export const preflightRun = z
  .object({
    arguments: z.array(text).describe('the program and its arguments'),
    user: text.describe('user of the image configuration; empty: root'),
    directory: text.describe('working directory'),
    expected: text.describe('what counts as success'),
    how: z
      .enum(['exit', 'signal', 'alive', 'healthy', 'unhealthy', 'timeout', 'not started'])
      .describe('how the run ended'),
    status: count.describe('exit status, or number of the signal'),
    seconds: seconds.describe('how long it ran'),
    succeeded: z.boolean().describe('it did what was expected'),
    result: text.describe('the result in words'),
    output: z
      .array(z.object({ stream: z.enum(['stdout', 'stderr']), text }))
      .describe('the output of the program, as far as it was kept: pieces of `stream` and `text`'),
  })
  .meta({ id: 'preflightRun', title: 'The run of the program' });

export const preflightReport = z
  .object({
    ...head,
    image: image.describe('the image that was tested'),
    platform: optional(text, platform),
    manifest: manifest.describe('the image manifest'),
    profile: profileName.describe('the profile whose signatures were tested'),
    class: optional(text, 'class of erofs-utils of the images; absent if all layers are EROFS images'),
    mkfsOptions: z.array(text).describe('mkfs options of the images'),
    signatures: optional(
      z.object({
        referrer: digest.describe('digest of the signature manifest'),
        signers: z.array(text).describe('subjects of the signing certificates'),
      }),
      'the signatures that were given to the kernel; absent if there are none for this profile',
    ),
    certificates: z
      .array(z.object({ subject: text, fingerprint: sha256 }))
      .describe('`subject` and `fingerprint` of the certificates that the kernel trusts'),
    verdict: z
      .enum(['runs', 'accepted', 'denied', 'refused', 'failed', 'not-enforced', 'unchecked'])
      .describe(
        '`runs`: under enforcement; `accepted`: all layers are, and the program was not to be run; `denied`: executions were; `refused`: a layer was; `failed`: the program failed without a denial; `not-enforced`: an attack succeeded; `unchecked`: the test did not come to an end',
      ),
    passed: z.boolean().describe('true for `runs` and `accepted`'),
    summary: text.describe('the verdict in words'),
    kernel: z
      .object({
        release: text,
        source: text.describe('`built-in`, or the path of the given kernel'),
        accelerator: z.enum(['kvm', 'tcg']),
        requireSignatures: z.boolean().describe('dm-verity requires a signature of every device'),
        ipeEnforced: z.boolean().describe('IPE enforces its policy'),
        policy: text.describe('the policy in words'),
      })
      .describe('`release`, `source`, `accelerator`, and what it enforces'),
    layers: z.array(preflightLayer).describe('in image order'),
    files: z
      .array(preflightFile)
      .describe('every file of the merged tree that a kernel could be asked to execute'),
    shadowed: z
      .array(file.extend({ by: count.describe('the layer that hides it') }))
      .describe('executable files that a higher layer hides'),
    whiteouts: z
      .array(
        file.extend({
          kind: z.enum(['file', 'opaque']).describe('a deleted file, or a folder that hides lower ones'),
          effective: z.boolean().describe('the merged tree does not show what it hides'),
        }),
      )
      .describe('whiteouts and opaque folders, as overlayfs applies them'),
    run: optional(preflightRun, 'how the program ran; absent if it was not run'),
    denials: z.array(preflightDenial).describe('what IPE denied during the run; equal ones are counted once'),
    lostRecords: optional(count, 'records of the audit log that were lost: there may be more denials'),
    lostEvents: optional(
      count,
      'what the VM found and its report had no room for: there may be more files or denials',
    ),
    attacks: z.array(preflightAttack).describe('what the kernel must refuse'),
    seconds: z
      .object({ total: seconds, resolve: seconds, convert: seconds, boot: seconds })
      .describe('`total`, `resolve`, `convert`, `boot`'),
  })
  .meta({ id: 'preflightReport', title: 'The report of preflight' });
