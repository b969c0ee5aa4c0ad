import { COMMANDS, CONVERTING, EVERYWHERE, type InputSpec, REPORTING } from '../input-spec.ts';

/** Where results go, and the limits of a run. */
export const OUTPUT_INPUTS = [
  {
    name: 'report',
    group: 'output',
    description:
      'File for the JSON report. The CLI also accepts - for standard output, and then prints its table to standard error. The Actions write it to a temporary file by default, if a part of the run is done',
    value: 'FILE',
    on: REPORTING,
  },
  {
    name: 'output',
    group: 'output',
    description:
      'What goes to standard output: text (tables) or json (the report, also of a run that failed). Everything else goes to standard error',
    default: 'text',
    value: 'FORMAT',
    choices: ['text', 'json'],
    on: [...COMMANDS, 'version', 'doctor'],
  },
  {
    name: 'json',
    group: 'output',
    description: 'The same as --output json',
    default: 'false',
    on: [...COMMANDS, 'version', 'doctor'],
  },
  {
    name: 'debug',
    group: 'output',
    description: 'Log more details to standard error, as VERITY_SIGN_DEBUG=1 does',
    default: 'false',
    on: [...COMMANDS, 'csr', 'doctor'],
  },
  {
    name: 'quiet',
    group: 'output',
    description: 'Print nothing to standard error except warnings and errors. Results are printed as ever',
    default: 'false',
    on: [...COMMANDS, 'csr', 'doctor'],
  },
  {
    name: 'concurrency',
    group: 'output',
    description:
      'Maximum number of layers converted or signed concurrently. Default: the number of processors',
    value: 'N',
    on: CONVERTING,
  },
  {
    name: 'timeout',
    group: 'output',
    description: 'Timeout per layer and per request, such as 90s, 5m or 1h',
    default: '5m',
    value: 'TIME',
    on: [...EVERYWHERE, 'csr'],
  },
  {
    name: 'max-layer-size',
    group: 'output',
    description: 'Maximum size of an uncompressed layer, such as 500MiB or 4GiB',
    default: '16GiB',
    value: 'SIZE',
    on: CONVERTING,
  },
  {
    name: 'temp-dir',
    group: 'output',
    description:
      "Folder for temporary EROFS images. Each run creates a private folder in it and removes it at the end. Default: the system's folder for temporary files",
    value: 'DIR',
    on: EVERYWHERE,
  },
] as const satisfies readonly InputSpec[];
