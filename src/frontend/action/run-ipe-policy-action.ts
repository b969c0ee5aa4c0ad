import { checkPolicy, lackingError } from '../../commands/ipe-policy/check-policy.ts';
import { makePolicy } from '../../commands/ipe-policy/make-policy.ts';
import type { RunContext } from '../../commands/shared/options.ts';
import type { IpePolicyCheck, IpePolicyReport } from '../../report/node/ipe-policy-report.ts';
import { type ImageResults, imageAtFault } from '../each-image.ts';
import { inputOf } from '../inputs/catalog.ts';
import { type IpePolicyOptions, ipePolicyOptions } from '../inputs/node/ipe-policy-options.ts';
import { parseLines } from '../inputs/parse-values.ts';
import { optional } from '../inputs/values.ts';
import { warn } from '../output/runner-commands.ts';
import { renderIpePolicySummary } from '../render/ipe-policy/summary.ts';
import { checkTable, policyTable } from '../render/ipe-policy/table.ts';
import { untilAborted } from '../run-context.ts';
import { toolsFor, usesMkfs } from './install-tools.ts';
import { ipePolicyOutputsOf } from './ipe-policy-outputs.ts';
import { type CommonInputs, commonInputs, readInputs } from './read-inputs.ts';
import { runAction } from './run-action.ts';

type Report = IpePolicyReport | IpePolicyCheck;

interface IpePolicyInputs extends CommonInputs {
  policy: IpePolicyOptions;
}

/**
 * Runs the Action `ipe-policy` from inputs to outputs, see {@link runAction}. All images belong to one policy, so
 * there is one report. The step fails also if a checked policy lacks root hashes.
 *
 * @param visible why other processes can read the environment of this one, if they can
 */
export async function runIpePolicyAction(visible?: string): Promise<void> {
  await runAction<IpePolicyInputs, Report>(
    {
      failed: 'IPE policy failed',
      readInputs: loadInputs,
      run: runPolicy,
      renderSummary: renderIpePolicySummary,
      outputs: (done, path, failure) => ipePolicyOutputsOf(done[0] ?? failure?.part, path, warn),
    },
    visible,
  );
}

function loadInputs(): IpePolicyInputs {
  const { raw, dialect, token } = readInputs('ipe-policy-action');
  const images = parseLines(raw.image);
  // A runner passes the default as if the user had written it, and `check` refuses a version.
  const { 'policy-version': version, ...rest } = raw;
  const isDefault = version === inputOf('policy-version', 'ipe-policy-action')?.default;
  const policy = ipePolicyOptions(isDefault ? rest : raw, images, dialect);
  return { ...commonInputs({ raw, dialect, token }), policy };
}

async function runPolicy(
  { policy, install }: IpePolicyInputs,
  context: RunContext,
): Promise<ImageResults<Report>> {
  let part: Report | undefined;
  try {
    await untilAborted(context.signal, async () => {
      const { images, verifying } = policy;
      const references = [...images, ...(policy.kind === 'make' ? policy.pushTo : [])];
      // mkfs.erofs is needed only to rebuild images.
      const builds = verifying.recompute && usesMkfs(verifying);
      const tools = await toolsFor(install, verifying, builds, references, context);
      const options = { ...policy, verifying: { ...verifying, tools } };
      await makeOrCheck(options, context, (report) => {
        part = report;
      });
    });
    return { done: part === undefined ? [] : [part] };
  } catch (error) {
    const image = imageAtFault(error, policy.images);
    const about = { ...optional('image', image), ...optional('part', part) };
    return { done: [], failure: { error, notStarted: [], ...about } };
  }
}

/** @param part called with what was done, also if the rest fails */
async function makeOrCheck(
  options: IpePolicyOptions,
  context: RunContext,
  part: (report: Report) => void,
): Promise<void> {
  if (options.kind === 'make') {
    const report = await makePolicy(options, context, part);
    part(report);
    context.log.info(policyTable(report));
    return;
  }
  const report = await checkPolicy(options, context);
  part(report);
  context.log.info(checkTable(report));
  const error = lackingError(report);
  if (error !== undefined) throw error;
}
