import type { Command } from 'commander';
import type { DoctorOptions } from '../../../commands/doctor/options.ts';
import { withoutCredentials } from '../../inputs/image-list.ts';
import { doctorOptions } from '../../inputs/node/doctor-options.ts';
import type { Dialect } from '../../inputs/values.ts';
import { addOptions, type Parsed, rawValues } from '../options/commander.ts';
import { type OutputOptions, outputOptions } from '../options/output.ts';

/** A checked command line of `doctor`. */
export interface DoctorInvocation {
  command: 'doctor';
  options: DoctorOptions;
  output: OutputOptions;
}

const EXAMPLES = `
Examples:
  sudo verity-sign doctor
  sudo verity-sign doctor registry.example/app:1.0 \\
      --trusted-certificate root.pem
  verity-sign doctor --root ./copy-of-node --profile containerd-cache \\
      --output json`;

/** Adds `doctor` to `program`. `found` receives the checked command line. */
export function addDoctorCommand(
  program: Command,
  dialect: Dialect,
  exitCodes: string,
  found: (invocation: DoctorInvocation) => void,
): void {
  const doctor = program
    .command('doctor')
    .description('Look whether a node makes the signed images of layers, and enforces them; changes nothing')
    .argument('[image]', 'image that the node is to run, as for verify')
    .addHelpText('after', `${EXAMPLES}\n${exitCodes}`)
    .action((listed: string | undefined, parsed: Parsed) => {
      const [image] = listed === undefined ? [] : withoutCredentials([listed]);
      const raw = rawValues('doctor', parsed);
      const output = outputOptions(raw, 'doctor', dialect);
      found({ command: 'doctor', options: doctorOptions(image, raw, dialect), output });
    });
  addOptions(doctor, 'doctor');
}
