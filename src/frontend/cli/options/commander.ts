import type { Command, Option } from 'commander';
import { type InputSpec, inputGroups, inputsOf, type RawValues, type Surface } from '../../inputs/catalog.ts';
import { camelCase, emptyValue, GROUPS } from '../../inputs/input-spec.ts';

/** Adds the options of a surface to a command, under the titles of their groups. Empty values are `usage` errors. */
export function addOptions(target: Command, surface: Surface): void {
  for (const [title, inputs] of inputGroups(inputsOf(surface))) {
    for (const input of inputs) target.addOption(optionOf(target, input).helpGroup(`${title}:`));
  }
  const helpOption = target.createOption('-h, --help', 'display this help');
  target.addHelpOption(helpOption.helpGroup(`${GROUPS.output}:`));
}

function optionOf(target: Command, input: InputSpec): Option {
  const option =
    input.value === undefined
      ? // Commander would take the next word, but gets a value in the same word: see booleans.ts.
        target.createOption(`--${input.name} [=BOOL]`, booleanHelp(input))
      : target.createOption(`--${input.name} <${input.value}>`, help(input));
  return option.argParser((item: string, before: string | undefined) => {
    // What is left of a list of variables that are all empty.
    const content = input.list === true ? item.replaceAll(',', '') : item;
    if (content.trim() === '') throw emptyValue(`option --${input.name}`);
    return input.list === undefined || before === undefined ? item : `${before}\n${item}`;
  });
}

/** Every boolean is false unless its default says otherwise. */
function booleanHelp({ description, default: preset }: InputSpec): string {
  return preset === 'true' ? `${description} (default: true)` : description;
}

function help(input: InputSpec): string {
  const more = [
    ...(input.list === undefined ? [] : ['may be repeated']),
    ...(input.default === undefined ? [] : [`default: ${input.default}`]),
  ];
  return more.length === 0 ? input.description : `${input.description} (${more.join('; ')})`;
}

/**
 * The values that the user gave, by the names of the inputs.
 * @param parsed the options that commander read, by their names in camel case
 */
export function rawValues(surface: Surface, parsed: Readonly<Record<string, unknown>>): RawValues {
  const raw: RawValues = {};
  for (const { name } of inputsOf(surface)) {
    const given = parsed[camelCase(name)];
    if (given !== undefined) raw[name] = String(given);
  }
  return raw;
}
