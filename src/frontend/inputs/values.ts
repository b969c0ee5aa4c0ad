import { VeritySignError } from '../../errors.ts';
import { isPemText, splitPemList } from '../../lib/pem-text.ts';
import { type Choice, INPUTS, type InputName, inputOf, type RawValues, type Surface } from './catalog.ts';
import { parseChoice, parseFlag } from './parse-values.ts';
import type { SecretStore } from './secrets.ts';

/** How a surface names its inputs in messages, and how it accepts secrets. */
export interface Dialect {
  label(name: InputName): string;
  /** True if the registry's password may be the value itself (masked inputs), false if only a reference. */
  literalPassword: boolean;
  secrets: SecretStore;
}

/**
 * The value that the user gave, else its default; undefined without either.
 * @param surface needed for a name whose default differs between surfaces
 */
export function value(raw: RawValues, name: InputName, surface?: Surface): string | undefined {
  const given = raw[name]?.trim();
  if (given !== undefined && given !== '') return given;
  if (surface !== undefined) return inputOf(name, surface)?.default;
  const presets = INPUTS.flatMap((input) =>
    input.name === name && 'default' in input ? [input.default] : [],
  );
  const [preset, ...others] = new Set(presets);
  if (others.length > 0) throw new Error(`${name} has several defaults: a surface is needed`);
  return preset;
}

/** Applies `parse` to a value, if there is one. */
export function parsed<T>(
  raw: RawValues,
  name: InputName,
  dialect: Dialect,
  parse: (text: string, label: string) => T,
): T | undefined {
  const text = value(raw, name);
  return text === undefined ? undefined : parse(text, dialect.label(name));
}

export function required<T>(result: T | undefined, name: InputName, dialect: Dialect): T {
  if (result === undefined) {
    throw new VeritySignError('usage', `${dialect.label(name)} is missing`, {
      remedy: 'Set it, or use dry-run to compute the root hashes without signing',
    });
  }
  return result;
}

/** `{[key]: value}`, or `{}` for undefined: optional properties are absent, never undefined. */
export function optional<K extends string, T>(key: K, result: T | undefined): { [P in K]?: T } {
  return result === undefined ? {} : ({ [key]: result } as { [P in K]?: T });
}

export function flag(raw: RawValues, name: InputName, dialect: Dialect): boolean {
  return parsed(raw, name, dialect, parseFlag) ?? false;
}

export function text(raw: RawValues, name: InputName): string | undefined {
  return value(raw, name);
}

/** One of the input's choices; without a value, the default of the input on this surface. */
export function choice<N extends InputName, S extends Surface>(
  raw: RawValues,
  name: N,
  surface: S,
  dialect: Dialect,
): Choice<N, S> {
  const choices = (inputOf(name, surface)?.choices ?? []) as readonly Choice<N, S>[];
  return parseChoice(value(raw, name, surface) ?? '', choices, dialect.label(name));
}

/**
 * What an input for certificates gives, for readPemInput: the variable that `env://NAME` names is kept.
 * @param name one that is not a list
 */
export function certificateReference(raw: RawValues, name: InputName, dialect: Dialect): string | undefined {
  return parsed(raw, name, dialect, (given, label) => keepVariable(given, label, dialect));
}

/** The items of an input that is a list of certificates. */
export function certificateReferences(raw: RawValues, name: InputName, dialect: Dialect): string[] {
  return splitPemList(value(raw, name) ?? '').map((item) => keepVariable(item, dialect.label(name), dialect));
}

function keepVariable(given: string, label: string, { secrets }: Dialect): string {
  if (!isPemText(given)) secrets.keep(given, label);
  return given;
}
