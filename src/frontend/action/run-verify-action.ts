import type { RunContext } from '../../commands/shared/options.ts';
import { verifyImage } from '../../commands/verify/verify-image.ts';
import type { VerifyReport } from '../../report/verify-report.ts';
import { eachImage, type ImageResults } from '../each-image.ts';
import { VERIFY_VERB, verifiedLayers } from '../github/verbs.ts';
import { type VerifyingOptions, verifyingOptions } from '../inputs/verifying-options.ts';
import { failStep, warn } from '../output/runner-commands.ts';
import { renderVerifySummary } from '../render/verify/summary.ts';
import { verifyTable } from '../render/verify/table.ts';
import { failureLines } from '../render/verify/verdict.ts';
import { untilAborted } from '../run-context.ts';
import { toolsFor, usesMkfs } from './install-tools.ts';
import { type CommonInputs, commonInputs, readInputs } from './read-inputs.ts';
import { runAction } from './run-action.ts';
import { type GithubSteps, showingOnGithub } from './show-on-github.ts';
import { verifyOutputsOf } from './verify-outputs.ts';

interface VerifyInputs extends CommonInputs {
  verifying: VerifyingOptions;
}

/**
 * Runs the Action `verify` from inputs to outputs, see {@link runAction}. It writes report, summary and outputs
 * for every verdict; the step fails unless each image is verified, or skipped by the trust policy.
 *
 * @param visible why other processes can read the environment of this one, if they can
 */
export async function runVerifyAction(visible?: string): Promise<void> {
  const reports = await runAction(
    {
      failed: 'Verification failed',
      readInputs: loadInputs,
      run: verifyAll,
      renderSummary: renderVerifySummary,
      outputs: (done, path, failure) => verifyOutputsOf(done, path, warn, failure === undefined),
      showOnGithub: showingOnGithub(githubSteps),
    },
    visible,
  );
  const failures = failureLines(reports);
  if (failures.length > 0) failStep(failures);
}

function loadInputs(): VerifyInputs {
  const read = readInputs('verify-action');
  const verifying = verifyingOptions(read.raw, read.dialect);
  return { ...commonInputs(read), verifying };
}

function verifyAll(inputs: VerifyInputs, context: RunContext): Promise<ImageResults<VerifyReport>> {
  const { verifying, install } = inputs;
  // mkfs.erofs is needed only to rebuild images.
  const builds = verifying.recompute && verifying.layers !== 'none' && usesMkfs(verifying);
  return eachImage<VerifyReport, Awaited<ReturnType<typeof toolsFor>>>(
    inputs.images,
    () => untilAborted(context.signal, () => toolsFor(install, verifying, builds, inputs.images, context)),
    async (image, tools) => {
      const report = await untilAborted(context.signal, () =>
        verifyImage({ ...verifying, tools, image }, context),
      );
      context.log.info(verifyTable(report));
      return report;
    },
  );
}

/** The root hashes of a base image are those whose signatures verify by the same inputs. */
function githubSteps({ verifying, install }: VerifyInputs, context: RunContext): GithubSteps<VerifyReport> {
  return {
    verb: VERIFY_VERB,
    platforms: verifying.platforms,
    pushTo: [],
    renderSummary: renderVerifySummary,
    readBase: async (image) => {
      const builds = verifying.recompute && verifying.layers !== 'none' && usesMkfs(verifying);
      const tools = await toolsFor(install, verifying, builds, [image], context);
      const options = { ...verifying, tools, image };
      const report = await untilAborted(context.signal, () => verifyImage(options, context));
      const { reason } = report;
      return { sets: verifiedLayers(report), ...(reason === undefined ? {} : { reason }) };
    },
  };
}
