import type { Dialect } from '../../inputs/common-options.ts';
import { type ExportingOptions, exportingOptions } from '../../inputs/node/export-options.ts';
import type { CommandLine } from '../command-line.ts';
import { imagesOf } from '../options/images.ts';
import { type OutputOptions, outputOptions } from '../options/output.ts';
import { splitFolder } from './folder-argument.ts';

/** A checked command line of `export`. */
export interface ExportInvocation {
  command: 'export';
  images: string[];
  exporting: ExportingOptions;
  output: OutputOptions;
}

/** Checks a command line of `export`. Raises usage errors. */
export function exportInvocation({ words, given }: CommandLine, dialect: Dialect): ExportInvocation {
  const { listed, folder } = splitFolder(words, 'the folder of the layer cache');
  const images = imagesOf(listed, given, dialect);
  const raw = { ...given, image: images.join('\n') };
  const exporting = exportingOptions(raw, folder, dialect);
  return { command: 'export', images, exporting, output: outputOptions(raw, 'export', dialect) };
}
