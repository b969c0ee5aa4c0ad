import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { VeritySignError } from '../../errors.ts';
import type { IpePolicy } from '../../formats/ipe/policy.ts';
import { compareVersions, versionText } from '../../formats/ipe/version.ts';
import { readGiven } from '../../lib/read-given.ts';
import { missingFolders, removeIfEmpty } from '../../lib/writable.ts';
import type { IpePolicyReport } from '../../report/node/ipe-policy-report.ts';
import type { PushedTag } from '../../report/report.ts';
import { REPORT_HEAD } from '../../report/tool.ts';
import type { CertificateChain } from '../../signatures/pkcs7/signing-chain.ts';
import type { RunContext } from '../shared/options.ts';
import { pushRepositories } from '../shared/push-targets.ts';
import { signerReport } from '../shared/report-parts.ts';
import type { VerifiedImage } from '../verify/verified-image.ts';
import { type Collected, collectRootHashes } from './collect.ts';
import { type Base, composePolicy } from './compose.ts';
import { checkFiles, policyFiles, writePolicyFiles } from './files.ts';
import type { MakePolicyOptions } from './options.ts';
import { type PolicySigner, preparePolicySigner, signPolicy } from './policy-signer.ts';
import { policyArtifact, pushPolicy } from './push.ts';

/** Gets what a policy is made of, for commands that hand on more than the policy. */
export interface PolicyObserver {
  image(verified: VerifiedImage): void;
  signer(chain: CertificateChain): void;
}

/**
 * Verifies images and writes a signed IPE policy that allows the programs of their layers, by root hash.
 * @param part called when the files are written, and for each tag that is pushed
 * @throws VeritySignError with the verdict of an image that does not verify, 'usage', 'key', 'environment', 'registry'
 */
export async function makePolicy(
  options: MakePolicyOptions,
  context: RunContext,
  part: (report: IpePolicyReport) => void,
  observer?: PolicyObserver,
): Promise<IpePolicyReport> {
  const created = missingFolders(resolve(options.out));
  try {
    return await make(options, context, part, observer);
  } catch (error) {
    removeIfEmpty(created);
    throw error;
  }
}

async function make(
  options: MakePolicyOptions,
  context: RunContext,
  part: (report: IpePolicyReport) => void,
  observer: PolicyObserver | undefined,
): Promise<IpePolicyReport> {
  const { name, version, out, pushTo } = options;
  // What can be refused before any work.
  pushRepositories(pushTo);
  const base = options.base === undefined ? undefined : await readBase(options.base);
  composePolicy(name, version, base, []);
  const files = policyFiles(out, name);
  warnOfVersion(await checkFiles(files, name), options, context);
  const signer = await preparePolicySigner(options, context);

  observer?.signer(signer.chain);
  const collected = await collectRootHashes(options, context, observer?.image);
  const { text, inBase } = composePolicy(name, version, base, [...collected.rootHashes.keys()]);
  const signed = await signPolicy(signer, text);
  const own = reportOf(options, text, signer, collected, inBase);
  const contents = {
    policy: Buffer.from(text),
    mapping: Buffer.from(`${JSON.stringify(own, undefined, 2)}\n`),
    signed,
  };
  context.signal.throwIfAborted();
  await writePolicyFiles(files, contents, context.signal);
  if (base === undefined) {
    context.log.warn(
      `policy ${name} has no base: on a node that enforces it, programs on the node's own disk do not run, only those of its initramfs and of these images. Name the node's own file systems in a base policy`,
    );
  }
  const pushedTo: PushedTag[] = [];
  const report = (): IpePolicyReport => ({ ...own, files, ...(pushTo.length === 0 ? {} : { pushedTo }) });
  part(report());
  const artifact = policyArtifact(contents, files, {
    name,
    version: versionText(version),
    created: context.created,
  });
  await pushPolicy(artifact, options, context, (tag) => {
    pushedTo.push(tag);
    part(report());
  });
  return report();
}

async function readBase(file: string): Promise<Base> {
  try {
    return { file, bytes: await readGiven(file) };
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new VeritySignError('usage', `base: ${file} cannot be read (${reason})`, {
      remedy: "Give the path of a text file with the node's own IPE rules",
      cause,
    });
  }
}

/** A kernel that has loaded the earlier policy takes a newer one only. */
function warnOfVersion(
  existing: IpePolicy | undefined,
  { name, version }: MakePolicyOptions,
  { log }: RunContext,
): void {
  if (existing === undefined || compareVersions(version, existing.version) > 0) return;
  log.warn(
    `policy ${name} is replaced by version ${versionText(version)}, which is not newer than ${versionText(existing.version)}: nodes that have loaded that one refuse it`,
  );
}

function reportOf(
  { name, version, base }: MakePolicyOptions,
  text: string,
  { chain }: PolicySigner,
  { images, rootHashes }: Collected,
  inBase: ReadonlySet<string>,
): IpePolicyReport {
  return {
    ...REPORT_HEAD,
    policy: {
      name,
      version: versionText(version),
      bytes: Buffer.byteLength(text),
      sha256: createHash('sha256').update(text).digest('hex'),
      ...(base === undefined ? {} : { base }),
    },
    signer: signerReport(chain.leaf),
    images,
    rootHashes: [...rootHashes].map(([rootHash, layers]) => ({
      rootHash,
      inBase: inBase.has(rootHash),
      layers,
    })),
  };
}
