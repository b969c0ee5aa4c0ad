import { stat } from 'node:fs/promises';
import { VeritySignError } from '../../errors.ts';
import { FIRST_LARGE_PAGES_CONTAINERD } from '../../model/profiles.ts';
import type { DoctorReport } from '../../report/node/doctor-report.ts';
import { REPORT_HEAD } from '../../report/tool.ts';
import type { RunContext } from '../shared/options.ts';
import { readActivePolicy } from './active-policy.ts';
import type { Node, NodeCheck, Wanted } from './check.ts';
import { checkConfig } from './containerd/check-config.ts';
import { checkCri } from './containerd/check-cri.ts';
import { checkContainerdVersion, checkFsmeta, isOlder } from './containerd/check-version.ts';
import { readContainerdConfig } from './containerd/config.ts';
import { checkErofsUtils, findErofsUtils } from './erofs-utils.ts';
import { askVersion, packageVersion } from './installed.ts';
import { checkEnforcement, checkIpe, checkPolicy } from './ipe.ts';
import { checkKernelOptions, checkKernelVersion } from './kernel-options.ts';
import { checkModules, checkPageSize, checkRequireSignatures } from './kernel-state.ts';
import { checkKeyrings } from './keyrings.ts';
import { NodeFiles } from './node-files.ts';
import type { DoctorOptions } from './options.ts';
import { wantedOf } from './wanted.ts';

/**
 * Looks at a node: whether it would make the signed images, and whether its kernel enforces them. It changes
 * nothing there.
 * @throws VeritySignError 'usage' for a root that is no folder, or with the verdict of an image that does not verify
 */
export async function examineNode(options: DoctorOptions, context: RunContext): Promise<DoctorReport> {
  await requireFolder(options.root);
  const { wanted, image } = await wantedOf(options, context);
  const node = await readNode(options, wanted, context);
  const checks = await runChecks(node, wanted);
  return {
    ...REPORT_HEAD,
    root: options.root,
    ...(image === undefined ? {} : { image }),
    profile: wanted.profile,
    verdict: checks.some(({ state }) => state === 'wrong') ? 'wrong' : 'ok',
    checks,
  };
}

/** Of anything else all would be unknown, and nothing wrong. */
async function requireFolder(root: string): Promise<void> {
  let reason = 'it is not a folder';
  try {
    if ((await stat(root)).isDirectory()) return;
  } catch (error) {
    reason = (error as NodeJS.ErrnoException).code ?? String(error);
  }
  throw new VeritySignError('usage', `root: ${root} is no copy of a node (${reason})`, {
    remedy: "Give the folder that has the node's etc, proc, sys and var, or omit root for this machine",
  });
}

async function readNode(
  { root, containerdConfig }: DoctorOptions,
  wanted: Wanted,
  context: RunContext,
): Promise<Node> {
  const files = new NodeFiles(root);
  const live = root === '/';
  return {
    files,
    live,
    kernel: await kernelRelease(files),
    activePolicy: await readActivePolicy(files),
    erofsUtils: await findErofsUtils({ files, live }, wanted, context),
    containerd: await readContainerdConfig(files, containerdConfig),
    containerdVersion: live
      ? await askVersion('containerd', context.signal)
      : await packageVersion(files, ['containerd.io', 'containerd']),
  };
}

/** Of a copy without `/proc`: the only release whose modules it has. */
async function kernelRelease(files: NodeFiles): Promise<string | undefined> {
  const running = await files.text('/proc/sys/kernel/osrelease');
  if (running !== undefined) return running;
  const installed = await files.list('/lib/modules');
  return installed.state === 'read' && installed.names.length === 1 ? installed.names[0] : undefined;
}

async function runChecks(node: Node, wanted: Wanted): Promise<NodeCheck[]> {
  return [
    checkKernelVersion(node),
    await checkKernelOptions(node, wanted),
    await checkModules(node),
    await checkPageSize(node, FIRST_LARGE_PAGES_CONTAINERD, isOlder(node, FIRST_LARGE_PAGES_CONTAINERD)),
    await checkRequireSignatures(node),
    await checkKeyrings(node, wanted),
    await checkIpe(node),
    await checkEnforcement(node),
    checkPolicy(node, wanted),
    checkErofsUtils(node, wanted),
    checkContainerdVersion(node, wanted),
    ...checkConfig(node, wanted),
    ...(await checkCri(node)),
    await checkFsmeta(node),
  ];
}
