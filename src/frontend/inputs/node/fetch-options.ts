import { resolve } from 'node:path';
import type { FetchOptions } from '../../../commands/fetch/options.ts';
import { VeritySignError } from '../../../errors.ts';
import type { RawValues } from '../catalog.ts';
import { type Dialect, flag, optional, text } from '../values.ts';
import { verifyingOptions } from '../verifying-options.ts';

/** All options of fetching except the image. */
export type FetchingOptions = Omit<FetchOptions, 'image'>;

/**
 * Checks the inputs of `fetch`. Raises usage errors that name the input.
 * @param folder as the user named it
 */
export function fetchingOptions(raw: RawValues, folder: string, dialect: Dialect): FetchingOptions {
  const open = text(raw, 'open');
  const run = flag(raw, 'run', dialect);
  if (run && open === undefined) {
    throw new VeritySignError(
      'usage',
      `${dialect.label('run')} has no effect without ${dialect.label('open')}`,
      {
        remedy: "Set open to the folder of containerd's EROFS snapshotter",
      },
    );
  }
  for (const path of [folder, open ?? '']) refuseControl(path);
  return {
    ...verifyingOptions(raw, dialect),
    recompute: false,
    folder: resolve(folder),
    ...optional('open', open === undefined ? undefined : resolve(open)),
    run,
  };
}

/** Commands with such a path could not be shown as they are. */
function refuseControl(path: string): void {
  if (!/\p{Cc}/u.test(path)) return;
  throw new VeritySignError(
    'usage',
    `the folder ${JSON.stringify(path)} has control characters in its name`,
    {
      remedy: 'Name another folder',
    },
  );
}
