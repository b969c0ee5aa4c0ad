import type { Dialect } from '../../inputs/common-options.ts';
import { type IpePolicyOptions, ipePolicyOptions } from '../../inputs/node/ipe-policy-options.ts';
import type { CommandLine } from '../command-line.ts';
import { imagesOf } from '../options/images.ts';
import { type OutputOptions, outputOptions } from '../options/output.ts';

/** A checked command line of `ipe-policy`. */
export interface IpePolicyInvocation {
  command: 'ipe-policy';
  options: IpePolicyOptions;
  output: OutputOptions;
}

/** Checks a command line of `ipe-policy`. Raises usage errors. */
export function ipePolicyInvocation({ words, given }: CommandLine, dialect: Dialect): IpePolicyInvocation {
  const images = imagesOf(words, given, dialect);
  const raw = { ...given, image: images.join('\n') };
  const options = ipePolicyOptions(raw, images, dialect);
  return { command: 'ipe-policy', options, output: outputOptions(raw, 'ipe-policy', dialect) };
}
