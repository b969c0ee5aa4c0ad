import type { Dialect } from '../../inputs/common-options.ts';
import { type FetchingOptions, fetchingOptions } from '../../inputs/node/fetch-options.ts';
import type { CommandLine } from '../command-line.ts';
import { imagesOf } from '../options/images.ts';
import { type OutputOptions, outputOptions } from '../options/output.ts';
import { splitFolder } from './folder-argument.ts';

/** A checked command line of `fetch`. */
export interface FetchInvocation {
  command: 'fetch';
  images: string[];
  fetching: FetchingOptions;
  output: OutputOptions;
}

/** Checks a command line of `fetch`. Raises usage errors. */
export function fetchInvocation({ words, given }: CommandLine, dialect: Dialect): FetchInvocation {
  const { listed, folder } = splitFolder(words, 'the folder for the signatures');
  const images = imagesOf(listed, given, dialect);
  const raw = { ...given, image: images.join('\n') };
  const fetching = fetchingOptions(raw, folder, dialect);
  return { command: 'fetch', images, fetching, output: outputOptions(raw, 'fetch', dialect) };
}
