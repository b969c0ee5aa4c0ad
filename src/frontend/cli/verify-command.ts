import type { InspectOptions } from '../../commands/shared/options.ts';
import { commonOptions, type Dialect } from '../inputs/common-options.ts';
import { type VerifyingOptions, verifyingOptions } from '../inputs/verifying-options.ts';
import type { CommandLine } from './command-line.ts';
import { imagesOf } from './options/images.ts';
import { type OutputOptions, outputOptions } from './options/output.ts';

/** A checked command line of `verify` or `inspect`. */
export type VerifyInvocation =
  | { command: 'verify'; images: string[]; verifying: VerifyingOptions; output: OutputOptions }
  | { command: 'inspect'; images: string[]; options: Omit<InspectOptions, 'image'>; output: OutputOptions };

/** Checks a command line of `verify`. Raises usage errors. */
export function verifyInvocation({ words, given }: CommandLine, dialect: Dialect): VerifyInvocation {
  const images = imagesOf(words, given, dialect);
  const raw = { ...given, image: images.join('\n') };
  const verifying = verifyingOptions(raw, dialect);
  return { command: 'verify', images, verifying, output: outputOptions(raw, 'verify', dialect) };
}

/** Checks a command line of `inspect`. Raises usage errors. */
export function inspectInvocation({ words, given }: CommandLine, dialect: Dialect): VerifyInvocation {
  const images = imagesOf(words, given, dialect);
  const raw = { ...given, image: images.join('\n') };
  const options = commonOptions(raw, dialect);
  return { command: 'inspect', images, options, output: outputOptions(raw, 'inspect', dialect) };
}
