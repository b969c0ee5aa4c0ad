/** Booleans of the command line: `--NAME`, `--NAME=true` or `--NAME=false`. They never take the next word. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { VeritySignError } from '../../../errors.ts';
import { INPUTS, type InputSpec } from '../../inputs/catalog.ts';

/** A name has one kind, whatever the command. */
const KINDS: NonNullable<ParseArgsConfig['options']> = Object.fromEntries(
  INPUTS.map((input: InputSpec) => [
    input.name,
    { type: input.value === undefined ? 'boolean' : 'string' } as const,
  ]),
);

/** What people write after a boolean if other programs have taught them to. */
const BOOLEAN_WORD = /^(?:true|false|yes|no|on|off|[01])$/i;

/** The options and arguments of a command line, without a check of their names. */
function tokensOf(args: readonly string[]) {
  const config = { options: KINDS, strict: false, allowPositionals: true, tokens: true } as const;
  return parseArgs({ ...config, args: [...args] }).tokens;
}

/**
 * The same command line with a value for each boolean, so that no parser takes the next word for it.
 * @throws VeritySignError 'usage' if the next word was meant as the value
 */
export function withExplicitBooleans(args: readonly string[]): string[] {
  const explicit = [...args];
  for (const token of tokensOf(args)) {
    if (token.kind !== 'option' || token.value !== undefined || KINDS[token.name]?.type !== 'boolean')
      continue;
    const next = args[token.index + 1];
    if (next !== undefined && BOOLEAN_WORD.test(next)) {
      const meant = /^(?:true|yes|on|1)$/i.test(next);
      throw new VeritySignError(
        'usage',
        `option --${token.name}: the word "${next}" after it is not its value`,
        { remedy: `Write --${token.name}=${meant}` },
      );
    }
    explicit[token.index] = `--${token.name}=true`;
  }
  return explicit;
}

/** Stands for standard output, as a path of the report. */
export const STANDARD_OUTPUT = '-';

/** What a command line says about its output. */
interface WantedOutput {
  command: string | undefined;
  json: boolean;
  /** Path of the file for the report. */
  report: string | undefined;
}

/** What an invalid command line says about its output, as far as it can be read. */
export function wantedOutput(args: readonly string[]): WantedOutput {
  let command: string | undefined;
  let json = false;
  let report = '';
  for (const token of tokensOf(args)) {
    if (token.kind === 'positional') command ??= token.value;
    if (token.kind !== 'option') continue;
    const { name, value = '' } = token;
    if (name === 'json' && !/^false$/i.test(value)) json = true;
    if (name === 'output' && value === 'json') json = true;
    if (name === 'report') report = value.trim();
  }
  const toOutput = report === STANDARD_OUTPUT;
  return { command, json: json || toOutput, report: toOutput || report === '' ? undefined : report };
}
