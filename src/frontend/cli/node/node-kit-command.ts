import type { NodeKitOptions } from '../../../commands/node-kit/options.ts';
import type { Dialect } from '../../inputs/common-options.ts';
import { nodeKitOptions } from '../../inputs/node/node-kit-options.ts';
import type { CommandLine } from '../command-line.ts';
import { imagesOf } from '../options/images.ts';
import { type OutputOptions, outputOptions } from '../options/output.ts';
import { splitFolder } from './folder-argument.ts';

/** A checked command line of `node-kit`. */
export interface NodeKitInvocation {
  command: 'node-kit';
  options: NodeKitOptions;
  output: OutputOptions;
}

/** Checks a command line of `node-kit`. Raises usage errors. */
export function nodeKitInvocation({ words, given }: CommandLine, dialect: Dialect): NodeKitInvocation {
  const { listed, folder } = splitFolder(words, 'the folder of the node kit');
  const images = imagesOf(listed, given, dialect);
  const raw = { ...given, image: images.join('\n') };
  const options = nodeKitOptions(raw, images, folder, dialect);
  return { command: 'node-kit', options, output: outputOptions(raw, 'node-kit', dialect) };
}
