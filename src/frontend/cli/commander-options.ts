import { type Command, Option } from 'commander';
import { inputsOf, type RawValues, type Surface } from '../inputs/catalog.ts';
import { camelCase } from '../inputs/input-spec.ts';

/** The options that commander passes to a command, by their name in camel case. */
export type Parsed = Record<string, unknown>;

/** Adds the options of a surface to a command. */
export function addOptions(target: Command, surface: Surface): void {
  for (const input of inputsOf(surface)) {
    if (input.value === undefined) {
      target.addOption(new Option(`--${input.name}`, input.description));
      continue;
    }
    const option = new Option(`--${input.name} <${input.value}>`, help(input));
    if (input.list === true) {
      option.argParser((item: string, before: string | undefined) =>
        before === undefined ? item : `${before}\n${item}`,
      );
    }
    target.addOption(option);
  }
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
