import type { RunContext } from '../../commands/shared/options.ts';
import { VeritySignError } from '../../errors.ts';
import { failedImage } from '../../report/failed-image.ts';
import { eachImage, reportEntries } from '../each-image.ts';
import type { RawValues } from '../inputs/catalog.ts';
import { withBuiltImages } from '../inputs/image-list.ts';
import { camelCase } from '../inputs/input-spec.ts';
import { parseLines } from '../inputs/parse-values.ts';
import { SecretStore } from '../inputs/secrets.ts';
import type { Dialect } from '../inputs/values.ts';
import { runContext, untilAborted } from '../run-context.ts';
import { requireResources } from '../thread-pool.ts';
import { failedRun, type PartialReport } from './failed-run.ts';
import { checkRunOptions, coreLogger, type RunOptions, withSignal } from './run-options.ts';

/**
 * How the library names its options in messages. `env://NAME` reads a copy of the environment, since the process is
 * the caller's. A caller's password is in memory already, so it may be the value itself.
 * @throws VeritySignError 'usage' for options of the run that are no such
 */
export function libraryDialect(run: RunOptions): Dialect {
  checkRunOptions(run);
  const { secrets = {} } = run;
  return {
    label: (name) => `option ${camelCase(name)}`,
    literalPassword: true,
    secrets: new SecretStore({ ...process.env, ...secrets }),
  };
}

/** The images of a call, and its options with all of them. @throws VeritySignError 'usage' without any */
export function withImages(raw: RawValues, dialect: Dialect): { images: string[]; raw: RawValues } {
  const images = withBuiltImages(parseLines(raw.image), raw, dialect);
  if (images.length === 0) {
    throw new VeritySignError('usage', `${dialect.label('image')} is missing`, {
      remedy: 'Set it to at least one image reference, or set metadataFile',
    });
  }
  return { images, raw: { ...raw, image: images.join('\n') } };
}

/** Runs `work` with all that a run needs besides its options. */
export function withContext<T>(
  run: RunOptions,
  { secrets }: Dialect,
  work: (context: RunContext) => Promise<T>,
): Promise<T> {
  return withSignal(run.signal, async (signal) => {
    requireResources();
    // No environment: what a library records must not depend on where it runs.
    const context = runContext(coreLogger(run.logger ?? {}), signal, secrets.values, {});
    const created = run.created ?? context.created;
    return untilAborted(signal, () => work({ ...context, created }));
  });
}

/**
 * The reports of all images, one after the other.
 * @throws FailedRunError at the first image that fails
 */
export function runImages<R extends PartialReport>(
  images: readonly string[],
  run: RunOptions,
  dialect: Dialect,
  work: (image: string, context: RunContext, part: (report: R) => void) => Promise<R>,
): Promise<R[]> {
  return withContext(run, dialect, async (context) => {
    const results = await eachImage<R, void>(
      images,
      async () => undefined,
      (image, _none, part) => untilAborted(context.signal, () => work(image, context, part)),
    );
    if (results.failure === undefined) return results.done;
    throw failedRun(results.failure.error, reportEntries(results, failedImage));
  });
}
