import { VeritySignError } from '../errors.ts';
import { type ErrorReport, errorReport } from '../report/failed-image.ts';

/** What a run over several images did. */
export interface ImageResults<R> {
  /** The reports of the images that are done, in the order of the input. */
  done: R[];
  /** Why the run ended before all images were done. */
  failure?: ImageFailure<R>;
}

export interface ImageFailure<R> {
  error: unknown;
  /** The image that failed; undefined if the run failed before the first one, or because of none of them. */
  image?: string;
  /** The report of the image that failed, if a part of it was done. */
  part?: R;
  /** The images after it. */
  notStarted: string[];
}

/**
 * Runs `work` for one image after the other, until one fails. It never rejects, so that the caller can report
 * what was done.
 * @param prepare called before the first image; its result is passed to `work`
 * @param work calls `part` with a report of what is done already, in case that the rest fails
 */
export async function eachImage<R, P>(
  images: readonly string[],
  prepare: () => Promise<P>,
  work: (image: string, prepared: P, part: (report: R) => void) => Promise<R>,
): Promise<ImageResults<R>> {
  const done: R[] = [];
  let image: string | undefined;
  let part: R | undefined;
  try {
    const prepared = await prepare();
    for (image of images) {
      part = undefined;
      done.push(
        await work(image, prepared, (report) => {
          part = report;
        }),
      );
    }
    return { done };
  } catch (error) {
    const notStarted = images.slice(done.length + (image === undefined ? 0 : 1));
    return {
      done,
      failure: {
        error,
        notStarted,
        ...(image === undefined ? {} : { image }),
        ...(part === undefined ? {} : { part }),
      },
    };
  }
}

/**
 * The image that an error is about, of a run that makes one thing of several; undefined if it is about no single one,
 * such as a key.
 */
export function imageAtFault(error: unknown, images: readonly string[]): string | undefined {
  const [only, ...others] = images;
  if (others.length === 0) return only;
  const { image } = error instanceof VeritySignError ? error.context : {};
  return images.find((one) => one === image);
}

/** True if there is something to report besides the error. */
export function hasResults<R>({ done, failure }: ImageResults<R>): boolean {
  return done.length > 0 || failure?.part !== undefined;
}

/**
 * One entry for each image, in the order of the input: its report, or the error that prevented it.
 * @param failedItem the entry of an image without a report
 */
export function reportEntries<R extends object, F extends object>(
  { done, failure }: ImageResults<R>,
  failedItem: (image: string | undefined, error: ErrorReport) => F,
): (R | (R & { error: ErrorReport }) | F)[] {
  if (failure === undefined) return done;
  const { error, image, part, notStarted } = failure;
  const reported = errorReport(error);
  const failed =
    part !== undefined
      ? [{ ...part, error: reported }]
      : image !== undefined || notStarted.length === 0
        ? [failedItem(image, reported)]
        : [];
  // Without an image at fault all of them failed for the same reason.
  const rest = image === undefined ? reported : notStartedError(image);
  return [...done, ...failed, ...notStarted.map((other) => failedItem(other, rest))];
}

function notStartedError(image: string): ErrorReport {
  return {
    code: 'cancelled',
    message: `not started, because ${image} failed`,
    remedy: 'Run again once that one works, or without it',
  };
}
