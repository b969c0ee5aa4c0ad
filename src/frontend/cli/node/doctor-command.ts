import type { DoctorOptions } from '../../../commands/doctor/options.ts';
import { withoutCredentials } from '../../inputs/image-list.ts';
import { doctorOptions } from '../../inputs/node/doctor-options.ts';
import type { Dialect } from '../../inputs/values.ts';
import type { CommandLine } from '../command-line.ts';
import { type OutputOptions, outputOptions } from '../options/output.ts';

/** A checked command line of `doctor`. */
export interface DoctorInvocation {
  command: 'doctor';
  options: DoctorOptions;
  output: OutputOptions;
}

/** Checks a command line of `doctor`. Raises usage errors. */
export function doctorInvocation({ words, given }: CommandLine, dialect: Dialect): DoctorInvocation {
  const [image] = withoutCredentials(words);
  const output = outputOptions(given, 'doctor', dialect);
  return { command: 'doctor', options: doctorOptions(image, given, dialect), output };
}
