import type { RunContext } from '../../commands/shared/options.ts';
import { signImage } from '../../commands/sign/sign-image.ts';
import type { SignReport } from '../../report/report.ts';
import { destinationOf } from '../destination.ts';
import { eachImage, type ImageResults } from '../each-image.ts';
import { signedLayers, signVerb } from '../github/verbs.ts';
import { warn } from '../output/runner-commands.ts';
import { preflightTable } from '../render/preflight/table.ts';
import { renderSummary } from '../render/sign/summary.ts';
import { signTable } from '../render/sign/table.ts';
import { untilAborted } from '../run-context.ts';
import { toolsFor, usesMkfs, vmOf } from './install-tools.ts';
import { type ActionInputs, loadInputs } from './read-inputs.ts';
import { runAction } from './run-action.ts';
import { type GithubSteps, showingOnGithub } from './show-on-github.ts';
import { outputsOf } from './sign-outputs.ts';

/**
 * Runs the Action `sign` from inputs to outputs, see {@link runAction}. Outputs are of the images that are done.
 *
 * @param visible why other processes can read the environment of this one, if they can
 */
export async function runSignAction(visible?: string): Promise<void> {
  await runAction(
    {
      failed: 'Signing failed',
      readInputs: loadInputs,
      run: signAll,
      renderSummary,
      outputs: (done, path, failure) => outputsOf(done, path, warn, failure),
      showOnGithub: showingOnGithub(githubSteps),
    },
    visible,
  );
}

function signAll(inputs: ActionInputs, context: RunContext): Promise<ImageResults<SignReport>> {
  const { signing, install } = inputs;
  // mkfs.erofs is not needed if no layers are signed, or if only the native builder is used.
  const builds = signing.layers !== 'none' && usesMkfs(signing);
  const references = [...inputs.images, ...(signing.pushTo ?? [])];
  return eachImage<SignReport, Awaited<ReturnType<typeof toolsFor>>>(
    inputs.images,
    () =>
      untilAborted(context.signal, () =>
        toolsFor(install, signing, builds, references, context, signing.preflight && vmOf(signing.platforms)),
      ),
    async (image, tools, part) => {
      const options = { ...signing, tools, image };
      const shown = new Set<unknown>();
      const report = await untilAborted(context.signal, () =>
        signImage(options, context, destinationOf(signing), (attached) => {
          part(attached);
          // The list of denials is to be in the log even if the run ends here.
          showPreflight(attached, shown, context);
        }),
      );
      // The runner folds groups, so the table is printed outside of them.
      context.log.info(signTable(report));
      return report;
    },
  );
}

/** Each report once. */
function showPreflight({ preflight }: SignReport, shown: Set<unknown>, { log }: RunContext): void {
  if (preflight === undefined || shown.has(preflight)) return;
  shown.add(preflight);
  log.info(preflightTable(preflight));
}

/** The root hashes of a base image are computed, in a run that signs nothing. Layers of the image are not converted again. */
function githubSteps({ signing, install }: ActionInputs, context: RunContext): GithubSteps<SignReport> {
  const { pushTo = [], dryRun, platforms } = signing;
  return {
    verb: signVerb(dryRun),
    ...{ platforms, pushTo, renderSummary },
    readBase: async (image) => {
      const { pushTo: _pushTo, preflight: _preflight, ...rest } = signing;
      const builds = signing.layers !== 'none' && usesMkfs(signing);
      const tools = await toolsFor(install, signing, builds, [image], context);
      const options = { ...rest, tools, image, dryRun: true };
      return { sets: signedLayers(await untilAborted(context.signal, () => signImage(options, context))) };
    },
  };
}
