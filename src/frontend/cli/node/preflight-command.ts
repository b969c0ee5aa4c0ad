import type { Dialect } from '../../inputs/common-options.ts';
import { type PreflightingOptions, preflightOptions } from '../../inputs/node/preflight-options.ts';
import type { CommandLine } from '../command-line.ts';
import { imagesOf } from '../options/images.ts';
import { type OutputOptions, outputOptions } from '../options/output.ts';

/** A checked command line of `preflight`. */
export interface PreflightInvocation {
  command: 'preflight';
  images: string[];
  preflighting: PreflightingOptions;
  output: OutputOptions;
}

/** Checks a command line of `preflight`. Raises usage errors. */
export function preflightInvocation({ words, given }: CommandLine, dialect: Dialect): PreflightInvocation {
  const images = imagesOf(words, given, dialect);
  const raw = { ...given, image: images.join('\n') };
  const preflighting = preflightOptions(raw, dialect);
  return { command: 'preflight', images, preflighting, output: outputOptions(raw, 'preflight', dialect) };
}
