import type { Dialect } from '../inputs/common-options.ts';
import { type CsrInvocation, csrOptions } from '../inputs/key-life/csr-options.ts';
import { type RemovingOptions, removingOptions } from '../inputs/key-life/remove-options.ts';
import type { CommandLine } from './command-line.ts';
import { imagesOf } from './options/images.ts';
import { type LogLevel, logLevel, type OutputOptions, outputOptions } from './options/output.ts';

/** A checked command line of `csr` or `remove`. */
export type KeyLifeInvocation =
  | ({ command: 'csr'; log: LogLevel } & CsrInvocation)
  | { command: 'remove'; images: string[]; removing: RemovingOptions; output: OutputOptions };

/** Checks a command line of `remove`. Raises usage errors. */
export function removeInvocation({ words, given }: CommandLine, dialect: Dialect): KeyLifeInvocation {
  const images = imagesOf(words, given, dialect);
  const raw = { ...given, image: images.join('\n') };
  const removing = removingOptions(raw, dialect);
  return { command: 'remove', images, removing, output: outputOptions(raw, 'remove', dialect) };
}

/** Checks a command line of `csr`. Raises usage errors. */
export function csrInvocation({ given }: CommandLine, dialect: Dialect): KeyLifeInvocation {
  return { command: 'csr', ...csrOptions(given, dialect), log: logLevel(given, dialect) };
}
