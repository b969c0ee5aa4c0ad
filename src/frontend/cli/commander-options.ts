import { type Command, Option } from 'commander';
import {
  type InputName,
  type InputSpec,
  inputGroups,
  inputsOf,
  type RawValues,
  type Surface,
} from '../inputs/catalog.ts';
import { GROUPS } from '../inputs/input-spec.ts';

/** The options that commander passes to a command, by their name in camel case. */
export type Parsed = Record<string, unknown>;

/**
 * Adds the options of a surface to a command, under the titles of their groups.
 * @param more options that only the CLI has: they join the last group
 */
export function addOptions(target: Command, surface: Surface, more: readonly Option[] = []): void {
  for (const [title, inputs] of inputGroups(inputsOf(surface))) {
    for (const input of inputs) target.addOption(optionOf(input).helpGroup(`${title}:`));
  }
  const help = new Option('-h, --help', 'display this help');
  for (const option of [...more, help]) option.helpGroup(`${GROUPS.output}:`);
  for (const option of more) target.addOption(option);
  target.addHelpOption(help);
}

function optionOf(input: InputSpec): Option {
  if (input.value === undefined) return new Option(`--${input.name}`, input.description);
  const option = new Option(`--${input.name} <${input.value}>`, help(input));
  if (input.list === true) {
    option.argParser((item: string, before: string | undefined) =>
      before === undefined ? item : `${before}\n${item}`,
    );
  }
  return option;
}

function help(input: { description: string; default?: string; list?: boolean }): string {
  const more = [
    ...(input.list === true ? ['may be repeated'] : []),
    ...(input.default === undefined ? [] : [`default: ${input.default}`]),
  ];
  return more.length === 0 ? input.description : `${input.description} (${more.join('; ')})`;
}

/** The values that the user gave, by the names of the inputs. */
export function rawValues(surface: Surface, parsed: Parsed): RawValues {
  const raw: RawValues = {};
  for (const { name } of inputsOf(surface)) {
    const given = parsed[camelCase(name)];
    if (given !== undefined) raw[name] = String(given);
  }
  return raw;
}

function camelCase(name: InputName): string {
  return name.replaceAll(/-(.)/g, (_dash, letter: string) => letter.toUpperCase());
}

/** `--json` of the commands whose result is a table. */
export function jsonOption(): Option {
  return new Option('--json', 'print a JSON array instead of a table');
}
