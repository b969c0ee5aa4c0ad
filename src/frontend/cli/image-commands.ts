/** The commands of the CLI that work on images: from a checked command line to results and report. */
import type { RunContext } from '../../commands/shared/options.ts';
import { failedImage, failedSource } from '../../report/failed-image.ts';
import type { ExportReport } from '../../report/node/export-report.ts';
import type { FetchReport } from '../../report/node/fetch-report.ts';
import type { PreflightReport } from '../../report/node/preflight-report.ts';
import type { RemoveReport } from '../../report/remove-report.ts';
import type { RootHashEntry, SignReport } from '../../report/report.ts';
import type { InspectReport, VerifyReport } from '../../report/verify-report.ts';
import { destinationOf } from '../destination.ts';
import { eachImage, type ImageResults, reportEntries } from '../each-image.ts';
import { printFailure } from '../output/standard-streams.ts';
import { exportTable } from '../render/export/table.ts';
import { fetchTable } from '../render/fetch/table.ts';
import { inspectTable } from '../render/inspect/table.ts';
import { preflightTable } from '../render/preflight/table.ts';
import { preflightFailures, preflightStatus } from '../render/preflight/verdict.ts';
import { removeTable } from '../render/remove/table.ts';
import { rootHashTable } from '../render/root-hash/table.ts';
import { signTable } from '../render/sign/table.ts';
import { verifyTable } from '../render/verify/table.ts';
import { failureLines, overallVerdict } from '../render/verify/verdict.ts';
import { untilAborted } from '../run-context.ts';
import { VERDICT_STATUS } from './exit-status.ts';
import type { Invocation } from './parse-args.ts';
import { RunOutput } from './run-output.ts';
import { startRun } from './start-run.ts';

type ImageInvocation = Exclude<
  Invocation,
  { command: 'version' | 'csr' | 'ipe-policy' | 'node-kit' | 'doctor' }
>;
type Only<C extends ImageInvocation['command']> = Extract<ImageInvocation, { command: C }>;

/** What a command needs of its run. */
interface Run {
  output: RunOutput;
  /** Why other processes can read the environment of this one, if they can. */
  visible: string | undefined;
}

/**
 * Runs `sign`, `verify`, `inspect`, `remove`, `export`, `fetch`, `preflight` or `root-hash`.
 * @throws the error that ended the run, after the report of what was done
 */
export async function runOnImages(invocation: ImageInvocation, visible: string | undefined): Promise<void> {
  const run: Run = { output: new RunOutput(invocation.output), visible };
  switch (invocation.command) {
    case 'sign':
      return sign(invocation, run);
    case 'verify':
      return verify(invocation, run);
    case 'inspect':
      return inspect(invocation, run);
    case 'remove':
      return remove(invocation, run);
    case 'export':
      return exportLayers(invocation, run);
    case 'fetch':
      return fetchSignatures(invocation, run);
    case 'preflight':
      return preflight(invocation, run);
    case 'root-hash':
      return rootHash(invocation, run);
  }
}

async function sign(invocation: Only<'sign'>, run: Run): Promise<void> {
  const { images, signing } = invocation;
  const results = await started<SignReport>(invocation, images, run, async (context) => {
    const { signImage } = await import('../../commands/sign/sign-image.ts');
    return eachOf(images, context, async (image, part) => {
      const done = await signImage({ ...signing, image }, context, destinationOf(signing), part);
      run.output.table((columns) => signTable(done, columns));
      showPreflight(done, run);
      return done;
    });
  });
  const part = results.failure?.part;
  if (part !== undefined) showPreflight(part, run);
  finish(results, reportEntries(results, failedImage), run);
}

function showPreflight({ preflight: report }: SignReport, { output }: Run): void {
  if (report !== undefined) output.table((columns) => preflightTable(report, columns));
}

/**
 * Verifies all images, even if one has a bad verdict. The exit status is that of the most serious verdict, or of
 * the error that ended the run.
 */
async function verify(invocation: Only<'verify'>, run: Run): Promise<void> {
  const { images, verifying } = invocation;
  const results = await started<VerifyReport>(invocation, images, run, async (context) => {
    const { verifyImage } = await import('../../commands/verify/verify-image.ts');
    return eachOf(images, context, async (image) => {
      const done = await verifyImage({ ...verifying, image }, context);
      run.output.table((columns) => verifyTable(done, columns));
      return done;
    });
  });
  for (const line of failureLines(results.done)) printFailure(line);
  finish(results, reportEntries(results, failedImage), run);
  process.exitCode = VERDICT_STATUS[overallVerdict(results.done)];
}

async function inspect(invocation: Only<'inspect'>, run: Run): Promise<void> {
  const { images, options } = invocation;
  const results = await started<InspectReport>(invocation, images, run, async (context) => {
    const { inspectImage } = await import('../../commands/inspect/inspect-image.ts');
    return eachOf(images, context, async (image) => {
      const done = await inspectImage({ ...options, image }, context);
      run.output.table((columns) => inspectTable(done, columns));
      return done;
    });
  });
  finish(results, reportEntries(results, failedImage), run);
}

/** Lists or removes the signatures of one signer, image by image, until one fails. */
async function remove(invocation: Only<'remove'>, run: Run): Promise<void> {
  const { images, removing } = invocation;
  const results = await started<RemoveReport>(invocation, images, run, async (context) => {
    const { removeSignatures } = await import('../../commands/remove/remove-image.ts');
    return eachOf(images, context, async (image, part) => {
      const done = await removeSignatures({ ...removing, image }, context, part);
      run.output.table((columns) => removeTable(done, columns));
      return done;
    });
  });
  // What was found, and what was done before the failure.
  const part = results.failure?.part;
  if (part !== undefined) run.output.table((columns) => removeTable(part, columns));
  finish(results, reportEntries(results, failedImage), run);
}

/** Writes the layers of verified images into a cache, image by image, until one fails. */
async function exportLayers(invocation: Only<'export'>, run: Run): Promise<void> {
  const { images, exporting } = invocation;
  const results = await started<ExportReport>(invocation, images, run, async (context) => {
    const { exportImage } = await import('../../commands/export/export-image.ts');
    return eachOf(images, context, async (image) => {
      const done = await exportImage({ ...exporting, image }, context);
      run.output.table((columns) => exportTable(done, columns));
      return done;
    });
  });
  finish(results, reportEntries(results, failedImage), run);
}

/** Writes the signatures of verified images, and opens layers with them, image by image, until one fails. */
async function fetchSignatures(invocation: Only<'fetch'>, run: Run): Promise<void> {
  const { images, fetching } = invocation;
  const results = await started<FetchReport>(invocation, images, run, async (context) => {
    const command = await import('../../commands/fetch/fetch-image.ts');
    return eachOf(images, context, async (image) => {
      const done = await command.fetchSignatures({ ...fetching, image }, context);
      run.output.table((columns) => fetchTable(done, columns));
      return done;
    });
  });
  finish(results, reportEntries(results, failedImage), run);
}

/** Boots all images, even if one has a bad verdict. The exit status is that of the most serious one. */
async function preflight(invocation: Only<'preflight'>, run: Run): Promise<void> {
  const { images, preflighting } = invocation;
  const results = await started<PreflightReport>(invocation, images, run, async (context) => {
    const { preflightImage } = await import('../../commands/preflight/preflight-image.ts');
    return eachOf(images, context, async (image) => {
      const done = await preflightImage({ ...preflighting, image }, context);
      run.output.table((columns) => preflightTable(done, columns));
      return done;
    });
  });
  for (const line of preflightFailures(results.done)) printFailure(line);
  finish(results, reportEntries(results, failedImage), run);
  process.exitCode = preflightStatus(results.done);
}

async function rootHash(invocation: Only<'root-hash'>, run: Run): Promise<void> {
  const { options } = invocation;
  const results = await started<RootHashEntry[]>(invocation, options.sources, run, async (context) => {
    const { withRootHashes } = await import('../../commands/root-hash/root-hash.ts');
    return untilAborted(context.signal, () =>
      withRootHashes(options, context, (rootHashesOf) => eachOf(options.sources, context, rootHashesOf)),
    );
  });
  // One table for all sources, or none: a part of it would pass for the whole.
  if (results.failure === undefined)
    run.output.table((columns) => rootHashTable(results.done.flat(), columns));
  finish(results, reportEntries(results, failedSource).flat(), run);
}

/** {@link eachImage} without preparation; after a signal every failure is that. */
function eachOf<R extends object>(
  images: readonly string[],
  { signal }: RunContext,
  work: (image: string, part: (report: R) => void) => Promise<R>,
): Promise<ImageResults<R>> {
  const nothing = async (): Promise<void> => {};
  return eachImage<R, void>(images, nothing, (image, _nothing, part) =>
    untilAborted(signal, () => work(image, part)),
  );
}

/** Runs `work` in the context of the run. It never rejects: what prevents the start is a failure of all images. */
async function started<R>(
  { output: { log }, secrets }: ImageInvocation,
  images: readonly string[],
  { output, visible }: Run,
  work: (context: RunContext) => Promise<ImageResults<R>>,
): Promise<ImageResults<R>> {
  try {
    const context = await startRun({ log, secrets, visible });
    output.check();
    return await work(context);
  } catch (error) {
    return { done: [], failure: { error, notStarted: [...images] } };
  }
}

/** @throws the error that ended the run, after the report of what was done */
function finish<R>({ failure }: ImageResults<R>, items: readonly object[], { output }: Run): void {
  output.report(items, failure);
  if (failure === undefined) return;
  const { error, image, notStarted } = failure;
  if (image !== undefined) for (const other of notStarted) printFailure(`${other}: not started`);
  throw error;
}
